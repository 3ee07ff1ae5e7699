"""Marks values that jump against the same body's year before (ingest/jumps.py).

That takes two reports, so it is done where both are: in the transaction that stores one of them.
The year after is judged anew too, so that the order in which reports come does not matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass

from ingest.jumps import YearlyValue, jumps
from ingest.store.connection import Connection
from ingest.store.sql import load_queries

SQL = load_queries("jumps")


@dataclass(frozen=True, slots=True)
class Body:
    """Who reports year after year; ``department`` is None for the government itself."""

    kind: str
    adcode: str
    name: str
    department: str | None


def bodies_of(connection: Connection, capture_ids: Sequence[int]) -> set[Body]:
    """The bodies whose reports some captures were understood as."""
    rows = connection.execute(SQL["bodies_of"], {"capture_ids": list(capture_ids)})
    return {Body(*row) for row in rows}


@contextmanager
def marking_jumps(connection: Connection, capture_ids: Sequence[int]) -> Iterator[None]:
    """Store captures in the block; at its end the bodies they belong to are judged.

    The bodies they belonged to before count too: a report that is withdrawn, or turns out to be
    another year's, was a yardstick there. The block must be the last of its transaction.
    """
    before = bodies_of(connection, capture_ids)
    yield
    mark_jumps(connection, before | bodies_of(connection, capture_ids))


def mark_jumps(connection: Connection, bodies: Iterable[Body]) -> int:
    """Judge all values of some bodies against the year before; how many marks have changed.

    Call it last in a transaction: the bodies are held until its end, in one order for all workers,
    so that two that store neighbouring years see each other's values and never wait in a circle.
    """
    bodies = list(bodies)
    if not bodies:
        return 0
    connection.execute(SQL["hold_bodies"], {"keys": sorted({_key(body) for body in bodies})})
    return sum(_mark(connection, body) for body in bodies)


def _mark(connection: Connection, body: Body) -> int:
    values = {
        "kind": body.kind,
        "adcode": body.adcode,
        "name": body.name,
        "department": body.department,
    }
    rows = connection.execute(SQL["yearly_values"], values).fetchall()
    marked = {(row[0], row[1]): row[-1] for row in rows}
    found = jumps(YearlyValue((row[0], row[1]), *row[2:-1]) for row in rows)
    changed = [key for key in marked if marked[key] != found.get(key)]
    if changed:
        connection.execute(
            SQL["mark_jumps"],
            {
                "versions": [version for version, _ in changed],
                "positions": [position for _, position in changed],
                "reasons": [found.get(key) for key in changed],
            },
        )
    return len(changed)


def _key(body: Body) -> int:
    digest = hashlib.sha256(repr(astuple(body)).encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
