"""Captures that are read again, and what is stored of them by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ingest.differences import Reading
from ingest.store.captures import BATCH_BYTES, PendingCapture, capture_of
from ingest.store.connection import Connection
from ingest.store.sql import load_queries

SQL = load_queries("again")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which captures; None means any. ``ruleset`` leaves out those that these rules have read."""

    portal: str | None = None
    year: int | None = None
    report: int | None = None
    ruleset: str | None = None


def count_again(connection: Connection, scope: Scope) -> int:
    """How many captures there are to read again."""
    row = connection.execute(SQL["count_again"], asdict(scope)).fetchone()
    assert row is not None
    return int(row[0])


def take_again(
    connection: Connection, scope: Scope, after: int, limit: int
) -> list[PendingCapture]:
    """Up to ``limit`` captures numbered above ``after``, in order; others pass over them until the
    transaction ends. The batch ends early where its pages would exceed BATCH_BYTES."""
    values = {**asdict(scope), "after": after, "limit": limit, "bytes": BATCH_BYTES}
    rows = connection.execute(SQL["take_again"], values)
    return [PendingCapture(row[0], capture_of(row[1:])) for row in rows]


def stored_readings(connection: Connection, capture_ids: Sequence[int]) -> dict[int, Reading]:
    """What is stored of some captures, by their numbers."""
    rows = connection.execute(SQL["stored_readings"], {"capture_ids": list(capture_ids)})
    return {
        number: Reading(
            verdict=verdict,
            reason=reason,
            report_id=report_id,
            fields=None if fields is None else {**fields, "body": body},
            parts=parts,
        )
        for number, verdict, reason, report_id, fields, body, parts in rows
    }
