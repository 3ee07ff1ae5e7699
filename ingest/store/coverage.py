"""Who owed a report for which year, and what became of it: the view ``coverage``, asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from psycopg.rows import class_row

from ingest.store.connection import Connection
from ingest.store.queries import region_filter
from ingest.store.sql import load_queries

SQL = load_queries("coverage")
STATUSES = (
    *("on_time", "late", "undated", "removed", "not_found", "blocked", "unreachable"),
    *("our_fault", "not_yet_due"),
)
"""As the view's comment explains them, from good to bad."""


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """What became of the report that a body owed for a year."""

    kind: str
    body: str
    level: str
    adcode: str | None
    path: list[str] | None
    portal_id: str | None
    year: int
    status: str
    days_late: int | None
    due_on: date
    published_at: date | None
    first_seen_on: date | None
    report_id: int | None
    url: str | None
    capture_id: int | None
    run_id: int | None
    run_reason: str | None
    run_at: datetime | None
    challenge_capture_id: int | None
    detail: str | None
    known_from: str
    law: str


def list_coverage(
    connection: Connection,
    *,
    years: tuple[int, int] | None = None,
    level: str | None = None,
    region: str | None = None,
    status: str | None = None,
    limit: int | None = None,
) -> list[CoverageRow]:
    """Bodies by division, their years in order. ``years`` are first and last; ``region`` is as for
    ``list_reports``."""
    values = {
        "first": years[0] if years else None,
        "last": years[1] if years else None,
        "level": level,
        "status": status,
        "limit": limit,
        **region_filter(region),
    }
    with connection.cursor(row_factory=class_row(CoverageRow)) as cursor:
        return cursor.execute(SQL["list_coverage"], values).fetchall()


def owed_years(connection: Connection) -> list[int]:
    """The years that somebody had to report on."""
    return [year for (year,) in connection.execute(SQL["owed_years"])]
