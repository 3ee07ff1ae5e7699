"""What an operator decides about the calendar by command: other times, or none. Kept in the
database with who, when and why; it goes before seeds/schedule.toml, the narrower word first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from crawler.errors import SeedError
from ingest.store.connection import Connection
from scheduler.calendar import Pause, Schedule, Visit
from scheduler.schedule_file import cron, month_day, never_fires
from scheduler.sql import load

SQL = load("decisions")

What = Literal["cadence", "pause"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a decision is about: a portal, a level of government, or (both None) everything."""

    portal: str | None = None
    level: str | None = None

    def __str__(self) -> str:
        if self.portal:
            return self.portal
        return f"level {self.level}" if self.level else "all portals"


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of schedule_decisions."""

    id: int
    what: What
    target: Target
    cron: str | None
    first_day: str | None
    last_day: str | None
    reason: str
    decided_by: str
    decided_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    end_reason: str | None


def read_decisions(connection: Connection, *, history: bool = False) -> list[Decision]:
    """Those in force, or with ``history`` all; a portal's before a level's before those on all."""
    rows = connection.execute(SQL["list_decisions"], {"all": history}).fetchall()
    return [Decision(row[0], row[1], Target(row[2], row[3]), *row[4:]) for row in rows]


def set_cadence(  # the columns of a decision
    connection: Connection,
    target: Target,
    *,
    cron: str,
    season: tuple[str, str] | None,
    reason: str,
    by: str,
    now: datetime,
) -> int:
    """Visit the target at other times, in a season (first and last day, MM-DD) or all the year.
    What was decided for the same target and season ends. The caller commits."""
    first, last = season or (None, None)
    values = _values("cadence", target, reason, by, now)
    values |= {"cron": cron, "first_day": first, "last_day": last, "any_season": False}
    connection.execute(SQL["end_decisions"], values)
    return _decide(connection, values)


def drop_cadences(
    connection: Connection, target: Target, *, reason: str, by: str, now: datetime
) -> int:
    """Let the file decide again; how many decisions ended. The caller commits."""
    values = _values("cadence", target, reason, by, now)
    return connection.execute(SQL["end_decisions"], values).rowcount


def pause(connection: Connection, target: Target, *, reason: str, by: str, now: datetime) -> int:
    """No visits of the target until ``resume``. The caller commits."""
    values = _values("pause", target, reason, by, now)
    connection.execute(SQL["end_decisions"], values)
    return _decide(connection, values)


def resume(connection: Connection, target: Target, *, reason: str, by: str, now: datetime) -> int:
    """End the pauses of the target; how many there were. The caller commits."""
    values = _values("pause", target, reason, by, now)
    return connection.execute(SQL["end_decisions"], values).rowcount


def decided(schedule: Schedule, decisions: Sequence[Decision]) -> Schedule:
    """The schedule of the file with the decisions before it."""
    visits = tuple(_visit(d, schedule) for d in decisions if d.what == "cadence")
    pauses = tuple(
        Pause(d.reason, d.target.portal, d.target.level) for d in decisions if d.what == "pause"
    )
    return replace(schedule, visits=(*visits, *schedule.visits), pauses=pauses)


def check_cadence(schedule: Schedule, text: str, season: tuple[str, str] | None) -> None:
    """SeedError where the times cannot be read or never come."""
    try:
        visit = Visit("", "", cron(text, schedule.zone))
        if season:
            visit = replace(visit, first=month_day(season[0]), last=month_day(season[1]))
    except ValueError as error:
        raise SeedError(str(error)) from None
    if never_fires(visit, schedule.zone):
        raise SeedError(f"{text!r} never fires in that season")


def _visit(decision: Decision, schedule: Schedule) -> Visit:
    target = decision.target
    visit = Visit(
        id=f"decision {decision.id}",
        why=decision.reason,
        cron=cron(str(decision.cron), schedule.zone),
        times=str(decision.cron),
        portals=(target.portal or "*",),
        levels=(target.level,) if target.level else (),
    )
    if decision.first_day is None or decision.last_day is None:
        return visit
    return replace(visit, first=month_day(decision.first_day), last=month_day(decision.last_day))


def _values(what: What, target: Target, reason: str, by: str, now: datetime) -> dict[str, object]:
    return {
        "what": what,
        "portal": target.portal,
        "level": target.level,
        "cron": None,
        "first_day": None,
        "last_day": None,
        "any_season": True,
        "reason": reason,
        "by": by,
        "now": now,
    }


def _decide(connection: Connection, values: dict[str, object]) -> int:
    row = connection.execute(SQL["decide"], values).fetchone()
    assert row is not None
    return int(row[0])
