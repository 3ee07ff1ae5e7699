"""Migrations: plain SQL files in migrations/, read and ordered by yoyo, applied in one transaction
each together with the note that they were.

yoyo's own way is changed in three points, each for a reason (docs/decisions/0003-migrations.md):
the note is part of the migration's transaction, so a kill in between leaves nothing half-done; the
lock is PostgreSQL's advisory lock, which dies with its holder; and the ledger is kept in a schema
of its own.
"""

from __future__ import annotations

import glob
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from yoyo import read_migrations
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend

from ingest.errors import SchemaMismatchError, StorageError
from ingest.store.connection import Connection
from ingest.store.database import Database, storage_errors
from ingest.store.entries import load_vocabulary
from ingest.store.roles import OWNER, ensure_roles
from ingest.store.seeds import load_seeds
from ingest.store.sql import load_queries

SQL = load_queries("migrate")
MIGRATIONS = Path(__file__).parent / "migrations"
LEDGER = "migrations"
LOCK_KEY = 0x66617A6869
"""Any number will do that no other program uses on this database: "fazhi" in ASCII."""
LOCK_TIMEOUT = "300s"
OLDEST_SERVER = 150000
"""PostgreSQL 15: unique indexes over nulls, and what Debian 12 has."""


class _Ledger(PostgresqlPsycopgBackend):  # type: ignore[misc]  # yoyo has no types
    """yoyo's backend on a connection of ours that holds the advisory lock and acts as the owner."""

    has_transactional_ddl = True

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.DatabaseError = psycopg.DatabaseError
        self.schema = LEDGER

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Nothing to do: the advisory lock is held."""
        yield

    def list_tables(self) -> list[str]:
        """The ledger's own tables."""
        rows = self._connection.execute(SQL["ledger_tables"], {"schema": LEDGER})
        return [name for (name,) in rows]

    def apply_one(self, migration: Any) -> None:
        """Apply one migration and note it, both or neither."""
        with self.transaction():
            self.mark_one(migration)
            self.execute("set local search_path to public")
            migration.process_steps(self, "apply")

    def get_log_data(self, migration: Any = None, operation: str = "apply") -> dict[str, Any]:
        """The ledger's line, without yoyo's look-ups of account and host, which fail or hang in
        containers that have neither."""
        return {
            "id": str(uuid.uuid4()),
            "migration_id": migration.id if migration else None,
            "migration_hash": migration.hash if migration else None,
            "username": OWNER,
            "hostname": None,
            "created_at_utc": datetime.now(UTC).replace(tzinfo=None),
            "operation": operation,
        }


def migrate(database: Database) -> list[str]:
    """Apply what is missing, load divisions and portals from the seeds; names of what was applied.

    Safe when several processes do it at once, and after one was killed.
    Errors: SchemaMismatchError when the database is newer than this program, StorageError,
    SeedError.
    """
    with storage_errors(database), database.connect(autocommit=True) as connection:
        _check_server(connection, database)
        with _alone(connection):
            _refuse_newer(connection, database)
            ensure_roles(connection)
            applied = _apply_missing(connection)
            load_seeds(connection, schema=known_migrations()[-1])
            load_vocabulary(connection)
    return applied


def require_current_schema(database: Database) -> None:
    """Pass only when the database has exactly this program's migrations.

    Errors: SchemaMismatchError that says whether to migrate or to upgrade.
    """
    with storage_errors(database), database.connect(autocommit=True) as connection:
        _refuse_newer(connection, database)
        missing = [name for name in known_migrations() if name not in _applied(connection)]
    if missing:
        raise SchemaMismatchError(
            f"the database {database.address} lacks {len(missing)} of this program's migrations "
            f"(first: {missing[0]}): run fazhi migrate"
        )


def known_migrations() -> list[str]:
    """Names of this program's migrations in their order."""
    return sorted(path.stem for path in MIGRATIONS.glob("*.sql"))


def _refuse_newer(connection: Connection, database: Database) -> None:
    unknown = sorted(_applied(connection) - set(known_migrations()))
    if unknown:
        raise SchemaMismatchError(
            f"the database {database.address} was migrated by a newer fazhi "
            f"(unknown here: {unknown[-1]}): upgrade fazhi, or use another database"
        )


def _applied(connection: Connection) -> set[str]:
    row = connection.execute(SQL["known_schema"]).fetchone()
    if row is None or not row[0]:
        return set()
    return {name for (name,) in connection.execute(SQL["applied_migrations"])}


def _apply_missing(connection: Connection) -> list[str]:
    connection.execute(f"create schema if not exists {LEDGER}")
    connection.execute(f"set search_path to {LEDGER}")
    ledger = _Ledger(connection)
    missing = ledger.to_apply(read_migrations(glob.escape(str(MIGRATIONS))))
    for migration in missing:
        ledger.apply_one(migration)
    connection.execute("reset search_path")
    return [migration.id for migration in missing]


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Hold the advisory lock; a process that is killed lets go of it with its connection."""
    connection.execute(f"set lock_timeout = '{LOCK_TIMEOUT}'")
    try:
        connection.execute(SQL["take_migration_lock"], {"key": LOCK_KEY})
    except psycopg.errors.LockNotAvailable:
        raise StorageError(
            f"another process has been migrating this database for {LOCK_TIMEOUT}: "
            "see what it waits for in pg_stat_activity, then run fazhi migrate again"
        ) from None
    try:
        yield
    finally:
        if not connection.broken:
            connection.execute(SQL["release_migration_lock"], {"key": LOCK_KEY})


def _check_server(connection: Connection, database: Database) -> None:
    row = connection.execute(SQL["server_traits"]).fetchone()
    assert row is not None
    version, encoding = row
    if version < OLDEST_SERVER:
        raise StorageError(
            f"the server of {database.address} is PostgreSQL {version // 10000}: "
            f"fazhi needs {OLDEST_SERVER // 10000} or later"
        )
    if encoding != "UTF8":
        raise StorageError(
            f"the database {database.address} is encoded in {encoding}: "
            "make one for Chinese with: createdb --encoding=UTF8 --template=template0 fazhi"
        )
