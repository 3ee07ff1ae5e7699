"""Starting a run: one way for the schedule, for a person at a keyboard, and for anything to come.

Callers differ only in the recorded cause. A portal is never queued twice and never visited twice
at once; whoever asks while it is queued or under way is told which job that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from scheduler.tasks import CRAWL, app, crawl_portal


class State(StrEnum):
    """What a request found or brought about."""

    QUEUED = "queued"
    WAITING = "already waiting"
    RUNNING = "already running"


@dataclass(frozen=True, slots=True)
class Request:
    """The answer to a request: the job that visits the portal, and whose it is."""

    portal: str
    job_id: int
    state: State

    @property
    def new(self) -> bool:
        """Whether this request made the job."""
        return self.state is State.QUEUED


async def request_crawl(
    portal: str, *, cause: str, slot: datetime | None = None, queue: str = CRAWL
) -> Request:
    """Queue a visit of one portal, unless one is queued or under way. The app must be open.

    ``cause`` says who asked ("schedule", "manual", ...); ``slot`` is the due time it is for;
    ``queue`` is another one than usual where only certain workers may take the job.
    """
    arguments = {"portal": portal, "cause": cause, "slot": slot.isoformat() if slot else None}
    job = crawl_portal.configure(lock=portal, queueing_lock=f"crawl {portal}", queue=queue)
    while True:
        if running := await _open_job(portal, Status.DOING):
            return Request(portal, running, State.RUNNING)
        try:
            return Request(portal, await job.defer_async(**arguments), State.QUEUED)
        except AlreadyEnqueued:
            if waiting := await _open_job(portal, Status.TODO):
                return Request(portal, waiting, State.WAITING)
            # It was taken up or ended in between: ask again.


async def _open_job(portal: str, status: Status) -> int | None:
    jobs = await app.job_manager.list_jobs_async(
        task=crawl_portal.name, lock=portal, status=status.value
    )
    return next((job.id for job in jobs), None)
