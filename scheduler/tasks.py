"""The job engine's app (Procrastinate 3, schema ``jobs`` of the same database) and its tasks.

crawl_portal       one visit of one portal; two never run at once (lock) or wait (queueing lock)
ingest_captures    understands and stores what is pending; at most one waits
read_again         takes part in a run of `fazhi reingest`, as long as there is something to do
housekeeping       forgets jobs that ended long ago, keeps the panel

A job says what to do; what came of it is told by the run ledger (ingest/store/runs.py).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import structlog
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.tasks import Task

from ingest.errors import StorageError
from ingest.rereading import waiting_again, work_again
from ingest.store.captures import count_pending
from ingest.store.connection import PatientConnection
from ingest.store.database import CONNECT_SECONDS, Database, storage_errors
from ingest.store.outcome import IngestSummary
from ingest.store.panel import keep_panel
from ingest.worker import BATCH, ingest_pending
from scheduler.crawling import Order, crawl_and_record
from scheduler.presence import PLACE, connection_name
from scheduler.retention import HOUSEKEEPING, tidy
from scheduler.runs import AFTER_NEW, CRAWL, INGEST, READ_AGAIN, TASK
from scheduler.work import Work

DEMO = "demo"
"""Visits of the pretend portals by `fazhi demo`: only it knows where its simulator answers."""
SCHEMA = "jobs"
KEEP_JOBS = 30 * 24
"""Hours. Ended jobs are of use to an operator for a month; the run ledger stays longer."""
LONGEST_PAUSE = 600
"""Seconds until a job that the database's trouble stopped again and again is tried once more."""
INGEST_SECONDS = 10.0
"""An ingest job ends with the first batch after so long; other jobs get their turn."""

log = structlog.get_logger(__name__)
app = App(connector=PsycopgConnector())
"""Without a database until ``open_app`` gives it one."""


class GivenBack(BaseRetryStrategy):
    """A job that was cut short by its worker's end is queued again, and so is one that the
    database's trouble stopped, after a while; nothing else is."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to do it again, if at all."""
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision()
        if isinstance(exception, StorageError):
            return RetryDecision(retry_in={"seconds": min(5 * 2**job.attempts, LONGEST_PAUSE)})
        return None


def connector(database: Database, role: str) -> PsycopgConnector:
    """The engine's connections, named so that others see who is at work (presence.py)."""
    return PsycopgConnector(
        conninfo=database.url,
        connection_class=PatientConnection,
        kwargs={
            "options": f"-c search_path={SCHEMA}",
            "application_name": connection_name(role),
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": CONNECT_SECONDS * 1000,
        },
        min_size=1,
        max_size=4,
        timeout=CONNECT_SECONDS,
    )


@asynccontextmanager
async def open_app(database: Database, role: str) -> AsyncIterator[App]:
    """The app with its connections open."""
    with app.replace_connector(connector(database, role)):
        async with app.open_async():
            yield app


@app.task(name=TASK, queue=CRAWL, pass_context=True, retry=GivenBack())
async def crawl_portal(  # the job's arguments, see runs.py
    context: JobContext,
    portal: str,
    cause: str,
    slot: str | None = None,
    asked_by: str | None = None,
    sweep: bool = False,
    deaths: int = 0,  # noqa: ARG001  # how many workers ended over it, see sweep.py
) -> str:
    """Visit one portal and have its captures ingested. Returns the run's reason, for the log."""
    work: Work = context.additional_context["work"]
    due = datetime.fromisoformat(slot) if slot else None
    order = Order(
        portal, cause=cause, slot=due, job_id=context.job.id, asked_by=asked_by, sweep=sweep
    )
    with work.hands.holding(context.job):
        reason = await crawl_and_record(work.database, work.settings, order)
        await defer_ingest()
        return reason


@app.task(name="ingest_captures", queue=INGEST, pass_context=True, retry=GivenBack())
async def ingest_captures(context: JobContext, deaths: int = 0) -> None:  # noqa: ARG001
    """Ingest captures that are pending, in a thread, for it computes. What is left after a while
    is left to the next job, so that no process keeps the queue for itself."""
    work: Work = context.additional_context["work"]
    if work.hands.ingesting:
        return  # one process, one at a time: two threads would only share the time
    with work.hands.holding(context.job, ingesting=True):
        if await asyncio.to_thread(pending, work.database) > BATCH:
            await defer_ingest()  # enough for another process too
        summary = await _ingest(work.database, work.settings.capture_seconds or None)
        if await asyncio.to_thread(pending, work.database):
            await defer_ingest()
    if summary.captures:
        log.info("ingested", captures=summary.captures, reports=summary.reports)


async def _ingest(database: Database, limit: float | None) -> IngestSummary:
    cut = threading.Event()

    def progress(_: IngestSummary) -> None:
        if cut.is_set():
            raise asyncio.CancelledError

    ingesting = asyncio.to_thread(
        ingest_pending,
        database,
        progress=progress,
        seconds=INGEST_SECONDS,
        worker=PLACE,
        limit=limit,
    )
    try:
        return await ingesting
    except asyncio.CancelledError:
        cut.set()  # the thread ends before its next capture; its batch is done again
        raise


@app.task(name=READ_AGAIN, queue=INGEST, priority=AFTER_NEW, pass_context=True, retry=GivenBack())
async def read_again(context: JobContext, deaths: int = 0) -> None:  # noqa: ARG001
    """Read stored captures again for a while, or switch over what was read; the rest is left to the
    next job. Where there is enough for several processes, all that are idle take part."""
    work: Work = context.additional_context["work"]
    if work.hands.ingesting:
        return
    with work.hands.holding(context.job, ingesting=True):
        if await asyncio.to_thread(waiting_again, work.database, BATCH + 1) > BATCH:
            await _defer_once(read_again)
        left = await asyncio.to_thread(
            work_again,
            work.database,
            seconds=INGEST_SECONDS,
            worker=PLACE,
            limit=work.settings.capture_seconds or None,
        )
        if left:
            await _defer_once(read_again)


@app.task(name=HOUSEKEEPING, queue=INGEST, queueing_lock=HOUSEKEEPING, pass_context=True)
async def housekeeping(context: JobContext) -> None:
    """Forget jobs that ended long ago, and what the ledger need not keep; choose in the panel what
    a worker that was cut short has left."""
    work: Work = context.additional_context["work"]
    await app.job_manager.delete_old_jobs(
        nb_hours=KEEP_JOBS, include_failed=True, include_cancelled=True, include_aborted=True
    )
    await asyncio.to_thread(tidy, work.database, work.settings.keep_runs_days)
    await asyncio.to_thread(_keep_panel, work.database)


def _keep_panel(database: Database) -> None:
    with storage_errors(database), database.connect() as connection:
        keep_panel(connection)


async def defer_ingest() -> None:
    """See to it that pending captures will be ingested: one job waiting is enough."""
    await _defer_once(ingest_captures)


async def _defer_once(task: Task[..., Any, Any]) -> None:
    try:
        await task.configure(queueing_lock=task.name).defer_async()
    except AlreadyEnqueued:
        log.debug("a like job is already waiting", task=task.name)


def pending(database: Database) -> int:
    """How many captures wait to be understood."""
    with storage_errors(database), database.connect(autocommit=True) as connection:
        return count_pending(connection)
