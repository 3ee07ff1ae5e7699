"""Histories of portals from the database: the ledger's latest visits, and the reports they gave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from ingest.store.connection import Connection
from scheduler.sql import load
from scheduler.watch.history import OUR_OWN, History, Visit
from scheduler.watch.thresholds import MOST_VISITS

SQL = load("watch")
YEARS = 10
"""Reports on so many years are looked at; rules ask for a few."""

Reports = dict[str, dict[str, dict[int, date]]]


def read_histories(
    connection: Connection, now: datetime, since: datetime | None
) -> Iterator[History]:
    """Each crawled portal's history; with ``since``, only of portals that a run ended at since."""
    values: dict[str, object] = {"since": since, "first_year": now.year - YEARS}
    reports: Reports = defaultdict(lambda: defaultdict(dict))
    for portal, kind, year, day in connection.execute(SQL["reports_of_portals"], values):
        reports[portal][kind][year] = day
    values |= {"our_own": sorted(OUR_OWN), "most": MOST_VISITS}
    rows = connection.execute(SQL["visits_of_portals"], values)
    for (portal, name, level), group in groupby(rows, key=lambda row: row[:3]):
        visits = tuple(_visit(row[3:]) for row in group if row[3] is not None)
        yield History(portal, name, level, visits, reports[portal])


def _visit(row: tuple[Any, ...]) -> Visit:
    run_id, at, state, reason, entries, articles, families, challenged, moved = row
    return Visit(
        run_id=run_id,
        at=at,
        state=state,
        reason=reason or "",
        entries=entries,
        articles=articles,
        families=tuple(families),
        challenged=challenged or reason == "challenge",
        moved_columns=tuple(moved),
    )
