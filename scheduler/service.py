"""The service's roles: what each of its processes does until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from ingest.store.connection import Connection
from ingest.store.migrate import migrate
from scheduler.calendar import Schedule
from scheduler.leader import Leadership, lead
from scheduler.roles import RoleName
from scheduler.supervisor import StopSignal, leave_everything, orphaned, supervise
from scheduler.tasks import Work, queue_housekeeping
from scheduler.timetable import Timetable
from scheduler.workers import crawler, ingester, work_until_stopped

RENEW_EVERY = 30
"""Seconds until what an operator decided is in the calendar."""
LOOK_EVERY = 1
"""Seconds between two looks at what is due. Short, so that a clock that jumps does no harm."""

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


def run_role(
    role: RoleName, work: Work, read_schedule: Callable[[], Schedule], *, supervised: bool
) -> None:
    """Do one role's work until told to stop."""

    async def main() -> None:
        with StopSignal(leave_everything) as stop, orphaned(stop, when=supervised):
            log.info("ready", role=role.value)
            match role:
                case RoleName.SCHEDULER:
                    timetable = Timetable(work.settings, read_schedule)
                    await schedule_until_stopped(work, timetable, stop)
                case RoleName.CRAWLER:
                    await work_until_stopped(work, crawler(work.settings.crawl_concurrency), stop)
                case _:
                    await work_until_stopped(work, ingester(), stop)

    if role is RoleName.CRAWLER:
        from crawler.crawl import run_in_reactor

        run_in_reactor(main)
    else:
        asyncio.run(main())


async def schedule_until_stopped(work: Work, timetable: Timetable, stop: StopSignal) -> None:
    """Lead, or stand by. SIGHUP has the schedule file and the registry read anew."""

    def reload() -> None:
        reading = asyncio.ensure_future(asyncio.to_thread(_reload, work, timetable))
        reading.add_done_callback(_tell_defect)

    stop.reload = reload
    await lead(work.database, lambda session: firing(session, timetable), stop)


def _reload(work: Work, timetable: Timetable) -> None:
    if work.database.embedded:  # a server's registry is renewed by `fazhi migrate`
        migrate(work.database)
    if timetable.reload():
        log.info("calendar and registry are read anew")


def _tell_defect(reading: asyncio.Future[None]) -> None:
    if not reading.cancelled() and (error := reading.exception()):
        log.error("the registry could not be read anew", why=str(error))


@asynccontextmanager
async def firing(session: Leadership, timetable: Timetable) -> AsyncIterator[asyncio.Future[None]]:
    """A leader's term: APScheduler at work, with nothing of its own stored. The future fails with
    the first error of a job, and so ends the term: the next one begins from the database."""
    failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    engine = AsyncIOScheduler(timezone=timetable.schedule.zone)

    def job(work: Callable[[Connection], object]) -> Callable[[], Coroutine[Any, Any, None]]:
        async def run() -> None:
            try:
                await session.do(work)
            except Exception as error:
                if not failure.done():
                    failure.set_exception(error)

        return run

    timetable.begin()
    await session.do(timetable.renew)
    once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    at_once = datetime.now(timetable.schedule.zone)
    engine.add_job(
        job(timetable.fire), "interval", seconds=LOOK_EVERY, next_run_time=at_once, **once
    )
    engine.add_job(job(timetable.renew), "interval", seconds=RENEW_EVERY, **once)
    engine.add_job(job(queue_housekeeping), timetable.schedule.housekeeping, **once)
    engine.start()
    try:
        yield failure
    finally:
        engine.shutdown(wait=False)
        await session.rest()
        failure.cancel()
