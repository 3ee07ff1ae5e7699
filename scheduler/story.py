"""The story of one run, from the ledger: who asked for it, what it did, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ingest.store.connection import Connection
from ingest.store.queries import list_failures, list_runs
from ingest.store.rows import FailureRow, RunRow
from scheduler.sql import load

SQL = load("ledger")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the run's job: deferred, started, deferred_for_retry ..."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ServedSlot:
    """A due visit that the run's job served; ``found`` says how the calendar found the portal:
    queued (the slot made the job), waiting or running (someone else had asked)."""

    slot: datetime
    fired_at: datetime
    fired_by: str
    found: str
    coalesced: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that the run was the first to fetch, and what became of it."""

    capture: int
    origin: str
    status: int
    verdict: str | None
    """None while it waits to be understood."""
    reason: str | None
    report: int | None
    title: str | None
    ingested_at: datetime | None


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that is known of a run."""

    run: RunRow
    job: tuple[Event, ...]
    """Empty once the job is forgotten."""
    slots: tuple[ServedSlot, ...]
    failures: tuple[FailureRow, ...]
    captures: tuple[Fetched, ...]


def read_story(connection: Connection, run_id: int) -> Story | None:
    """The story of a run; None when there is none of this number."""
    runs = list_runs(connection, run_id=run_id)
    if not runs:
        return None
    of_job, of_run = {"job": runs[0].job_id}, {"run": run_id}
    return Story(
        run=runs[0],
        job=tuple(Event(*row) for row in connection.execute(SQL["job_events"], of_job)),
        slots=tuple(ServedSlot(*row) for row in connection.execute(SQL["slots_served"], of_job)),
        failures=tuple(list_failures(connection, run_id)),
        captures=tuple(Fetched(*row) for row in connection.execute(SQL["captures_of"], of_run)),
    )
