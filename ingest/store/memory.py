"""What crawls remember of hosts and share between processes: crawler.memory, in the database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar, TypeVar

import psycopg
from psycopg.rows import class_row

from crawler.memory import BackOff
from ingest.store.connection import Connection
from ingest.store.database import Database, open_database, storage_errors
from ingest.store.migrate import require_current_schema
from ingest.store.sql import load_queries

SQL = load_queries("memory")
KEPT = 60.0
"""Seconds for which what other processes may have changed is not asked for again."""
DAYS_KEPT = 400

T = TypeVar("T")


def list_back_offs(connection: Connection, now: datetime) -> list[BackOff]:
    """Domains that are left alone now, those that are free again soonest first."""
    with connection.cursor(row_factory=class_row(BackOff)) as cursor:
        return cursor.execute(SQL["list_back_offs"], {"now": now}).fetchall()


def read_back_off(connection: Connection, domain: str) -> BackOff | None:
    """The last back-off of a domain, also when it is over."""
    with connection.cursor(row_factory=class_row(BackOff)) as cursor:
        return cursor.execute(SQL["back_off"], {"domain": domain}).fetchone()


def forgive(connection: Connection, domain: str) -> bool:
    """Forget the back-off of a domain; whether there was one. The caller commits."""
    return connection.execute(SQL["forgive"], {"domain": domain}).rowcount > 0


class DatabaseMemory:
    """A Memory in the database. The crawls of a process share one, and its one connection.

    Errors of every method: StorageError. It is used from several threads, one at a time.
    """

    _shared: ClassVar[dict[tuple[str | None, str | None], DatabaseMemory]] = {}

    def __init__(self, *, url: str | None = None, home: Path | None = None):
        self._url = url
        self._home = home
        self._users = 0
        self._lock = threading.RLock()
        self._database: Database | None = None
        self._connection: Connection | None = None
        self._known: dict[str, tuple[float, BackOff | None]] = {}

    @classmethod
    def from_settings(cls, settings: Any) -> DatabaseMemory:
        """The one of this process, by Scrapy's settings FAZHI_DATABASE_URL and FAZHI_HOME."""
        url, home = settings.get("FAZHI_DATABASE_URL"), settings.get("FAZHI_HOME")
        made = cls(url=url, home=Path(home) if home else None)
        return cls._shared.setdefault((url, home), made)

    def open(self) -> None:
        """Connect, if this is the first user. StorageError as for the sink."""
        with self._lock:
            if self._users == 0:
                self._database = open_database(url=self._url, home=self._home)
                try:
                    require_current_schema(self._database)
                    self._connection = self._database.connect(autocommit=True)
                except BaseException:
                    self._database.close()
                    raise
                self._known.clear()
            self._users += 1

    def close(self) -> None:
        """Disconnect after the last user."""
        with self._lock:
            self._users = max(0, self._users - 1)
            if self._users or self._database is None:
                return
            if self._connection is not None:
                self._connection.close()
            self._database.close()
            self._connection = self._database = None

    def back_off(self, domain: str) -> BackOff | None:
        """See Memory. What another process noted is seen within a minute."""
        asked, known = self._known.get(domain, (float("-inf"), None))
        if monotonic() - asked < KEPT:
            return known
        with self._lock:
            database = self._open_database()
            with storage_errors(database):
                known = self._try(lambda connection: read_back_off(connection, domain))
        self._known[domain] = monotonic(), known
        return known

    def keep_away(self, back_off: BackOff) -> None:
        """See Memory."""
        self._execute("keep_away", asdict(back_off))
        self._known[back_off.domain] = monotonic(), back_off

    def forgive(self, domain: str) -> None:
        """See Memory."""
        self._execute("forgive", {"domain": domain})
        self._known[domain] = monotonic(), None

    def spent(self, portal_id: str, day: date) -> int:
        """See Memory."""
        self._execute("forget_days", {"day": day - timedelta(days=DAYS_KEPT)})
        row = self._execute("spent", {"portal_id": portal_id, "day": day})
        assert row is not None
        return int(row[0])

    def spend(self, portal_id: str, day: date, requests: int) -> None:
        """See Memory."""
        self._execute("spend", {"portal_id": portal_id, "day": day, "requests": requests})

    def reserve(self, machine: str, spacing: float) -> float:
        """See Memory; the database's clock counts."""
        row = self._execute("reserve", {"machine": machine, "spacing": spacing})
        assert row is not None
        return float(row[0])

    def _execute(self, name: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
        def run(connection: Connection) -> tuple[Any, ...] | None:
            cursor = connection.execute(SQL[name], values)
            return cursor.fetchone() if cursor.description else None

        with self._lock, storage_errors(self._open_database()):
            return self._try(run)

    def _try(self, run: Callable[[Connection], T]) -> T:
        """Once more on a new connection, where the old one was lost."""
        assert self._connection is not None, "the memory is not open"
        try:
            return run(self._connection)
        except psycopg.OperationalError as error:
            if isinstance(error, psycopg.errors.DiskFull):
                raise
            self._connection = self._open_database().connect(autocommit=True)
            return run(self._connection)

    def _open_database(self) -> Database:
        assert self._database is not None, "the memory is not open"
        return self._database
