"""The service's roles: what each of its processes does until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crawler.portals import Portal
from scheduler.calendar import Schedule, VisitTrigger, last_slot, missed_slot
from scheduler.crawling import served_slots
from scheduler.leader import lead
from scheduler.roles import RoleName
from scheduler.runs import request_crawl
from scheduler.supervisor import StopSignal, leave_everything, orphaned, supervise
from scheduler.tasks import Work, defer_housekeeping, open_app
from scheduler.workers import Role, crawler, ingester, work_until_stopped

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The schedule and the portals it is for."""

    schedule: Schedule
    portals: Mapping[str, Portal]

    def scheduled(self) -> list[Portal]:
        """Portals that are visited by the calendar."""
        return [p for p in self.portals.values() if not p.disabled and self.schedule.of(p).visits]


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


def run_role(role: RoleName, work: Work, calendar: Calendar, *, supervised: bool) -> None:
    """Do one role's work until told to stop."""

    async def main() -> None:
        with StopSignal(leave_everything) as stop, orphaned(stop, when=supervised):
            async with open_app(work.database, role):
                log.info("ready", role=role.value)
                match role:
                    case RoleName.SCHEDULER:
                        await lead(work.database, lambda: firing(work, calendar), stop)
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
def firing(work: Work, calendar: Calendar) -> Iterator[None]:
    """APScheduler at work, its jobs made anew from our calendar: nothing of it is stored."""
    schedule = calendar.schedule
    engine = AsyncIOScheduler(
        timezone=schedule.zone,
        job_defaults={
            "misfire_grace_time": int(schedule.misfire_grace.total_seconds()),
            "coalesce": True,
        },
    )
    for portal in calendar.scheduled():
        own = schedule.of(portal)
        offset = schedule.offset(portal)
        engine.add_job(_fire, VisitTrigger(own, offset), args=[portal, own], id=portal.id)
    engine.add_job(defer_housekeeping, schedule.housekeeping, id="housekeeping")
    engine.add_job(_catch_up, args=[work, calendar], id="catch-up")
    engine.start()
    log.info("calendar", portals=len(calendar.scheduled()), zone=str(schedule.zone))
    try:
        yield
    finally:
        engine.shutdown(wait=False)


async def _fire(portal: Portal, own: Schedule) -> None:
    slot = last_slot(own, datetime.now(UTC) - own.offset(portal))
    await _request(portal, slot)


async def _catch_up(work: Work, calendar: Calendar) -> None:
    """Make up for slots that came while no scheduler was at work."""
    served = await asyncio.to_thread(served_slots, work.database)
    now = datetime.now(UTC)
    for portal in calendar.scheduled():
        own = calendar.schedule.of(portal)
        slot = missed_slot(own, served.get(portal.id), now - own.offset(portal))
        if slot is not None:
            await _request(portal, slot)


async def _request(portal: Portal, slot: datetime | None) -> None:
    request = await request_crawl(portal.id, cause="schedule", slot=slot)
    log.info("due", portal=portal.id, slot=slot, job=request.job_id, state=request.state.value)
