"""Every SQL example of the documentation runs, as a reader, on the schema as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.store.database import Database

ROOT = Path(__file__).resolve().parents[2]
PAGES = (*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md"))
EXAMPLES = [
    pytest.param(sql, id=f"{page.relative_to(ROOT)}:{number}")
    for page in sorted(PAGES)
    for number, sql in enumerate(
        re.findall(r"```sql\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL), start=1
    )
]


def test_the_documentation_shows_how_to_query() -> None:
    assert len(EXAMPLES) >= 2


@pytest.mark.parametrize("sql", EXAMPLES)
def test_a_documented_query_runs(database: Database, sql: str) -> None:
    with database.connect() as connection:
        connection.execute("set role fazhi_reader")
        for statement in filter(str.strip, sql.split(";")):
            answer = connection.execute(statement)  # type: ignore[arg-type]
            assert answer.description, "a documented query answers with columns"
