"""Following crawl jobs to their end, whoever runs them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.store.database import Database, storage_errors
from scheduler.sql import load

SQL = load("ledger")
LOOK_EVERY = 0.3


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one crawl job stands; the counts of a visit under way are a few seconds old."""

    job_id: int
    portal: str
    job: str
    """The engine's word: todo, doing, succeeded, failed, cancelled, aborted."""
    run_id: int | None
    state: str | None
    """The ledger's word: running, succeeded, failed; None before the run has begun."""
    reason: str | None
    detail: str | None
    requests: int
    entries: int
    articles: int
    new_captures: int

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of the job."""
        return self.job not in ("todo", "doing")

    @property
    def good(self) -> bool:
        """Whether the visit succeeded."""
        return self.state == "succeeded"

    @property
    def message(self) -> str:
        """One line for people."""
        if self.detail or self.reason:
            return self.detail or str(self.reason)
        return {"todo": "waiting", "doing": "being visited"}.get(self.job, self.job)

    @property
    def counts(self) -> str:
        """How far it is, in one line."""
        if self.run_id is None:
            return self.message
        return (
            f"run {self.run_id}, {self.requests} requests, {self.articles} of {self.entries} "
            f"reports fetched, {self.new_captures} new"
        )


Tell = Callable[[Sequence[Progress]], None]


def look(database: Database, jobs: Sequence[int]) -> list[Progress]:
    """Where these jobs stand now."""
    with storage_errors(database), database.connect(autocommit=True) as connection:
        rows = connection.execute(SQL["look_at_jobs"], {"ids": list(jobs)}).fetchall()
    return [Progress(*row) for row in rows]


async def follow(database: Database, jobs: Sequence[int], tell: Tell) -> list[Progress]:
    """Look at the jobs until all have ended; ``tell`` is called after each look."""
    while True:
        found = await asyncio.to_thread(look, database, jobs)
        tell(found)
        if all(progress.ended for progress in found):
            return found
        await asyncio.sleep(LOOK_EVERY)
