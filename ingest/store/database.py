"""The database: the embedded server, or a real one behind FAZHI_DATABASE_URL; both act the same."""

from __future__ import annotations

import os
import shutil
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg
from psycopg import conninfo

from ingest.errors import DatabaseUnavailableError, EmbeddedServerError, StorageError
from ingest.store.address import SETTING, check_url, reason, shown
from ingest.store.binaries import find_engine
from ingest.store.connection import Connection
from ingest.store.embedded import EmbeddedServer
from ingest.store.home import find_home
from ingest.store.sql import load_queries

SQL = load_queries("database")
CONNECTION_LOST = ("08", "57P")
"""SQLSTATE classes of a broken connection and of a server that shuts down or crashed."""
CONNECT_SECONDS = 10
"""libpq waits for ever by default; an unreachable host must become one clear line."""


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What ``fazhi doctor`` shows of the server."""

    version: str
    embedded: bool
    address: str
    data_directory: str | None
    """Of the embedded server; a real one's is not ours to know."""
    service_user: str | None
    """The account the embedded server runs as."""
    connections: int
    """Client connections to the whole server, this one included."""
    size: int
    """Bytes of this database."""
    notes: tuple[str, ...]


class Database:
    """An open database; a context manager. Get one from ``open_database``.

    It holds the process's share in the embedded server, which stops after the last share is let
    go: on ``close``, at the end of a ``with`` block, or when the process ends in order.
    """

    def __init__(self, home: Path, *, url: str | None, server: EmbeddedServer | None) -> None:
        self.home = home
        self._url = url
        self._server = server
        self._release = weakref.finalize(self, server.leave) if server else None

    @property
    def embedded(self) -> bool:
        """Whether the server is our own."""
        return self._server is not None

    @property
    def url(self) -> str:
        """libpq URI for any client on this machine. It holds the password: do not show it."""
        return self._server.url() if self._server else str(self._url)

    @property
    def address(self) -> str:
        """``host:port/database`` for messages."""
        return shown(self.url)

    def connect(self, **options: Any) -> Connection:
        """A new connection, not in autocommit unless asked for. ``options`` are psycopg's.

        An embedded server that died is started again.
        Errors: DatabaseUnavailableError, EmbeddedServerError.
        """
        try:
            return self._connect(options)
        except psycopg.OperationalError as error:
            if self._server is None:
                raise self._unavailable(error) from None
            self._server.ensure_running()
        try:
            return self._connect(options)
        except psycopg.OperationalError as error:
            raise self._unavailable(error) from None

    def psql(self) -> tuple[list[str], dict[str, str]]:
        """Argument list of psql and its whole environment; the password is only in the latter.

        Keep this Database open while psql runs, so that the embedded server stays.
        """
        parts = conninfo.conninfo_to_dict(self.url)
        secret = parts.pop("password", None)
        environment = dict(os.environ)
        if secret is not None:
            environment["PGPASSWORD"] = str(secret)
        return [_psql_program(), conninfo.make_conninfo("", **parts)], environment

    def describe(self) -> ServerInfo:
        """Version, place and use of the server."""
        with self.connect(autocommit=True) as connection:
            row = connection.execute(SQL["describe_server"]).fetchone()
        assert row is not None
        version, connections, size = row
        if self._server is None:
            return ServerInfo(version, False, self.address, None, None, connections, size, ())
        site = self._server.site
        return ServerInfo(
            version=version,
            embedded=True,
            address=self.address,
            data_directory=str(site.cluster),
            service_user=site.user.name,
            connections=connections,
            size=size,
            notes=(site.note,) if site.note else (),
        )

    def close(self) -> None:
        """Let go of the embedded server. Connections are the caller's to close first."""
        if self._release:
            self._release()

    def hand_over(self) -> int | None:
        """Our share in the embedded server, for the program that this process becomes by ``exec``
        (EmbeddedServer.taken_over); None where there is no such server."""
        return self._server.hand_over() if self._server else None

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _connect(self, options: Mapping[str, Any]) -> Connection:
        given = conninfo.conninfo_to_dict(self.url)
        defaults: dict[str, Any] = {"application_name": "fazhi", "connect_timeout": CONNECT_SECONDS}
        defaults = {key: value for key, value in defaults.items() if key not in given}
        return psycopg.connect(self.url, **{**defaults, **options})

    def _unavailable(self, error: psycopg.Error) -> DatabaseUnavailableError:
        advice = "see fazhi doctor" if self.embedded else f"check {SETTING} and the server"
        return DatabaseUnavailableError(
            f"cannot connect to the database {self.address} ({reason(error, self.url)}): {advice}"
        )


def open_database(*, url: str | None = None, home: Path | None = None) -> Database:
    """The database this process is set to use, ready to connect to.

    ``url`` None means FAZHI_DATABASE_URL; without that the embedded server in ``home`` (None:
    FAZHI_HOME or its default) is started or joined. A real server is not contacted here.
    Errors: DatabaseUnavailableError (bad address), EmbeddedServerError.
    """
    place = find_home(home)
    address = url or os.environ.get(SETTING)
    if address:
        return Database(place, url=check_url(address), server=None)
    server = EmbeddedServer(place)
    server.join()
    return Database(place, url=None, server=server)


@contextmanager
def storage_errors(database: Database) -> Iterator[None]:
    """Turn what psycopg raises in the block into a StorageError of one line.

    A broken SQL statement is our own fault and keeps its traceback (psycopg.ProgrammingError).
    """
    try:
        yield
    except psycopg.errors.DiskFull as error:
        raise StorageError(
            f"the disk of the database {database.address} is full "
            f"({reason(error, database.url)}): free some space and run the command again"
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise StorageError(
            f"the database user may not do this in {database.address} "
            f"({reason(error, database.url)}): the service needs fazhi_service, migrate fazhi_owner"
        ) from error
    except psycopg.errors.ReadOnlySqlTransaction as error:
        raise StorageError(
            f"the database {database.address} is read-only: point {SETTING} to the primary server"
        ) from error
    except psycopg.OperationalError as error:
        gone = error.sqlstate is None or error.sqlstate.startswith(CONNECTION_LOST)
        kind, what = (DatabaseUnavailableError, "went away") if gone else (StorageError, "gave up")
        raise kind(
            f"the database {database.address} {what} ({reason(error, database.url)}): "
            "what was not committed is not kept; run the command again"
        ) from error


def _psql_program() -> str:
    try:
        return find_engine().program("psql")
    except EmbeddedServerError:
        found = shutil.which("psql")
        if found is None:
            raise
        return found
