"""The role ``scheduler``: leads or stands by, and fires what is due while it leads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from ingest.store.connection import Connection
from ingest.store.migrate import migrate
from scheduler.leader import Leadership, lead
from scheduler.retention import queue_housekeeping
from scheduler.supervisor import StopSignal
from scheduler.timetable import Timetable
from scheduler.work import Work

RENEW_EVERY = 30
"""Seconds until what an operator decided is in the calendar."""
LOOK_EVERY = 1
"""Seconds between two looks at what is due. Short, so that a clock that jumps does no harm."""

log = structlog.get_logger(__name__)


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
