"""A worker in this process: takes jobs of some queues until it is told to stop.

A database that goes away is waited for: jobs in hand go back to the queue, and when it is back the
worker goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crawler.errors import FazhiError
from ingest.errors import DatabaseUnavailableError
from scheduler.outage import Outage
from scheduler.runs import CRAWL, INGEST
from scheduler.supervisor import StopSignal
from scheduler.sweep import HEARTBEAT, STALLED_AFTER, give_back, sweep_for_ever
from scheduler.tasks import DEMO, app, open_app
from scheduler.trouble import explained
from scheduler.work import Work


@dataclass(frozen=True, slots=True)
class Role:
    """What a worker process takes on, and how long (seconds) jobs in hand get to end at a stop."""

    name: str
    queues: Sequence[str]
    concurrency: int
    finish_within: float


def crawler(concurrency: int) -> Role:
    """Fetches; needs the Twisted reactor (crawler.crawl.run_in_reactor). A visit takes minutes, so
    it is cut short at a stop: what it captured is stored, and the job goes back to the queue."""
    return Role("crawler", (CRAWL,), concurrency, finish_within=1)


def ingester() -> Role:
    """Understands and stores, one batch after the other; tidies away in between."""
    return Role("ingester", (INGEST,), 1, finish_within=20)


def by_hand(concurrency: int) -> Role:
    """Does everything for one command, pretend portals included; in the Twisted reactor."""
    return Role("hand", (CRAWL, DEMO, INGEST), concurrency + 1, finish_within=1)


async def work_until_stopped(work: Work, role: Role, stop: StopSignal) -> None:
    """Take jobs until told to stop; jobs in hand end, or go back to the queue."""
    outage = Outage(work.database, role.name)
    again = False
    while await outage.wait(stop):
        try:
            await asyncio.to_thread(_take_leave, work)
            async with open_app(work.database, role.name):
                await _work(work, role, stop, patience=STALLED_AFTER if again else 0)
        except Exception as error:
            told = explained(error)
            if (
                not isinstance(told, FazhiError)
                or told.exit_code != DatabaseUnavailableError.exit_code
            ):
                raise
            outage.begins(told)
        again = True


def _take_leave(work: Work) -> None:
    """Give back what was in hand when the database went away."""
    give_back(work.database, work.hands.jobs)
    work.hands.jobs.clear()
    work.hands.trouble.clear()


async def _work(work: Work, role: Role, stop: StopSignal, *, patience: float) -> None:
    """Until told to stop. Raises what ended the work otherwise."""
    worker = asyncio.create_task(
        app.run_worker_async(
            name=role.name,
            queues=list(role.queues),  # a tuple would be a row to PostgreSQL
            concurrency=role.concurrency,
            additional_context={"work": work},
            install_signal_handlers=False,
            shutdown_graceful_timeout=role.finish_within,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=STALLED_AFTER,
        )
    )
    helpers: list[asyncio.Task[Any]] = [
        asyncio.create_task(stop.asked.wait()),
        asyncio.create_task(work.hands.trouble.wait()),
    ]
    if INGEST in role.queues:
        helpers.append(asyncio.create_task(sweep_for_ever(work.database, patience=patience)))
    await asyncio.wait([worker, *helpers], return_when=asyncio.FIRST_COMPLETED)
    ended_unasked = not stop.asked.is_set()
    for task in (worker, *helpers):
        task.cancel()
    results = await asyncio.gather(worker, *helpers, return_exceptions=True)
    if work.hands.trouble.is_set() and work.hands.error:
        raise work.hands.error
    for result in results:
        if isinstance(result, Exception):
            raise result
    if ended_unasked:
        raise DatabaseUnavailableError(f"the {role.name} lost the database {work.database.address}")
