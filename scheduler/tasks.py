"""The job engine's app (Procrastinate 3, schema ``jobs`` of the same database) and its tasks.

crawl_portal       one visit of one portal; two never run at once (lock) or wait (queueing lock)
ingest_captures    understands and stores what is pending; at most one waits
housekeeping       forgets jobs that ended long ago

A job says what to do; what came of it is told by the run ledger (ingest/store/runs.py).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from ingest.store.database import Database
from ingest.store.outcome import IngestSummary
from ingest.worker import ingest_pending
from scheduler.config import Settings
from scheduler.crawling import Order, crawl_and_record
from scheduler.presence import connection_name

CRAWL, INGEST = "crawl", "ingest"
"""The queues: what a crawler process takes, and what an ingester process takes."""
DEMO = "demo"
"""Visits of the pretend portals by `fazhi demo`: only it knows where its simulator answers."""
SCHEMA = "jobs"
KEEP_JOBS = 30 * 24
"""Hours. Ended jobs are of use to an operator for a month; the run ledger stays."""

log = structlog.get_logger(__name__)
app = App(connector=PsycopgConnector())
"""Without a database until ``open_app`` gives it one."""


class GivenBack(BaseRetryStrategy):
    """A job that was cut short by its worker's end is queued again; nothing else is."""

    def get_retry_decision(
        self,
        *,
        exception: BaseException,
        job: Job,  # noqa: ARG002  # named by the engine
    ) -> RetryDecision | None:
        """Put back at once, where the job was cancelled."""
        return RetryDecision() if isinstance(exception, asyncio.CancelledError) else None


@dataclass(frozen=True, slots=True)
class Work:
    """What tasks need of the process they run in."""

    settings: Settings
    database: Database


def connector(database: Database, role: str) -> PsycopgConnector:
    """The engine's connections, named so that others see who is at work (presence.py)."""
    return PsycopgConnector(
        conninfo=database.url,
        kwargs={"options": f"-c search_path={SCHEMA}", "application_name": connection_name(role)},
        min_size=1,
        max_size=4,
    )


@asynccontextmanager
async def open_app(database: Database, role: str) -> AsyncIterator[App]:
    """The app with its connections open."""
    with app.replace_connector(connector(database, role)):
        async with app.open_async():
            yield app


@app.task(name="crawl_portal", queue=CRAWL, pass_context=True, retry=GivenBack())
async def crawl_portal(
    context: JobContext, portal: str, cause: str, slot: str | None = None
) -> str:
    """Visit one portal and have its captures ingested. Returns the run's reason, for the log."""
    work: Work = context.additional_context["work"]
    due = datetime.fromisoformat(slot) if slot else None
    order = Order(portal, cause=cause, slot=due, job_id=context.job.id)
    reason = await crawl_and_record(work.database, work.settings, order)
    await defer_ingest()
    return reason


@app.task(name="ingest_captures", queue=INGEST, pass_context=True, retry=GivenBack())
async def ingest_captures(context: JobContext) -> None:
    """Ingest all captures that are pending; in a thread, for it computes."""
    work: Work = context.additional_context["work"]
    cut = threading.Event()

    def progress(_: IngestSummary) -> None:
        if cut.is_set():
            raise asyncio.CancelledError

    try:
        summary = await asyncio.to_thread(ingest_pending, work.database, progress=progress)
    except asyncio.CancelledError:
        cut.set()  # the thread ends before its next capture; its batch is done again
        raise
    if summary.captures:
        log.info("ingested", captures=summary.captures, reports=summary.reports)


@app.task(name="housekeeping", queue=INGEST, queueing_lock="housekeeping")
async def housekeeping() -> None:
    """Forget jobs that ended long ago."""
    await app.job_manager.delete_old_jobs(
        nb_hours=KEEP_JOBS, include_failed=True, include_cancelled=True, include_aborted=True
    )


async def defer_ingest() -> None:
    """See to it that pending captures will be ingested: one job waiting is enough."""
    try:
        await ingest_captures.configure(queueing_lock=ingest_captures.name).defer_async()
    except AlreadyEnqueued:
        log.debug("ingest is already waiting")


async def defer_housekeeping() -> None:
    """Have things tidied away, unless that is waiting already."""
    try:
        await housekeeping.defer_async()
    except AlreadyEnqueued:
        log.debug("housekeeping is already waiting")
