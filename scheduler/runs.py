"""Starting a run: one way for the schedule, for a person at a keyboard, and for an HTTP request.

Callers differ only in the recorded cause and in who asked. A portal is never queued twice and
never visited twice at once; whoever asks while it is queued or under way is told which visit that
is. A request is one transaction: the slot it serves and the job it makes are kept together or not
at all.
"""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from ingest.store.connection import Rollback
from scheduler.presence import HOST
from scheduler.sql import load

if TYPE_CHECKING:
    from ingest.store.connection import Connection

SQL = load("requests")
TASK = "crawl_portal"
READ_AGAIN = "read_again"
"""The task that takes part in a run of ``fazhi reingest``."""
CRAWL = "crawl"
INGEST = "ingest"
"""The queues that crawler and ingester processes take from."""
AT_ONCE, IN_TURN, AFTER_NEW = 10, 0, -10
"""Priorities. Who waits for an answer goes before what the calendar queued by the thousand, and
what was fetched just now before what was read once already."""


class Cause(StrEnum):
    """How a run came about."""

    SCHEDULE = "schedule"
    HAND = "hand"
    HTTP = "http"
    DEMO = "demo"


class State(StrEnum):
    """What a request found or brought about."""

    QUEUED = "queued"
    WAITING = "already waiting"
    RUNNING = "already running"


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that is asked for.

    ``asked_by`` is who asked; ``slot`` the due time it is for; ``sweep`` asks to look at
    everything; ``queue`` is another one than usual where only certain workers may take the job.
    """

    portal: str
    cause: str
    asked_by: str
    slot: datetime | None = None
    sweep: bool = False
    queue: str = CRAWL


@dataclass(frozen=True, slots=True)
class Request:
    """The answer to a request: the job that visits the portal, and whose it is."""

    portal: str
    job_id: int
    state: State
    cause: str
    """Of the visit that will be or is being made, as are the following."""
    asked_by: str | None
    run_id: int | None = None
    """The run it has begun; None while it waits."""
    since: datetime | None = None

    @property
    def new(self) -> bool:
        """Whether this request made the job."""
        return self.state is State.QUEUED

    @property
    def message(self) -> str:
        """One line for people."""
        if self.new:
            return f"{self.portal}: {self.state.value} (job {self.job_id})"
        which = f"run {self.run_id}, job {self.job_id}" if self.run_id else f"job {self.job_id}"
        by = f" by {self.asked_by}" if self.asked_by else ""
        since = f", since {self.since:%Y-%m-%d %H:%M:%S %Z}" if self.since else ""
        return f"{self.portal}: {self.state.value} ({which}, asked for by {self.cause}{by}{since})"


def whoever_types() -> str:
    """Who is at this keyboard, as user@host."""
    try:
        return f"{getpass.getuser()}@{HOST}"
    except (KeyError, OSError):  # no account has this number
        return f"unknown@{HOST}"


def request_crawl(connection: Connection, visit: Visit) -> Request:
    """Ask for a visit of one portal: queue it, unless one is queued or under way.

    Kept when the caller's transaction ends, or at once where there is none (autocommit).
    """
    with connection.transaction():
        connection.execute(SQL["use_jobs"])
        while True:
            if made := _queue(connection, visit):
                return made
            if found := _find(connection, visit.portal):
                if found.state is State.WAITING and visit.cause != Cause.SCHEDULE:
                    values = {"job": found.job_id, "priority": AT_ONCE}
                    connection.execute(SQL["hurry_visit"], values)
                return found
            # It was taken up or ended in between: ask again.


def _queue(connection: Connection, visit: Visit) -> Request | None:
    """A new job; None where one waits, or where one has just been taken up."""
    values = {
        "task": TASK,
        "queue": visit.queue,
        "priority": IN_TURN if visit.cause == Cause.SCHEDULE else AT_ONCE,
        "portal": visit.portal,
        "cause": visit.cause,
        "asked_by": visit.asked_by,
        "slot": visit.slot.isoformat() if visit.slot else None,
        "sweep": visit.sweep,
    }
    with connection.transaction() as attempt:
        row = connection.execute(SQL["queue_visit"], values).fetchone()
        if row is None:
            return None
        found = _find(connection, visit.portal)
        if found and found.state is State.RUNNING:
            raise Rollback(attempt)
        return Request(visit.portal, row[0], State.QUEUED, visit.cause, visit.asked_by)
    return None


def _find(connection: Connection, portal: str) -> Request | None:
    values = {"portal": portal, "task": TASK}
    row = connection.execute(SQL["find_visit"], values).fetchone()
    if row is None:
        return None
    job_id, status, cause, asked_by, run_id, since = row
    state = State.RUNNING if status == "doing" else State.WAITING
    return Request(portal, job_id, state, cause, asked_by, run_id, since)


def queue_reading_again(connection: Connection) -> None:
    """Have the ingesters take part in a run of ``fazhi reingest``, unless one is called already."""
    with connection.transaction():
        connection.execute(SQL["use_jobs"])
        values = {"queue": INGEST, "task": READ_AGAIN, "priority": AFTER_NEW}
        connection.execute(SQL["queue_once"], values)
