"""The database is away, or has no room: said once, waited for, and said again when it is over."""

from __future__ import annotations

import asyncio
import time

import structlog

from crawler.errors import FazhiError
from ingest.store.database import Database, storage_errors
from scheduler.sql import load
from scheduler.supervisor import StopSignal

SQL = load("presence")
LONGEST_PAUSE = 5.0
"""Seconds between two looks whether it is back."""

log = structlog.get_logger(__name__)


class Outage:
    """What one process, of which ``role`` tells, knows of the database's trouble."""

    def __init__(self, database: Database, role: str) -> None:
        self._database = database
        self._role = role
        self._since: float | None = None
        self._looks = 0

    def begins(self, error: BaseException) -> None:
        """Note trouble; the first time, say so."""
        if self._since is None:
            self._since, self._looks = time.monotonic(), 0
            why = " ".join(str(error).split())
            log.warning("waiting for the database", role=self._role, why=why)

    def ends(self) -> None:
        """All is well; say so if it was not."""
        if self._since is not None:
            seconds = round(time.monotonic() - self._since, 1)
            log.info("the database is back", role=self._role, after_seconds=seconds)
        self._since = None

    async def pause(self, stop: StopSignal) -> bool:
        """Rest before the next look, longer each time; True when it is time to stop."""
        self._looks += 1
        return await stop.wait(min(0.25 * 2**self._looks, LONGEST_PAUSE))

    async def wait(self, stop: StopSignal) -> bool:
        """Wait until the database takes and keeps something; False when told to stop first."""
        while not stop.asked.is_set():
            try:
                await asyncio.to_thread(probe, self._database)
            except FazhiError as error:
                self.begins(error)
                if await self.pause(stop):
                    return False
            else:
                self.ends()
                return True
        return False


def probe(database: Database) -> None:
    """Have the database write a little, and forget it. Errors: StorageError when it cannot."""
    with (
        storage_errors(database),
        database.connect() as connection,
        connection.transaction(force_rollback=True),
    ):
        connection.execute(SQL["write_a_little"])
