"""What the database knows of how the service fares, read in one go for metrics and status.

Each statement (scheduler/sql/metrics.sql) reads the last day, open rows, or the registry through
an index: none grows with the years. The whole is given up after STATEMENT_TIMEOUT.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ingest.store.connection import Connection
from ingest.store.database import Database, storage_errors
from scheduler.leader import KEY
from scheduler.presence import Process, processes
from scheduler.sql import load

SQL = load("metrics")
STATEMENT_TIMEOUT = "10s"
SEASON_BEGINS = (12, 15)
"""15 December: reports on the year that ends begin to appear (seeds/schedule.toml)."""
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How the service fares at one moment. Durations and ages in seconds; None: there is none."""

    runs: Mapping[tuple[str, str, str], int]
    """By cause, state and reason, of the last day."""
    run_seconds: tuple[float | None, float | None]
    """Median, and what 19 of 20 stay below."""
    failures: Mapping[str, int]
    pages: Mapping[str, int]
    """By verdict, of the last day; ``pending`` where there is none yet."""
    ingest_seconds: tuple[float | None, float | None]
    jobs: Mapping[tuple[str, str], tuple[int, float | None]]
    """By queue and status: how many, and the age of the oldest."""
    captures_waiting: int
    captures_age: float | None
    portal_ages: Mapping[int | None, int]
    """Crawled portals by whole days since the last visit that succeeded."""
    season_year: int
    season: Mapping[str, tuple[int, int]]
    """By level: crawled portals, and how many of them published the season's report."""
    alerts: Mapping[tuple[str, str], int]
    """That last, by rule and severity."""
    messages: Mapping[str, tuple[int, float | None]]
    """Undelivered, by channel: how many, and the age of the oldest."""
    reports: int
    database_bytes: int
    leading: bool
    processes: tuple[Process, ...]

    def stale(self, days: int) -> int:
        """Crawled portals without a successful visit for more than ``days``."""
        return sum(n for age, n in self.portal_ages.items() if age is None or age > days)


def season_year(now: datetime) -> int:
    """The year that reports of the current season are on: it turns on 15 December."""
    today = now.astimezone(CHINA)
    return today.year if (today.month, today.day) >= SEASON_BEGINS else today.year - 1


def take_snapshot(database: Database, now: datetime) -> Snapshot:
    """Read everything. Errors: StorageError."""
    with storage_errors(database), database.connect(autocommit=True) as connection:
        connection.execute(f"set statement_timeout = '{STATEMENT_TIMEOUT}'")
        rows = _Rows(connection, now)
        waiting, waiting_age = rows("waiting_captures")[0]
        reports, size = rows("totals")[0]
        return Snapshot(
            runs={(cause, state, reason): n for cause, state, reason, n in rows("runs_of_late")},
            run_seconds=rows.pair("run_durations"),
            failures=dict(rows("failures_of_late")),
            pages=dict(rows("pages_of_late")),
            ingest_seconds=rows.pair("ingest_latencies"),
            jobs={(q, status): (n, _number(age)) for q, status, n, age in rows("open_jobs")},
            captures_waiting=waiting,
            captures_age=_number(waiting_age),
            portal_ages=dict(rows("portals_by_age")),
            season_year=season_year(now),
            season={level: (n, out) for level, n, out in rows("season", year=season_year(now))},
            alerts={(rule, severity): n for rule, severity, n in rows("open_alerts")},
            messages={name: (n, _number(age)) for name, n, age in rows("waiting_messages")},
            reports=reports,
            database_bytes=size,
            leading=bool(rows("leader", key=KEY)[0][0]),
            processes=tuple(processes(database)),
        )


class _Rows:
    """Answers of the statements by name."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now

    def __call__(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(SQL[statement], {"now": self.now, **values}).fetchall()

    def pair(self, statement: str) -> tuple[float | None, float | None]:
        first, second = self(statement)[0]
        return _number(first), _number(second)


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
