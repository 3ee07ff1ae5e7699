"""The sweep: what a worker killed with -9 leaves behind is taken up again.

The engine leaves such a worker's jobs ``doing`` and retries nothing by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import structlog

from ingest.store.connection import TWIN, Connection
from ingest.store.database import Database, storage_errors
from scheduler.sql import load
from scheduler.tasks import defer_ingest, pending

EVERY = 10.0
HEARTBEAT = 5.0
"""Seconds between two signs of life of a worker."""
STALLED_AFTER = 20.0
"""Seconds without a sign of life: with EVERY, jobs are taken over within 30 s."""
DEATHS = 5
"""A job over which so many workers ended is given up."""
PAUSES = (0.0, 0.0, 60.0, 300.0, 900.0)
"""Seconds until the next try after so many deaths: what kills workers must not keep taking down
the same visits beside it."""
KEY = 0x73776565  # "swee": one sweeps at a time
SQL = load("sweep")

log = structlog.get_logger(__name__)


def put_back_stalled_jobs(database: Database) -> int:
    """Queue jobs of dead workers again; how many. Jobs that keep killing workers are failed."""
    with storage_errors(database), database.connect(autocommit=True) as connection:
        try:
            with connection.transaction():
                return _sweep(connection)
        except TWIN:
            log.debug("a like job was queued meanwhile: the next sweep sees to it")
            return 0


def _sweep(connection: Connection) -> int:
    connection.execute(SQL["use_jobs"])
    row = connection.execute(SQL["take_turn"], {"key": KEY}).fetchone()
    if not row or not row[0]:
        return 0
    stalled = connection.execute(SQL["stalled_jobs"], {"seconds": STALLED_AFTER}).fetchall()
    return sum(_take_over(connection, *job) for job in stalled)


def _take_over(
    connection: Connection, job: int, task: str, portal: str | None, worker: int, deaths: int
) -> bool:
    deaths += 1
    give_up = deaths >= DEATHS
    wait = 0.0 if give_up else PAUSES[deaths]
    values = {"job": job, "worker": worker, "deaths": deaths, "give_up": give_up, "wait": wait}
    row = connection.execute(SQL["put_back"], values).fetchone()
    if row is None:
        return False
    end = "given up" if give_up else "the job is queued again"
    detail = f"the worker ended without a word ({deaths} so far for this job); {end}"
    closed = {"job": job, "portal": portal, "detail": detail, "now": datetime.now(UTC)}
    connection.execute(SQL["close_broken_run"], closed)
    told = log.error if give_up else log.warning
    told("took over from a dead worker", job=job, task=task, portal=portal, given_up=give_up)
    return bool(row[0] == "todo")


def give_back(database: Database, jobs: Mapping[int, int | None]) -> int:
    """Queue jobs again that this process had in hand when it lost the database (job -> worker it
    was taken up as); how many. What ended or was taken over since is left alone."""
    count = 0
    with storage_errors(database), database.connect(autocommit=True) as connection:
        for job, worker in jobs.items():
            values = {"job": job, "worker": worker, "deaths": 0, "give_up": False, "wait": 0.0}
            with connection.transaction():
                connection.execute(SQL["use_jobs"])
                count += connection.execute(SQL["put_back"], values).rowcount
    return count


async def sweep_for_ever(database: Database, *, patience: float) -> None:
    """Sweep after ``patience`` seconds and then every ten, until cancelled."""
    await asyncio.sleep(patience)
    while True:
        await asyncio.to_thread(put_back_stalled_jobs, database)
        if await asyncio.to_thread(pending, database):
            await defer_ingest()
        await asyncio.sleep(EVERY)
