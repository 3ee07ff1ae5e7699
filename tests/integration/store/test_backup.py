"""Backup and restore: row by row the same, all or nothing, never half a file."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import DatabaseUnavailableError, StorageError
from ingest.store import backup as backup_module
from ingest.store.backup import back_up, restore
from ingest.store.captures import store_capture
from ingest.store.database import Database, open_database
from ingest.store.migrate import migrate, require_current_schema
from ingest.store.reports import store_record

TABLES = """
select format('%I.%I', nspname, relname)
  from pg_class join pg_namespace on pg_namespace.oid = relnamespace
 where relkind in ('r', 'p') and nspname !~ '^pg_' and nspname <> 'information_schema'
 order by 1
"""
RIGHTS = """
select nspname, relname, relkind, pg_get_userbyid(relowner), relacl::text,
       obj_description(pg_class.oid, 'pg_class')
  from pg_class join pg_namespace on pg_namespace.oid = relnamespace
 where nspname !~ '^pg_' and nspname <> 'information_schema'
 order by 1, 2
"""


@contextmanager
def empty(server: Any) -> Iterator[Database]:
    name = server.create()
    try:
        with open_database(url=server.url(name)) as opened:
            yield opened
    finally:
        server.drop(name)


@pytest.fixture
def filled(connection: Any, capture: Any, record: Any, database: Database) -> Database:
    for number in range(3):
        taken = capture(body=f"report {number}".encode())
        capture_id, _ = store_capture(connection, taken)
        store_record(connection, capture_id, taken, record(), "rules")
    connection.execute(
        "insert into alert_messages (channel, content, created_at, next_attempt_at)"
        " values ('log', '{}', now(), now())"
    )
    connection.commit()
    return database


def contents(database: Database) -> dict[str, list[str]]:
    """Every row of every table as text, and who may do what with what."""
    with database.connect() as connection:
        tables = [name for (name,) in connection.execute(TABLES)]
        found = {
            table: [
                row for (row,) in connection.execute(f"select t::text from {table} t order by 1")
            ]
            for table in tables
        }
        return {**found, "rights": [str(row) for row in connection.execute(RIGHTS)]}


def test_what_is_restored_is_row_by_row_what_was_backed_up(
    filled: Database, server: Any, tmp_path: Path
) -> None:
    made = back_up(filled, tmp_path / "fazhi.dump")
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600  # it holds telephone numbers
    with empty(server) as target:
        assert restore(target, made.file) == made.tables
        require_current_schema(target)
        before, after = contents(filled), contents(target)
        assert before.keys() == after.keys()
        for table, rows in before.items():
            assert rows == after[table], table
        assert len(before["public.report_versions"]) >= 1
        assert migrate(target) == []
        with target.connect() as connection:  # sequences go on where they were
            connection.execute(
                "insert into alert_messages (channel, content, created_at, next_attempt_at)"
                " values ('log', '{}', now(), now())"
            )


def test_a_database_that_holds_anything_is_not_touched(filled: Database, tmp_path: Path) -> None:
    made = back_up(filled, tmp_path / "fazhi.dump")
    before = contents(filled)
    with pytest.raises(StorageError, match="is not empty"):
        restore(filled, made.file)
    assert contents(filled) == before


def test_a_backup_that_fails_leaves_no_file_and_the_old_one_as_it_was(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "fazhi.dump"
    file.write_text("old")
    with pytest.raises(StorageError, match="is there already"):
        back_up(database, file)
    monkeypatch.setattr(backup_module, "_environment", lambda _: {**os.environ, "PGHOST": "/none"})
    with pytest.raises(StorageError, match="pg_dump failed"):
        back_up(database, file, replace=True)
    assert [(f.name, f.read_text()) for f in tmp_path.iterdir()] == [("fazhi.dump", "old")]


def test_a_backup_that_was_cut_short_is_refused_and_nothing_is_restored(
    filled: Database, server: Any, tmp_path: Path
) -> None:
    made = back_up(filled, tmp_path / "fazhi.dump")
    whole = made.file.read_bytes()
    for length in (0, len(whole) // 2, len(whole) - 1000):
        made.file.write_bytes(whole[:length])
        with empty(server) as target:
            with pytest.raises(StorageError):
                restore(target, made.file)
            assert contents(target).keys() == {"rights"}


def test_what_is_no_backup_of_ours_is_one_line(server: Any, tmp_path: Path) -> None:
    with empty(server) as target:
        with pytest.raises(StorageError, match="no such file"):
            restore(target, tmp_path / "none")
        other = tmp_path / "other"
        other.write_text("select 1")
        with pytest.raises(StorageError, match="is no whole backup"):
            restore(target, other)
        foreign = tmp_path / "foreign.dump"
        argv = [backup_module._program("pg_dump"), "-Fc", f"-f{foreign}", target.url]
        subprocess.run(argv, check=True)
        with pytest.raises(StorageError, match="of another database"):
            restore(target, foreign)


def test_a_place_that_is_not_there_and_a_server_that_is_away_are_one_line(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(StorageError, match="no such directory"):
        back_up(database, tmp_path / "none" / "fazhi.dump")
    gone = Database(tmp_path, url="postgresql://nobody:hunter2@127.0.0.1:9/none", server=None)
    with pytest.raises(DatabaseUnavailableError) as failure:
        back_up(gone, tmp_path / "fazhi.dump")
    assert "hunter2" not in str(failure.value)
    assert list(tmp_path.iterdir()) == []
