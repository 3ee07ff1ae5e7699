"""What need not be kept for ever is forgotten, by the policy of FAZHI_KEEP_RUNS_DAYS.

A run that fetched something stays as long as what it fetched: it is part of the evidence.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog

from ingest.store.connection import Connection
from ingest.store.database import Database, storage_errors
from scheduler.runs import IN_TURN, INGEST
from scheduler.sql import load

HOUSEKEEPING = "housekeeping"
"""The task that does it, when its turn in the queue comes (tasks.py)."""
SQL = load("retention")
REQUESTS = load("requests")

log = structlog.get_logger(__name__)


def queue_housekeeping(connection: Connection) -> None:
    """Have things tidied away, unless that is waiting already."""
    with connection.transaction():
        connection.execute(REQUESTS["use_jobs"])
        values = {"queue": INGEST, "task": HOUSEKEEPING, "priority": IN_TURN}
        connection.execute(REQUESTS["queue_once"], values)


def tidy(database: Database, keep_days: int, now: datetime | None = None) -> dict[str, int]:
    """Forget runs and slots older than so many days (0: keep all); how many of each."""
    before = (now or datetime.now(UTC)) - timedelta(days=keep_days)
    forgotten = {}
    with storage_errors(database), database.connect() as connection:
        if keep_days:
            for what in ("runs", "slots"):
                done = connection.execute(SQL[f"forget_{what}"], {"before": before})
                forgotten[what] = done.rowcount
        connection.execute(SQL["forget_attempts"])
    if any(forgotten.values()):
        log.info("forgotten", older_than=before, **forgotten)
    return forgotten
