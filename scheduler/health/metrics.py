"""The page for Prometheus, made from a snapshot of the database.

All processes of the service, on any machines, work on one database; so one page tells of them all
and it does not matter which health process is asked. Every label takes its values from a set that
is bounded: a word that the program does not know is counted as ``other``.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib import metadata

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from crawler.outcome import Reason
from crawler.portals import LEVELS
from ingest.errors import StorageError
from ingest.store.database import Database
from scheduler.health.gauges import bounded, gauge, known, plain, quantiles
from scheduler.health.snapshot import Snapshot, take_snapshot

__all__ = ["CONTENT_TYPE", "Exposition", "page"]

FRESH_SECONDS = 10.0
"""A page is this old at most. More askers than one cost no more than one."""
STALE_DAYS = (1, 3, 7, 30, 90, 365)
CAUSES = {"schedule", "hand", "http", "demo"}
REASONS = {reason.value for reason in Reason} | {"running", "setting", "seed"}
VERDICTS = {"report", "not_report", "challenge", "unreadable", "pending"}
QUEUES = {"crawl", "ingest", "demo"}
ROLES = ("scheduler", "crawler", "ingester")
STATES = {"running", "succeeded", "failed"}

log = structlog.get_logger(__name__)


class Exposition:
    """The page, read anew when the last one is no longer fresh; one reader at a time."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._page = b""
        self._read_at = -FRESH_SECONDS
        self._reading = asyncio.Lock()

    async def text(self) -> bytes:
        """The page in Prometheus' text format. Without a database it says only that."""
        async with self._reading:
            if time.monotonic() - self._read_at >= FRESH_SECONDS:
                self._page = await asyncio.to_thread(self._read)
                self._read_at = time.monotonic()
        return self._page

    def _read(self) -> bytes:
        began = time.monotonic()
        try:
            snapshot = take_snapshot(self.database, datetime.now(UTC))
        except StorageError as error:
            log.warning("no metrics", reason=str(error))
            snapshot = None
        return page(snapshot, time.monotonic() - began)


def page(snapshot: Snapshot | None, seconds: float) -> bytes:
    """A snapshot (None: the database could not be asked) that took so many seconds, as text."""
    registry = CollectorRegistry()
    registry.register(_Fixed([*_process(snapshot is not None, seconds), *_all(snapshot)]))
    return generate_latest(registry)


class _Fixed(Collector):
    def __init__(self, metrics: list[Metric]) -> None:
        self.metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self.metrics


def _process(database_up: bool, seconds: float) -> Iterator[Metric]:
    version = {(metadata.version("fazhi"),): 1.0}
    yield gauge("fazhi_build_info", "Version of the program.", ["version"], version)
    yield plain("fazhi_database_up", "Whether the database answered.", float(database_up))
    yield plain("fazhi_snapshot_seconds", "Seconds it took to ask the database.", seconds)


def _all(snapshot: Snapshot | None) -> Iterator[Metric]:
    if snapshot is not None:
        yield from _runs(snapshot)
        yield from _pages(snapshot)
        yield from _queues(snapshot)
        yield from _portals(snapshot)
        yield from _service(snapshot)


def _runs(snapshot: Snapshot) -> Iterator[Metric]:
    runs: Counter[tuple[str, ...]] = Counter()
    for (cause, state, reason), count in snapshot.runs.items():
        runs[known(cause, CAUSES), known(state, STATES), known(reason, REASONS)] += count
    labels = ["cause", "state", "reason"]
    yield gauge("fazhi_runs_last_day", "Runs begun in the last 24 hours.", labels, runs)
    yield quantiles(
        "fazhi_run_duration_seconds", "How long the runs of a day took.", snapshot.run_seconds
    )
    failures = bounded(snapshot.failures, REASONS)
    yield gauge(
        "fazhi_fetch_failures_last_day", "What runs of a day could not fetch.", ["reason"], failures
    )


def _pages(snapshot: Snapshot) -> Iterator[Metric]:
    pages = bounded(snapshot.pages, VERDICTS)
    yield gauge("fazhi_pages_last_day", "Pages new in the last 24 hours.", ["verdict"], pages)
    yield quantiles(
        "fazhi_ingest_latency_seconds", "From fetched to understood.", snapshot.ingest_seconds
    )
    yield plain("fazhi_captures_waiting", "To be understood.", snapshot.captures_waiting)
    yield plain("fazhi_captures_waiting_age_seconds", "Of the oldest.", snapshot.captures_age or 0)
    yield plain("fazhi_reports", "Reports in the database.", snapshot.reports)


def _queues(snapshot: Snapshot) -> Iterator[Metric]:
    depth: Counter[tuple[str, ...]] = Counter()
    age: dict[tuple[str, ...], float] = {}
    for (queue, status), (count, oldest) in snapshot.jobs.items():
        labels = (known(queue, QUEUES), status)
        depth[labels] += count
        age[labels] = max(age.get(labels, 0.0), oldest or 0.0)
    for queue in QUEUES:
        depth.setdefault((queue, "todo"), 0)
    names = ["queue", "status"]
    yield gauge("fazhi_jobs", "Jobs that wait (todo) or are being done.", names, depth)
    yield gauge("fazhi_jobs_oldest_age_seconds", "Since the oldest was queued.", names, age)


def _portals(snapshot: Snapshot) -> Iterator[Metric]:
    total = sum(snapshot.portal_ages.values())
    yield plain("fazhi_portals_crawled", "Portals in the registry and enabled.", total)
    stale = {(str(days),): float(snapshot.stale(days)) for days in STALE_DAYS}
    stale["never",] = float(snapshot.portal_ages.get(None, 0))
    yield gauge(
        "fazhi_portals_stale", "Without a successful visit for so many days.", ["days"], stale
    )
    owing: Counter[tuple[str, ...]] = Counter()
    published: Counter[tuple[str, ...]] = Counter()
    for level, (count, out) in snapshot.season.items():
        labels = (str(snapshot.season_year), known(level, set(LEVELS)))
        owing[labels] += count
        published[labels] += out
    names = ["year", "level"]
    yield gauge("fazhi_season_portals", "Portals that are looked at for a report.", names, owing)
    yield gauge("fazhi_season_portals_published", "Those that have it.", names, published)


def _service(snapshot: Snapshot) -> Iterator[Metric]:
    roles = Counter((process.role,) for process in snapshot.processes)
    counts = {(role,): float(roles.get((role,), 0)) for role in ROLES}
    yield gauge("fazhi_processes", "Processes at work, on all machines.", ["role"], counts)
    yield plain("fazhi_scheduler_leading", "Whether a scheduler leads.", float(snapshot.leading))
    yield plain("fazhi_database_bytes", "Size of the database.", snapshot.database_bytes)
    alerts = {key: float(count) for key, count in snapshot.alerts.items()}
    yield gauge("fazhi_alerts_open", "Alerts that last.", ["rule", "severity"], alerts)
    waiting = {(name,): float(count) for name, (count, _) in snapshot.messages.items()}
    ages = {(name,): age or 0.0 for name, (_, age) in snapshot.messages.items()}
    yield gauge("fazhi_alert_messages_waiting", "Not delivered yet.", ["channel"], waiting)
    yield gauge("fazhi_alert_messages_age_seconds", "Of the oldest.", ["channel"], ages)
