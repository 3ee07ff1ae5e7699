"""The SQL files: every statement is used, every migration can be read anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from yoyo.migrations import read_sql_migration

from ingest.store import sql
from ingest.store.migrate import MIGRATIONS, known_migrations
from ingest.store.sql import load_queries

STORE = MIGRATIONS.parent
TOPICS = sorted(path.stem for path in (STORE / "sql").glob("*.sql"))


@pytest.mark.parametrize("topic", TOPICS)
def test_every_statement_has_a_name_a_sentence_and_a_user(topic: str) -> None:
    text = (STORE / "sql" / f"{topic}.sql").read_text(encoding="utf-8")
    names = re.findall(r"^-- (\w+) --$", text, re.MULTILINE)
    queries = load_queries(topic)
    assert list(queries) == names
    code = "\n".join(path.read_text(encoding="utf-8") for path in STORE.glob("*.py"))
    for name, statement in queries.items():
        assert statement.endswith(";"), name
        assert f'"{name}"' in code or name.startswith("insert_"), f"{name} is used by nobody"


def test_a_statement_is_found_under_its_name() -> None:
    assert load_queries("captures")["count_pending"].startswith("select count(*)")
    assert "--" not in load_queries("captures")["count_pending"]
    assert sql.__doc__


def test_every_migration_has_a_number_of_its_own() -> None:
    numbers = [int(name[:4]) for name in known_migrations()]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("path", sorted(MIGRATIONS.glob("*.sql")), ids=lambda path: path.stem)
def test_a_migration_is_split_into_whole_statements(path: Path) -> None:
    """yoyo splits with sqlparse: every statement must come out whole, and none be lost."""
    _, _, statements = read_sql_migration(str(path))
    for statement in statements:
        assert statement.rstrip().endswith(";"), statement[-80:]
        assert statement.count("$$") % 2 == 0, statement
    text = path.read_text(encoding="ascii")
    assert _bare("".join(statements)) == _bare(text)


def _bare(text: str) -> str:
    return re.sub(r"--.*|\s", "", text)
