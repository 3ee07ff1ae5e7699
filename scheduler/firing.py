"""Firing what is due: the slot's row and the visit's job, in one transaction, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.store.connection import Connection, Rollback
from scheduler.agenda import Due
from scheduler.presence import PLACE
from scheduler.runs import Cause, Request, State, Visit, request_crawl
from scheduler.sql import load

SQL = load("requests")
FOUND = {State.QUEUED: "queued", State.WAITING: "waiting", State.RUNNING: "running"}


@dataclass(frozen=True, slots=True)
class Fired:
    """A slot and the visit that serves it."""

    due: Due
    request: Request


def fire(connection: Connection, dues: Sequence[Due], now: datetime) -> list[Fired]:
    """Fire slots, all or none of them; those that were not fired before. A visit of the portal that
    waits or is under way, whoever asked for it, serves the slot."""
    with connection.transaction():
        fired = [_fire(connection, due, now) for due in dues]
    return [one for one in fired if one]


def _fire(connection: Connection, due: Due, now: datetime) -> Fired | None:
    visit = Visit(due.portal, Cause.SCHEDULE, PLACE, slot=due.slot, sweep=due.sweep)
    with connection.transaction() as attempt:
        request = request_crawl(connection, visit)
        values = {
            "portal": due.portal,
            "slot": due.slot,
            "now": now,
            "fired_by": PLACE,
            "job": request.job_id,
            "found": FOUND[request.state],
            "coalesced": due.coalesced,
            "sweep": due.sweep,
        }
        if connection.execute(SQL["note_slot"], values).fetchone() is None:
            raise Rollback(attempt)
        return Fired(due, request)
    return None


def fired_before(connection: Connection) -> dict[str, datetime]:
    """Where each portal is in its calendar: its latest slot, or since when it is in it."""
    since: dict[str, datetime] = dict(connection.execute(SQL["calendar_portals"]).fetchall())
    return since | dict(connection.execute(SQL["latest_slots"]).fetchall())


def enter_portals(connection: Connection, portals: Iterable[str], now: datetime) -> None:
    """Note since when portals are in the calendar. The caller commits."""
    connection.execute(SQL["enter_portals"], {"ids": list(portals), "now": now})
