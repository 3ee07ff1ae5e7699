"""The calendar: what it says, what comes next, and what an operator decides about it."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.errors import SettingError
from crawler.portals import LEVELS, Portal, find_portal
from scheduler.commands import common

if TYPE_CHECKING:
    from ingest.store.connection import Connection
    from scheduler.calendar import Schedule, Slots
    from scheduler.config import Settings
    from scheduler.decisions import Decision, Target

PortalName = Annotated[
    str | None, typer.Argument(metavar="[PORTAL]", help="Id from 'fazhi portals'.")
]
Level = Annotated[str | None, typer.Option(help=f"All portals of a level: {', '.join(LEVELS)}.")]
Everything = Annotated[bool, typer.Option("--everything", help="All portals.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept with the decision.")]
By = Annotated[str | None, typer.Option(help="Who decides; the user at this keyboard if left out.")]


def schedule_list(
    history: Annotated[
        bool, typer.Option("--history", help="Also decisions that are in force no more.")
    ] = False,
    as_json: common.Json = False,
) -> None:
    """List what decides when portals are visited, in the order in which it decides."""
    from scheduler.decisions import read_decisions

    settings = common.begin()
    with common.connection(settings) as connection:
        decisions = read_decisions(connection, history=history)
        schedule, portals = _calendar(settings, connection)
    if as_json:
        common.print_json(
            {
                "timezone": str(schedule.zone),
                "spread_minutes": schedule.spread / timedelta(minutes=1),
                "sweep_every_days": schedule.sweep_every / timedelta(days=1),
                "decisions": decisions,
                "visits": [_entry(visit, portals) for visit in schedule.visits],
            }
        )
        return
    rows = [*map(_decision, decisions), *(_file_row(v, portals) for v in schedule.visits)]
    common.print_table(
        ["entry", "season", "times", "for", "portals", "why", "by", "since"],
        [row for row in rows if row],
        empty="Nothing is scheduled.",
    )


def schedule_set(
    reason: Reason,
    portal: PortalName = None,
    cron: Annotated[
        str | None,
        typer.Option(help='Times: minute hour day month weekday, such as "0 5 * * mon,thu".'),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", help="First day of a season, MM-DD; else all the year.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="Last day of that season, MM-DD.")
    ] = None,
    as_file: Annotated[
        bool, typer.Option("--as-file", help="Drop what was set: the schedule file decides again.")
    ] = False,
    level: Level = None,
    everything: Everything = False,
    by: By = None,
) -> None:
    """Visit a portal, or a level, at other times than the schedule file says."""
    from scheduler.decisions import check_cadence, drop_cadences, set_cadence

    settings = common.begin()
    if (cron is None) != as_file:
        raise SettingError("give either --cron with the times, or --as-file")
    if (first is None) != (last is None):
        raise SettingError("give both --from and --to, or neither for the whole year")
    season = (first, last) if first and last else None
    with _deciding(settings, portal, level, everything, by, reason) as (connection, target, word):
        if cron is None:
            ended = drop_cadences(connection, target, **word)
            typer.echo(f"{target}: the schedule file decides again ({ended} decisions ended)")
            return
        check_cadence(_calendar(settings, connection)[0], cron, season)
        number = set_cadence(connection, target, cron=cron, season=season, **word)
    typer.echo(
        f"{target}: visited at {cron!r}{_season(first, last)} from now on (decision {number})"
    )


def schedule_pause(
    reason: Reason,
    portal: PortalName = None,
    level: Level = None,
    everything: Everything = False,
    by: By = None,
) -> None:
    """Make no scheduled visits until 'resume'. Visits asked for by hand are made all the same."""
    from scheduler.decisions import pause

    settings = common.begin()
    with _deciding(settings, portal, level, everything, by, reason) as (connection, target, word):
        number = pause(connection, target, **word)
    typer.echo(f"{target}: paused (decision {number})")


def schedule_resume(
    portal: PortalName = None,
    level: Level = None,
    everything: Everything = False,
    reason: Annotated[str, typer.Option(help="Why.")] = "resumed",
    by: By = None,
) -> None:
    """End a pause. What came due meanwhile is made up for by one visit."""
    from scheduler.decisions import resume

    settings = common.begin()
    with _deciding(settings, portal, level, everything, by, reason) as (connection, target, word):
        ended = resume(connection, target, **word)
    if not ended:
        raise SettingError(f"{target}: there is no such pause: 'fazhi schedule list' shows them")
    typer.echo(f"{target}: resumed")


def schedule_next(
    portal: Annotated[str | None, typer.Option(help="Only this portal's visits.")] = None,
    level: Level = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many.")] = 10,
    as_json: common.Json = False,
) -> None:
    """Show the visits that come next and when each starts, in the calendar's time zone."""
    from scheduler.decisions import decided, read_decisions

    settings = common.begin()
    with common.connection(settings) as connection:
        schedule, portals = _calendar(settings, connection)
        schedule = decided(schedule, read_decisions(connection))
    chosen = [find_portal(portals, portal)] if portal else list(portals.values())
    chosen = [p for p in chosen if not p.disabled and level in (None, p.level)]
    coming = _by_slot(_coming(schedule, chosen, datetime.now(UTC)), count)
    if as_json:
        common.print_json(coming)
        return
    common.print_table(
        ["slot", "first starts", "last starts", "entry", "portals", "sweeps"],
        [
            [
                f"{c['slot']:%Y-%m-%d %H:%M}",
                f"{c['starts']:%m-%d %H:%M:%S}",
                f"{c['until']:%m-%d %H:%M:%S}",
                *(c["visit"], c["portals"], c["sweeps"]),
            ]
            for c in coming
        ],
        empty="Nothing comes: no such portal is enabled and in the calendar.",
    )


def _by_slot(coming: Iterator[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The first slots, each with how many portals it is for and when they start."""
    found: dict[tuple[datetime, str], dict[str, Any]] = {}
    for visit in coming:
        key = visit["slot"], visit["visit"]
        if key not in found and len(found) == count:
            break
        slot = found.setdefault(key, {**visit, "portals": 0, "sweeps": 0})
        slot["until"] = visit["starts"]
        slot["portals"] += 1
        slot["sweeps"] += visit["sweep"]
    return list(found.values())


def _coming(schedule: Schedule, portals: list[Portal], now: datetime) -> Iterator[dict[str, Any]]:
    """Visits in the order in which they start."""
    from scheduler.calendar import Slots, Visit

    calendars: dict[tuple[Visit, ...], Slots] = {}

    def of(portal: Portal) -> Iterator[dict[str, Any]]:
        own = schedule.of(portal)
        return _visits(portal, calendars.setdefault(own.visits, Slots(own)), now)

    return heapq.merge(*map(of, portals), key=itemgetter("starts"))


def _visits(portal: Portal, slots: Slots, now: datetime) -> Iterator[dict[str, Any]]:
    """Visits of one portal."""
    from scheduler.calendar import ruling
    from scheduler.starts import Starts

    starts = Starts.of(slots.schedule, portal)
    for slot, before in starts.coming(slots, now):
        yield {
            "slot": slot,
            "starts": starts.at(slot),
            "until": starts.at(slot),
            "visit": ruling(slots.schedule, slot).id,
            "why": ruling(slots.schedule, slot).why,
            "sweep": slots.schedule.sweeps(portal, before, slot) if before else False,
        }


@contextmanager
def _deciding(
    settings: Settings,
    portal: str | None,
    level: str | None,
    everything: bool,
    by: str | None,
    reason: str,
) -> Iterator[tuple[Connection, Target, dict[str, Any]]]:
    """A connection, what the decision is about, and who decides when and why."""
    from scheduler.decisions import Target
    from scheduler.runs import whoever_types

    if (portal is not None) + (level is not None) + everything != 1:
        raise SettingError("name one portal, or give --level, or --everything")
    if level is not None and level not in LEVELS:
        raise SettingError(f"{level!r} is not a level; allowed: {', '.join(LEVELS)}")
    if not reason.strip():
        raise SettingError("give a --reason: it is kept with the decision")
    word = {"reason": reason.strip(), "by": by or whoever_types(), "now": datetime.now(UTC)}
    with common.connection(settings) as connection:
        if portal is not None:
            portal = find_portal(_registry(connection), portal).id
        yield connection, Target(portal, level), word


def _registry(connection: Connection) -> dict[str, Portal]:
    from ingest.store.portals import read_registry

    return read_registry(connection)


def _calendar(settings: Settings, connection: Connection) -> tuple[Schedule, dict[str, Portal]]:
    from scheduler.schedule_file import load_schedule

    return load_schedule(settings.schedule), _registry(connection)


def _entry(visit: Any, portals: dict[str, Portal]) -> dict[str, Any]:
    return {
        "id": visit.id,
        "from": _day(visit.first),
        "to": _day(visit.last),
        "cron": visit.times,
        "portals": sum(visit.selects(p) for p in portals.values() if not p.disabled),
        "why": visit.why,
    }


def _file_row(visit: Any, portals: dict[str, Portal]) -> list[object]:
    entry = _entry(visit, portals)
    season = f"{entry['from']} to {entry['to']}"
    who = ", ".join([*visit.levels, *(p for p in visit.portals if p != "*")]) or "all"
    return [visit.id, season, visit.times, who, entry["portals"], visit.why, "schedule file", None]


def _decision(decision: Decision) -> list[object]:
    name = f"decision {decision.id}" + (" (ended)" if decision.ended_at else "")
    season = f"{decision.first_day} to {decision.last_day}" if decision.first_day else "all year"
    return [
        name,
        season,
        decision.cron or "paused",
        str(decision.target),
        None,
        decision.reason,
        decision.decided_by,
        common.china(decision.decided_at),
    ]


def _day(day: tuple[int, int]) -> str:
    return f"{day[0]:02}-{day[1]:02}"


def _season(first: str | None, last: str | None) -> str:
    return f" from {first} to {last}" if first else ""
