"""The watch as the role ``health`` keeps it: look at the portals, tell what changed, rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime

import structlog

from ingest.duties import load_duties
from ingest.errors import StorageError
from scheduler.outage import Outage
from scheduler.roles import RoleName
from scheduler.supervisor import StopSignal
from scheduler.watch.alerts import Rulebook, look
from scheduler.watch.channels import configured_channels
from scheduler.watch.delivery import deliver_due, forget_old_messages
from scheduler.watch.rules import CHINA
from scheduler.watch.thresholds import load_thresholds
from scheduler.work import Work

EVERY = 60.0
"""Seconds between two looks at what ended since the last one, and at messages that are due."""

log = structlog.get_logger(__name__)


class Watch:
    """Looks at every portal at its first turn and on each new day (in China), for some alerts come
    by the calendar; else only at portals that were visited since."""

    def __init__(self, work: Work, clock: Callable[[], datetime] = lambda: datetime.now(UTC)):
        """SeedError when the rules cannot be read."""
        self.work = work
        self.rulebook = Rulebook(load_thresholds(), load_duties())
        self.channels = configured_channels(work.settings)
        self._clock = clock
        self._looked: datetime | None = None
        self._day: date | None = None

    async def keep(self, stop: StopSignal) -> None:
        """Until told to stop. A database that is away is waited for."""
        outage = Outage(self.work.database, RoleName.HEALTH.value)
        while not stop.asked.is_set():
            try:
                await self.turn()
                outage.ends()
            except StorageError as error:
                outage.begins(error)
            except Exception:  # the endpoint beside it must go on, and tell what happens
                log.exception("the watch has a fault")
            await stop.wait(EVERY)

    async def turn(self) -> None:
        """One look, and the deliveries that are due. Errors: StorageError."""
        now, database = self._clock(), self.work.database
        today = now.astimezone(CHINA).date()
        since = self._looked if today == self._day else None
        changes = await asyncio.to_thread(
            look, database, self.rulebook, list(self.channels), now, since
        )
        if changes is not None:
            self._looked, self._day = now, today
            if since is None:
                await asyncio.to_thread(forget_old_messages, database, now)
        await deliver_due(database, self.channels)
