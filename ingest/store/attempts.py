"""Which captures are in whose hands, noted before they are read: a capture that takes its worker
down with it is found out, tried alone, and given up after LIMIT workers.

The notes are kept over a connection of their own, for they must outlive the batch's transaction.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import ClassVar

import psycopg

from ingest.store.connection import Connection
from ingest.store.database import Database
from ingest.store.sql import load_queries

SQL = load_queries("attempts")
LIMIT = 3
"""Workers that a capture may take down before it is given up."""


class Attempts:
    """The notes of one ``worker``, by its name for others (None: its process number); a context
    manager."""

    owed: ClassVar[list[int]] = []
    """Of this process: captures it put back in order while the database was away."""

    def __init__(self, database: Database, worker: str | None = None) -> None:
        self._database = database
        self.worker = worker or f"process {os.getpid()}"
        self._connection: Connection | None = None

    def __enter__(self) -> Attempts:
        self._connection = self._database.connect(autocommit=True)
        self.forgive(())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            self._connection.close()

    @contextmanager
    def in_hand(self, connection: Connection, captures: Sequence[int]) -> Iterator[dict[int, int]]:
        """These are taken up in a transaction of ``connection`` and come to an end with it, unless
        the block fails; how many workers took up each so far, this one included."""
        tried = self.begin(captures)
        try:
            yield tried
            end_attempts(connection, captures)
        except BaseException:
            self.forgive(captures)
            raise

    def begin(self, captures: Sequence[int]) -> dict[int, int]:
        """These are taken up now; how many workers took up each so far, this one included."""
        assert self._connection is not None
        values = {"ids": list(captures), "worker": self.worker, "now": datetime.now(UTC)}
        return dict(self._connection.execute(SQL["begin_attempts"], values).fetchall())

    def forgive(self, captures: Sequence[int]) -> None:
        """These were put back in good order: it is not they that ended the work."""
        self.owed.extend(captures)
        if not self.owed:
            return
        assert self._connection is not None
        try:
            self._connection.execute(SQL["forgive_attempts"], {"ids": list(self.owed)})
        except psycopg.OperationalError:
            return  # the next worker of this process does it
        self.owed.clear()


def fatal(times: int) -> str:
    """Why a capture is given up that so many workers did not survive."""
    return f"{times} workers ended while reading it"


def end_attempts(connection: Connection, captures: Sequence[int]) -> None:
    """These came to an end. Part of their transaction; the caller commits."""
    connection.execute(SQL["end_attempts"], {"ids": list(captures)})
