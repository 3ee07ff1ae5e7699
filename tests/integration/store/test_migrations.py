"""Migrations: once, whoever runs them and however often, and whole after a kill."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import procrastinate
import pytest
from psycopg import sql

from ingest.errors import SchemaMismatchError, StorageError
from ingest.store.binaries import find_engine
from ingest.store.database import Database, open_database
from ingest.store.migrate import known_migrations, migrate, require_current_schema

MIGRATE = """
import sys
from ingest.store.database import open_database
from ingest.store.migrate import migrate
print(",".join(migrate(open_database(url=sys.argv[1]))))
"""
MIGRATE_AND_HANG = """
import sys, time
from ingest.store import migrate
from ingest.store.database import open_database
mark_one = migrate._Ledger.mark_one
def hang(self, migration, log=True):
    mark_one(self, migration, log)
    if migration.id == "0003_reports":
        print("in the middle", flush=True)
        time.sleep(600)
migrate._Ledger.mark_one = hang
migrate.migrate(open_database(url=sys.argv[1]))
"""


@pytest.fixture
def empty(server: Any) -> Iterator[Database]:
    """A database nothing has been done to."""
    name = server.create()
    with open_database(url=server.url(name)) as opened:
        yield opened
    server.drop(name)


def rows(database: Database, query: Any) -> list[tuple[Any, ...]]:
    with database.connect() as connection:
        return connection.execute(query).fetchall()


def test_what_is_missing_is_applied_in_order_and_then_nothing(empty: Database) -> None:
    assert migrate(empty) == known_migrations()
    assert migrate(empty) == []
    require_current_schema(empty)
    assert rows(empty, "select count(*) > 3000 from regions") == [(True,)]
    assert rows(empty, "select count(*) > 0 from portals where in_registry") == [(True,)]


def test_several_processes_at_once_apply_each_migration_once(empty: Database) -> None:
    command = [sys.executable, "-c", MIGRATE, empty.url]
    racing = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate()[0].strip() for process in racing]
    assert sorted(said) == ["", "", ",".join(known_migrations())]
    assert [process.returncode for process in racing] == [0, 0, 0]


def test_a_process_killed_in_the_middle_leaves_nothing_half_done(empty: Database) -> None:
    command = [sys.executable, "-c", MIGRATE_AND_HANG, empty.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in the middle\n"
        process.kill()
    assert migrate(empty) == known_migrations()[2:]
    require_current_schema(empty)


def test_an_empty_database_asks_to_be_migrated(empty: Database) -> None:
    with pytest.raises(SchemaMismatchError, match=r"lacks \d+ .*run fazhi migrate"):
        require_current_schema(empty)


def test_a_newer_database_asks_for_a_newer_program(database: Database) -> None:
    with database.connect() as connection:
        connection.execute(
            "insert into migrations._yoyo_migrations values ('hash', '9999_future', now())"
        )
    for check in (migrate, require_current_schema):
        with pytest.raises(SchemaMismatchError, match=r"newer fazhi .*9999_future.*upgrade fazhi"):
            check(database)


def test_an_owner_who_is_no_superuser_can_migrate_what_an_administrator_prepared(
    server: Any,
) -> None:
    server.execute("create role t_owner login password 't_owner' in role fazhi_owner")
    name = server.create()
    try:
        database_name = sql.Identifier(name)
        server.execute(sql.SQL("alter database {} owner to t_owner").format(database_name))
        with open_database(url=server.url_as("t_owner", name)) as database:
            assert migrate(database) == known_migrations()
            require_current_schema(database)
            assert migrate(database) == []
    finally:
        server.drop(name)
        server.execute("drop role t_owner")


def test_a_user_who_may_not_prepare_roles_is_told_what_the_administrator_must_run(
    server: Any,
) -> None:
    server.execute("create role t_nobody login password 't_nobody'")
    name = server.create()
    try:
        database = open_database(url=server.url_as("t_nobody", name))
        with pytest.raises(StorageError) as caught:
            migrate(database)
        message = str(caught.value)
        assert "\n" not in message
        assert "ask its administrator to run once" in message
        for statement in message.partition("connected to it: ")[2].split(";"):
            if statement.strip():
                server.execute(statement, name)
        assert migrate(database) == known_migrations()
    finally:
        server.drop(name)
        server.execute("drop role t_nobody")


def test_a_database_in_another_encoding_is_refused(server: Any) -> None:
    server.execute("create database t_latin template template0 encoding latin1 locale 'C'")
    try:
        database = open_database(url=server.url("t_latin"))
        with pytest.raises(StorageError, match="encoded in LATIN1: make one for Chinese"):
            migrate(database)
    finally:
        server.drop("t_latin")


def test_every_table_view_and_column_says_what_it_is(database: Database) -> None:
    silent = """
        select class.relname, attribute.attname
        from pg_class as class
        join pg_namespace as space on space.oid = class.relnamespace and space.nspname = 'public'
        join pg_attribute as attribute on attribute.attrelid = class.oid
            and attribute.attnum >= 0 and not attribute.attisdropped
        where class.relkind in ('r', 'p', 'v', 'm', 'f')
        and col_description(class.oid, attribute.attnum) is null
        union all
        select class.relname, null from pg_class as class
        join pg_namespace as space on space.oid = class.relnamespace and space.nspname = 'public'
        where class.relkind in ('r', 'p', 'v', 'm', 'f')
        and obj_description(class.oid, 'pg_class') is null
    """
    assert rows(database, silent) == []


def test_everything_belongs_to_the_owner_role(database: Database) -> None:
    strays = """
        select class.relname from pg_class as class
        join pg_namespace as space on space.oid = class.relnamespace
        where space.nspname in ('public', 'jobs', 'migrations')
        and class.relowner <> 'fazhi_owner'::regrole
    """
    assert rows(database, strays) == []


def test_the_job_engines_tables_are_those_of_the_installed_version(database: Database) -> None:
    """Fails when Procrastinate was upgraded without a migration that does what its own do."""
    schema = Path(procrastinate.__file__).parent / "sql" / "schema.sql"
    with database.connect() as connection:
        connection.execute("create schema pristine")
        connection.execute("set search_path to pristine")
        connection.execute(schema.read_bytes())
    ours, theirs = _dump(database, "jobs"), _dump(database, "pristine")
    assert ours == [line.replace("pristine", "jobs") for line in theirs]


def _dump(database: Database, schema: str) -> list[str]:
    _, environment = database.psql()
    done = subprocess.run(
        [
            *(find_engine().program("pg_dump"), "--schema-only", "--no-owner", "--no-privileges"),
            *("--no-comments", f"--schema={schema}", database.url),
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    return [line for line in lines if not line.startswith(("--", "\\"))]
