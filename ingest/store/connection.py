"""A connection as this project uses it, and what can go wrong with one."""

from __future__ import annotations

from array import array
from typing import Any

import psycopg

from ingest.store.arrays import IntegersDumper

psycopg.adapters.register_dumper(array, IntegersDumper)

Connection = psycopg.Connection[tuple[Any, ...]]
LONGEST_WAIT = 60.0

SERVER_TROUBLE = psycopg.OperationalError
"""The server's trouble (gone, full, shutting down), not the fault of what was to be stored."""

LOST_RACE = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
"""Two transactions met at the same rows and this one gave way: try it again."""

Rollback = psycopg.Rollback
"""Raised inside ``with connection.transaction()`` to leave it undone."""

TWIN = psycopg.errors.UniqueViolation
"""A like row was entered meanwhile."""


class PatientConnection(psycopg.AsyncConnection[tuple[Any, ...]]):
    """A connection that waits for the server without looking up ten times a second.

    psycopg does that for the sake of Ctrl-C, which reaches a coroutine by other ways; a worker that
    listens for jobs all year would spend most of its idle time on it.
    """

    async def wait(
        self, gen: Any, interval: float = LONGEST_WAIT, timeout: float | None = None
    ) -> Any:
        """As psycopg's, with a longer ``interval`` (seconds)."""
        return await super().wait(gen, max(interval, LONGEST_WAIT), timeout)
