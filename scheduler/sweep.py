"""The sweep: what a worker killed with -9 leaves behind is taken up again.

The engine leaves such a worker's jobs ``doing`` and retries nothing by itself.
"""

from __future__ import annotations

import asyncio

import structlog
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

from ingest.store.captures import count_pending
from ingest.store.database import Database, storage_errors
from scheduler.crawling import close_broken_runs
from scheduler.tasks import app, crawl_portal, defer_ingest

EVERY = 10.0
HEARTBEAT = 5.0
"""Seconds between two signs of life of a worker."""
STALLED_AFTER = 20.0
"""Seconds without a sign of life: with EVERY, jobs are taken over within 30 s."""
ATTEMPTS = 3
"""A job that takes its worker down with it each time is given up after so many."""

log = structlog.get_logger(__name__)


async def put_back_stalled_jobs(database: Database) -> int:
    """Queue jobs of dead workers again; how many. Jobs that keep killing workers are failed."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER)
    return sum([await _put_back(database, job) for job in stalled])


async def _put_back(database: Database, job: Job) -> bool:
    assert job.id is not None
    if job.task_name == crawl_portal.name and job.lock:
        await asyncio.to_thread(close_broken_runs, database, job.lock)
    manager = app.job_manager
    give_up = job.attempts + 1 >= ATTEMPTS
    try:
        if give_up:
            await manager.finish_job_by_id_async(job.id, status=Status.FAILED, delete_job=False)
        else:
            await manager.retry_job(job)
    except UniqueViolation:  # its like is queued already
        await manager.finish_job_by_id_async(job.id, status=Status.FAILED, delete_job=False)
    except ConnectorException as error:
        log.debug("someone else put it back", job=job.id, error=str(error.__cause__))
        return False
    log.warning("took over from a dead worker", job=job.id, task=job.task_name, given_up=give_up)
    return not give_up


async def see_to_pending(database: Database) -> None:
    """Have captures ingested that no job was left for."""
    if await asyncio.to_thread(pending, database):
        await defer_ingest()


def pending(database: Database) -> int:
    """How many captures wait to be understood."""
    with storage_errors(database), database.connect(autocommit=True) as connection:
        return count_pending(connection)


async def sweep_for_ever(database: Database) -> None:
    """Sweep at once and every ten seconds, until cancelled."""
    while True:
        await put_back_stalled_jobs(database)
        await see_to_pending(database)
        await asyncio.sleep(EVERY)
