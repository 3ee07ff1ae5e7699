"""Crawls asked for at the keyboard: queued like any other, followed, and where nobody else is at
work, also done in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from procrastinate.jobs import Status

from ingest.errors import StorageError
from scheduler.follow import Progress, Tell, follow
from scheduler.presence import processes, served
from scheduler.roles import RoleName
from scheduler.runs import Request, request_crawl
from scheduler.supervisor import StopSignal, leave_everything
from scheduler.sweep import pending
from scheduler.tasks import CRAWL, Work, app, ingest_captures, open_app
from scheduler.workers import by_hand, work_until_stopped

T = TypeVar("T")
LOOK_EVERY = 0.2


def someone_is_at_work(work: Work) -> bool:
    """Whether the service would take and finish a crawl."""
    return served(processes(work.database), RoleName.CRAWLER, RoleName.INGESTER)


def ask(work: Work, portals: Sequence[str], *, cause: str) -> list[Request]:
    """Queue visits and leave them to the service."""

    async def main() -> list[Request]:
        async with open_app(work.database, "asking"):
            return [await request_crawl(portal, cause=cause) for portal in portals]

    return asyncio.run(main())


def follow_elsewhere(work: Work, requests: Sequence[Request], tell: Tell) -> list[Progress]:
    """Follow visits that the service makes."""
    return asyncio.run(follow(work.database, [request.job_id for request in requests], tell))


def crawl_here(
    work: Work,
    portals: Sequence[str],
    *,
    cause: str,
    tell: Tell,
    asked: Callable[[Sequence[Request]], None] = lambda _: None,
    queue: str = CRAWL,
    at_once: int | None = None,
) -> list[Progress]:
    """Queue visits, make them in this process and ingest what they bring.

    ``asked`` is told what the requests found; ``at_once`` many portals are visited at a time (None:
    as many as a crawler process does). A stop signal puts unfinished visits back in the
    queue and raises KeyboardInterrupt.
    """
    from crawler.crawl import run_in_reactor

    async def visit() -> list[Progress]:
        requests = [await request_crawl(p, cause=cause, queue=queue) for p in portals]
        asked(requests)
        ended = await follow(work.database, [request.job_id for request in requests], tell)
        await _ingested(work)
        return ended

    async def main() -> list[Progress]:
        role = by_hand(at_once or work.settings.crawl_concurrency)
        with StopSignal(leave_everything) as stop:
            async with open_app(work.database, role.name):
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
    while await _open_ingest_jobs():
        await asyncio.sleep(LOOK_EVERY)
    if left := await asyncio.to_thread(pending, work.database):
        raise StorageError(f"{left} captures could not be ingested: the log says why")


async def _open_ingest_jobs() -> bool:
    for status in (Status.TODO, Status.DOING):
        found = await app.job_manager.list_jobs_async(
            task=ingest_captures.name, status=status.value
        )
        if list(found):
            return True
    return False
