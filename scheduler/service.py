"""The service's roles: what each of its processes does until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crawler.portals import Portal
from ingest.errors import StorageError
from ingest.store.database import storage_errors
from ingest.store.portals import read_registry
from scheduler.calendar import NextSlot, Schedule, Visit, VisitTrigger, last_slot, missed_slot
from scheduler.crawling import SCHEDULE, served_slots
from scheduler.leader import lead
from scheduler.permission import obstacle
from scheduler.roles import RoleName
from scheduler.runs import request_crawl
from scheduler.supervisor import StopSignal, leave_everything, orphaned, supervise
from scheduler.tasks import Work, defer_housekeeping, open_app
from scheduler.workers import Role, crawler, ingester, work_until_stopped

RENEW_EVERY = 60
"""Seconds until what an operator decided about a portal is in the calendar."""

log = structlog.get_logger(__name__)


def run_all(work: Work) -> None:
    """One child process a role, kept alive until this process is told to stop."""
    commands = {
        role.value: [sys.executable, "-m", "scheduler", "serve", "--role", role, "--supervised"]
        for role in RoleName
        if role is not RoleName.ALL
    }

    async def main() -> None:
        with StopSignal() as stop:
            await supervise(commands, {**os.environ, **work.settings.environment()}, stop)

    asyncio.run(main())


def run_health(work: Work, listener: socket.socket | None, *, supervised: bool) -> None:
    """Tell how the service fares until told to stop, whether the database answers or not."""
    from scheduler.health.service import tell_health

    async def main() -> None:
        with StopSignal(leave_everything) as stop, orphaned(stop, when=supervised):
            log.info("ready", role=RoleName.HEALTH.value)
            await tell_health(work, listener, stop)

    asyncio.run(main())


def run_role(role: RoleName, work: Work, schedule: Schedule, *, supervised: bool) -> None:
    """Do one role's work until told to stop."""

    async def main() -> None:
        with StopSignal(leave_everything) as stop, orphaned(stop, when=supervised):
            async with open_app(work.database, role):
                log.info("ready", role=role.value)
                match role:
                    case RoleName.SCHEDULER:
                        await lead(work.database, lambda: firing(work, schedule), stop)
                    case RoleName.CRAWLER:
                        await work_until_stopped(work, _crawler(work), stop)
                    case _:
                        await work_until_stopped(work, ingester(), stop)

    if role is RoleName.CRAWLER:
        from crawler.crawl import run_in_reactor

        run_in_reactor(main)
    else:
        asyncio.run(main())


def _crawler(work: Work) -> Role:
    return crawler(work.settings.crawl_concurrency)


@contextmanager
def firing(work: Work, schedule: Schedule) -> Iterator[None]:
    """APScheduler at work, its jobs made anew from our calendar: nothing of it is stored."""
    engine = AsyncIOScheduler(
        timezone=schedule.zone,
        job_defaults={
            "misfire_grace_time": int(schedule.misfire_grace.total_seconds()),
            "coalesce": True,
        },
    )
    timetable = Timetable(engine, schedule, work)
    timetable.enter(_registry(work))
    engine.add_job(defer_housekeeping, schedule.housekeeping, id="housekeeping")
    engine.add_job(timetable.renew, "interval", seconds=RENEW_EVERY, id="renew")
    engine.add_job(timetable.catch_up, id="catch-up")
    engine.start()
    try:
        yield
    finally:
        engine.shutdown(wait=False)


class Timetable:
    """The portals that the calendar visits, as jobs of APScheduler; kept true to the registry."""

    def __init__(self, engine: AsyncIOScheduler, schedule: Schedule, work: Work) -> None:
        self.engine = engine
        self.schedule = schedule
        self.work = work
        self.entered: dict[str, Portal] = {}
        self._calendars: dict[tuple[Visit, ...], NextSlot] = {}
        self._told: dict[str, int] = {}

    def enter(self, registry: Mapping[str, Portal]) -> None:
        """Make the jobs those of the registry: enabled, in the calendar, and free to be visited."""
        wanted = self._wanted(registry)
        for portal in self.entered.values():
            if wanted.get(portal.id) != portal:
                self.engine.remove_job(_job(portal))
        for portal in wanted.values():
            if self.entered.get(portal.id) != portal:
                own, offset = self._calendar(portal), self.schedule.offset(portal)
                trigger = VisitTrigger(own, offset)
                self.engine.add_job(
                    _fire, trigger, args=[portal, own.schedule, offset], id=_job(portal)
                )
        if wanted != self.entered:
            log.info("calendar", portals=len(wanted), zone=str(self.schedule.zone))
        self.entered = wanted

    async def renew(self) -> None:
        """Take in what was decided about portals since."""
        try:
            self.enter(await asyncio.to_thread(_registry, self.work))
        except StorageError as error:
            log.warning("the registry could not be read", detail=str(error))

    async def catch_up(self) -> None:
        """Make up for slots that came while no scheduler was at work."""
        with suppress(asyncio.CancelledError):  # the service stops; APScheduler would cry out
            for portal, slot in await asyncio.to_thread(self._missed):
                await _request(portal, slot)

    def _missed(self) -> list[tuple[Portal, datetime]]:
        served = served_slots(self.work.database)
        now = datetime.now(UTC)
        found = []
        for portal in list(self.entered.values()):
            own, offset = self._calendar(portal).schedule, self.schedule.offset(portal)
            slot = missed_slot(own, served.get(portal.id), now - offset)
            if slot is not None:
                found.append((portal, slot))
        return found

    def _wanted(self, registry: Mapping[str, Portal]) -> dict[str, Portal]:
        due = [p for p in registry.values() if not p.disabled and self._calendar(p).schedule.visits]
        hindered = {p.id: why for p in due if (why := obstacle(self.work.settings, p.host))}
        self._tell(hindered)
        return {portal.id: portal for portal in due if portal.id not in hindered}

    def _tell(self, hindered: Mapping[str, str]) -> None:
        """Say once, not at every renewal, what keeps portals out of the calendar."""
        told = {next(iter(hindered.values())): len(hindered)} if hindered else {}
        if told != self._told:
            for why, portals in told.items():
                log.warning("public portals are not visited", portals=portals, why=why)
        self._told = told

    def _calendar(self, portal: Portal) -> NextSlot:
        own = self.schedule.of(portal)
        return self._calendars.setdefault(own.visits, NextSlot(own))


def _job(portal: Portal) -> str:
    return f"visit {portal.id}"


async def _fire(portal: Portal, own: Schedule, offset: timedelta) -> None:
    await _request(portal, last_slot(own, datetime.now(UTC) - offset))


async def _request(portal: Portal, slot: datetime | None) -> None:
    request = await request_crawl(portal.id, cause=SCHEDULE, slot=slot)
    log.info("due", portal=portal.id, slot=slot, job=request.job_id, state=request.state.value)


def _registry(work: Work) -> Mapping[str, Portal]:
    with storage_errors(work.database), work.database.connect() as connection:
        return read_registry(connection)
