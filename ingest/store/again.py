"""Captures that are read again, what differs, and what is stored of them by now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from psycopg.types.json import Jsonb

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
    verdict: str | None = None
    ruleset: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Of a run, in captures."""

    waiting: int
    read: int
    broken: int
    to_switch: int


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of reading a capture: same, differs, or broken for a reason; differences as plain
    values."""

    capture_id: int
    state: str
    differences: Mapping[str, Any] | None = None
    reason: str | None = None


def alone(connection: Connection) -> bool:
    """Whether no other run is under way; then none begins until this connection ends."""
    row = connection.execute(SQL["reingest_alone"]).fetchone()
    return bool(row and row[0])


def count_again(connection: Connection, scope: Scope) -> int:
    """How many captures there are to read again."""
    row = connection.execute(SQL["count_again"], asdict(scope)).fetchone()
    assert row is not None
    return int(row[0])


def ask_again(connection: Connection, scope: Scope, rules: str) -> int:
    """Have the captures of a scope read by these rules; the number of the run."""
    connection.execute(SQL["forget_other_rules"], {"rules": rules})
    connection.execute(SQL["forget_outdated"])
    row = connection.execute(SQL["next_run"]).fetchone()
    assert row is not None
    values = {**asdict(scope), "run": row[0], "rules": rules}
    connection.execute(SQL["ask_again"], values)
    return int(row[0])


def take_waiting(
    connection: Connection, rules: str, limit: int, *, suspects: bool = False
) -> list[PendingCapture]:
    """Captures that wait to be read; others pass over them until the transaction ends. The batch
    ends early where its pages would exceed BATCH_BYTES. ``suspects`` are those that a worker did
    not come to an end with: they only, or none of them."""
    return _taken(connection, "take_waiting", rules, limit, suspects)


def take_differing(
    connection: Connection, rules: str, limit: int, *, suspects: bool = False
) -> list[PendingCapture]:
    """As ``take_waiting``, approved ones that were read otherwise."""
    return _taken(connection, "take_differing", rules, limit, suspects)


def _taken(
    connection: Connection, query: str, rules: str, limit: int, suspects: bool
) -> list[PendingCapture]:
    values = {"rules": rules, "limit": limit, "bytes": BATCH_BYTES, "suspects": suspects}
    return [
        PendingCapture(row[0], capture_of(row[1:]))
        for row in connection.execute(SQL[query], values)
    ]


def take_same(connection: Connection, rules: str, limit: int) -> list[int]:
    """Numbers of approved captures that were read as before; locked as with ``take_waiting``."""
    rows = connection.execute(SQL["take_same"], {"rules": rules, "limit": limit})
    return [number for (number,) in rows]


def settle_same(connection: Connection, rules: str, ids: Sequence[int]) -> None:
    """Note that these rules have read some captures."""
    connection.execute(SQL["settle_same"], {"rules": rules, "ids": list(ids)})


def settle_differing(connection: Connection, ids: Sequence[int]) -> None:
    """Note that the readings of some captures were switched over."""
    connection.execute(SQL["settle_differing"], {"ids": list(ids)})


def note_readings(connection: Connection, noted: Sequence[Noted]) -> None:
    """Keep what came of reading some captures."""
    values = {
        "ids": [one.capture_id for one in noted],
        "states": [one.state for one in noted],
        "reasons": [one.reason for one in noted],
        "differences": [Jsonb(one.differences) for one in noted],
    }
    connection.execute(SQL["note_readings"], values)


def progress(connection: Connection, run: int) -> Progress:
    """How far a run is."""
    row = connection.execute(SQL["progress"], {"run": run}).fetchone()
    assert row is not None
    return Progress(*row)


def differences_of(connection: Connection, run: int) -> Iterator[Mapping[str, Any]]:
    """What a run would change, capture by capture; some in memory at a time."""
    with connection.cursor(name="differences") as cursor:
        for (found,) in cursor.execute(SQL["differences_of_run"], {"run": run}):
            yield found


def broken_in(connection: Connection, run: int) -> list[tuple[int, str, str | None]]:
    """Captures of a run that break the program: number, address or file, and why."""
    return connection.execute(SQL["broken_in_run"], {"run": run}).fetchall()


def approve(connection: Connection, run: int) -> None:
    """Let what a run has read be switched over."""
    connection.execute(SQL["approve"], {"run": run})


def work_left(connection: Connection, rules: str, limit: int) -> int:
    """How many captures wait to be read or switched over, up to a limit."""
    row = connection.execute(SQL["work_again"], {"rules": rules, "limit": limit}).fetchone()
    assert row is not None
    return int(row[0])


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
            digest=digest,
        )
        for number, verdict, reason, report_id, fields, body, parts, digest in rows
    }
