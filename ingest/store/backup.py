"""Backup and restore of the whole database by PostgreSQL's own pg_dump, pg_restore and psql.

A backup is one file in pg_dump's custom format: every schema, with owners and rights, as of one
moment, taken while the service works. It is written beside its place and renamed when it is whole
and readable. A restore is one transaction into an empty database: all of it, or nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from psycopg import conninfo
from psycopg.pq import Conninfo

from ingest.errors import EmbeddedServerError, StorageError
from ingest.store.binaries import find_engine
from ingest.store.connection import Connection
from ingest.store.database import Database, storage_errors
from ingest.store.roles import ensure_roles
from ingest.store.sql import load_queries

SQL = load_queries("backup")
NEWER_OPTIONS = b"SET transaction_timeout"
HEAD_ENDS = b"SET row_security"
"""pg_dump's text begins with options; this is the last of them."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: where, how many bytes, how many tables."""

    file: Path
    size: int
    tables: int


def back_up(database: Database, file: Path, *, replace: bool = False) -> Backup:
    """Write a backup; never a half one under that name.

    ``replace`` allows a file that is there to be replaced, when the new one is whole. Errors:
    StorageError.
    """
    if file.exists() and not replace:
        raise StorageError(f"{file}: is there already: choose another name, or give --replace")
    if not file.parent.is_dir():
        raise StorageError(f"{file.parent}: no such directory: make it first")
    database.connect().close()  # a server that is away is told in our own line
    number, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    os.close(number)
    part = Path(name)
    try:
        _run("pg_dump", ["--format=custom", f"--file={part}"], database)
        tables = _listed_tables(part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return Backup(file, file.stat().st_size, tables)


def restore(database: Database, file: Path) -> int:
    """Restore a backup into an empty database; how many tables. Errors: StorageError.

    The roles are made if they are missing. A database that holds anything is refused.
    """
    if not file.is_file():
        raise StorageError(f"{file}: no such file")
    tables = _listed_tables(file)
    with storage_errors(database), database.connect(autocommit=True) as connection:
        _refuse_full(connection, database)
        ensure_roles(connection)
    _replay(file, database)
    with storage_errors(database), database.connect(autocommit=True) as connection:
        connection.execute("analyze")
    return tables


def _replay(file: Path, database: Database) -> None:
    """The backup as SQL into psql, in one transaction. pg_restore by itself would set options that
    an older server does not know. psql must not see the end of a text that is not whole: at the
    end it commits."""
    psql = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    with (
        tempfile.TemporaryFile("w+") as troubles,
        subprocess.Popen(
            [_program("psql"), *psql],
            env=_environment(database),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=troubles,
        ) as writing,
        subprocess.Popen(
            [_program("pg_restore"), "--file=-", str(file)],
            stdout=subprocess.PIPE,
            stderr=troubles,
        ) as reading,
    ):
        assert reading.stdout is not None and writing.stdin is not None
        with suppress(BrokenPipeError):  # psql met an error and is gone; it has told why
            _copy(reading.stdout, writing.stdin)
        reading.stdout.close()
        if reading.wait() != 0:
            writing.kill()
        with suppress(BrokenPipeError):
            writing.stdin.close()
        good = writing.wait() == 0 and reading.returncode == 0
        troubles.seek(0)
        if not good:
            why = _reason(troubles.read())
            raise StorageError(f"{file}: cannot be restored into {database.address}: {why}")


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    """The options at the head without those that servers before 17 do not know; then the rest."""
    for line in source:
        if not line.startswith(NEWER_OPTIONS):
            target.write(line)
        if line.startswith(HEAD_ENDS):
            break
    shutil.copyfileobj(source, target, 1 << 20)


def _refuse_full(connection: Connection, database: Database) -> None:
    rows = connection.execute(SQL["list_contents"]).fetchall()
    if rows:
        named = ", ".join(name for (name,) in rows[:3])
        raise StorageError(
            f"the database {database.address} is not empty (it has {named}): "
            "restore into a new one (createdb --encoding=UTF8 --template=template0)"
        )


def _listed_tables(file: Path) -> int:
    """How many tables a backup holds; StorageError where it is no whole backup of ours."""
    done = subprocess.run(
        [_program("pg_restore"), "--list", str(file)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise StorageError(f"{file}: is no whole backup ({_reason(done.stderr)})")
    tables = sum(" TABLE DATA " in line for line in done.stdout.splitlines())
    if " crawl_runs " not in done.stdout:
        raise StorageError(f"{file}: is a backup of another database, not of fazhi's")
    return tables


def _run(program: str, options: Sequence[str], database: Database) -> None:
    argv = [_program(program), *options]
    done = subprocess.run(
        argv, env=_environment(database), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise StorageError(f"{program} failed for {database.address}: {_reason(done.stderr)}")


def _environment(database: Database) -> dict[str, str]:
    """The address as libpq's variables: an argument list can be read by everyone on the machine."""
    names = {o.keyword.decode(): o.envvar for o in Conninfo.get_defaults() if o.envvar}
    given = conninfo.conninfo_to_dict(database.url)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    ours = {names[key].decode(): str(value) for key, value in given.items() if key in names}
    return {**kept, **ours}


def _program(name: str) -> str:
    try:
        return find_engine().program(name)
    except EmbeddedServerError:
        found = shutil.which(name)
        if found is None:
            raise
        return found


def _reason(stderr: str) -> str:
    lines = [
        line for line in stderr.splitlines() if "error:" in line.lower()
    ] or stderr.splitlines()
    if not lines:
        return "it told nothing"
    return re.sub(r".*?error:\s*", "", lines[0], flags=re.IGNORECASE)
