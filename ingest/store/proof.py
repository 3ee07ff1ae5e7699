"""What proves a report: the captures behind its versions, and how they are cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.citation import Citation
from ingest.store.captures import PendingCapture, capture_of
from ingest.store.connection import Connection
from ingest.store.sql import load_queries

SQL = load_queries("proof")
BYTES_FROM, BODY = 6, 4
"""Where a capture's own columns begin in a row of `proofs`, and its bytes among them."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A capture and the version it made last. ``pending`` is None where its bytes are missing."""

    report_id: int
    version_number: int
    ruleset: str
    extraction_sha256: str
    sha256: str
    capture_id: int
    pending: PendingCapture | None


class ShownOtherwise(NamedTuple):
    """A column of `reports` that does not show what the current version says."""

    report_id: int
    version_number: int
    capture_id: int
    sha256: str
    column: str
    shown: str | None
    said: str | None


def find_citation(connection: Connection, report: int, version: int | None) -> Citation | None:
    """What a citation of a version names, of the current one by default; None for none such."""
    row = connection.execute(SQL["citation"], {"report": report, "version": version}).fetchone()
    return Citation(*row) if row else None


def reports_after(connection: Connection, after: int, limit: int) -> list[int]:
    """Numbers of reports above one, in order."""
    rows = connection.execute(SQL["reports_after"], {"after": after, "limit": limit})
    return [number for (number,) in rows]


def known_reports(connection: Connection, reports: Sequence[int]) -> set[int]:
    """Those of some numbers that are reports."""
    rows = connection.execute(SQL["known_reports"], {"reports": list(reports)})
    return {number for (number,) in rows}


def proofs_of(connection: Connection, reports: Sequence[int]) -> list[Proof]:
    """The captures that made versions of some reports, by report and capture."""
    rows = connection.execute(SQL["proofs"], {"reports": list(reports)})
    found = []
    for row in rows:
        report, number, rules, digest, sha256, capture_id = row[:BYTES_FROM]
        columns = row[BYTES_FROM:]
        missing = columns[BODY] is None
        pending = None if missing else PendingCapture(capture_id, capture_of(columns))
        found.append(Proof(report, number, rules, digest, sha256, capture_id, pending))
    return found


def shown_otherwise(connection: Connection, reports: Sequence[int]) -> list[ShownOtherwise]:
    """Columns that do not show what the current versions of some reports say."""
    rows = connection.execute(SQL["shown_otherwise"], {"reports": list(reports)})
    return [ShownOtherwise(*row) for row in rows]
