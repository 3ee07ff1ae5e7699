"""Crawls asked for at the keyboard: queued like any other, followed, and where nobody else is at
work, also done in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from ingest.errors import StorageError
from ingest.store.database import storage_errors
from scheduler.follow import Progress, Tell, follow
from scheduler.presence import processes, served
from scheduler.roles import RoleName
from scheduler.runs import Request, Visit, request_crawl
from scheduler.sql import load
from scheduler.supervisor import StopSignal, leave_everything
from scheduler.tasks import ingest_captures, pending
from scheduler.work import Work
from scheduler.workers import by_hand, work_until_stopped

T = TypeVar("T")
LOOK_EVERY = 0.2
SQL = load("ledger")


def someone_is_at_work(work: Work) -> bool:
    """Whether the service would take and finish a crawl."""
    return served(processes(work.database), RoleName.CRAWLER, RoleName.INGESTER)


def ask(work: Work, visits: Sequence[Visit]) -> list[Request]:
    """Queue visits and leave them to the service."""
    with storage_errors(work.database), work.database.connect(autocommit=True) as connection:
        return [request_crawl(connection, visit) for visit in visits]


def follow_elsewhere(work: Work, requests: Sequence[Request], tell: Tell) -> list[Progress]:
    """Follow visits that the service makes."""
    return asyncio.run(follow(work.database, [request.job_id for request in requests], tell))


def crawl_here(
    work: Work,
    visits: Sequence[Visit],
    *,
    tell: Tell,
    asked: Callable[[Sequence[Request]], None] = lambda _: None,
    at_once: int | None = None,
) -> list[Progress]:
    """Queue visits, make them in this process and ingest what they bring.

    ``asked`` is told what the requests found; ``at_once`` many portals are visited at a time (None:
    as many as a crawler process does). A stop signal puts unfinished visits back in the
    queue and raises KeyboardInterrupt.
    """
    from crawler.crawl import run_in_reactor

    async def visit() -> list[Progress]:
        requests = await asyncio.to_thread(ask, work, visits)
        asked(requests)
        ended = await follow(work.database, [request.job_id for request in requests], tell)
        await _ingested(work)
        return ended

    async def main() -> list[Progress]:
        role = by_hand(at_once or work.settings.crawl_concurrency)
        with StopSignal(leave_everything) as stop:
            return await _beside(work_until_stopped(work, role, stop), visit(), stop)

    return run_in_reactor(main)


async def _beside(
    worker: Coroutine[Any, Any, None], job: Coroutine[Any, Any, T], stop: StopSignal
) -> T:
    """Do the job while the worker runs; then stop the worker. Cancelled by a stop signal."""
    working, doing = asyncio.create_task(worker), asyncio.create_task(job)
    await asyncio.wait([working, doing], return_when=asyncio.FIRST_COMPLETED)
    stopped = stop.asked.is_set()
    stop.asked.set()
    doing.cancel()
    await asyncio.wait([working, doing])
    working.result()
    if stopped:
        raise asyncio.CancelledError  # run_in_reactor makes a KeyboardInterrupt of it, in order
    return doing.result()


async def _ingested(work: Work) -> None:
    """Wait until no ingest job is left; StorageError if captures are."""
    while await asyncio.to_thread(_open_ingest_jobs, work):
        await asyncio.sleep(LOOK_EVERY)
    if left := await asyncio.to_thread(pending, work.database):
        raise StorageError(f"{left} captures could not be ingested: the log says why")


def _open_ingest_jobs(work: Work) -> bool:
    with storage_errors(work.database), work.database.connect(autocommit=True) as connection:
        row = connection.execute(SQL["jobs_left"], {"task": ingest_captures.name}).fetchone()
    return bool(row and row[0])
