"""The service on one screen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from scheduler.commands import common

if TYPE_CHECKING:
    from ingest.store.connection import Connection
    from scheduler.config import Settings
    from scheduler.health.snapshot import Snapshot

ROWS = 5
"""Of each kind: it must fit on one screen."""


COLUMNS = {
    "running": ("run", "portal", "cause", "since"),
    "ended": ("run", "portal", "cause", "state", "outcome", "at"),
    "alerts": ("alert", "portal", "rule", "summary", "since"),
}
"""Of the statements in sql/status.sql."""
SLOTS = 3
Rows = dict[str, list[dict[str, Any]]]


def status(as_json: common.Json = False) -> None:
    """Show what ran, what is running, what comes next, and what is wrong."""
    from scheduler.health.snapshot import take_snapshot

    settings, now = common.begin(), datetime.now(UTC)
    with common.ready_database(settings) as database:
        snapshot = take_snapshot(database, now)
        with database.connect() as connection:
            rows, coming = _rows(connection, now), _coming(connection, settings, now)
    told = _told(snapshot, rows, coming, now)
    if as_json:
        common.print_json(told)
    else:
        _print(told)


def _rows(connection: Connection, now: datetime) -> Rows:
    from scheduler.sql import load

    return {
        name: [
            dict(zip(COLUMNS[name], row, strict=True))
            for row in connection.execute(statement, {"now": now, "limit": ROWS})
        ]
        for name, statement in load("status").items()
    }


def _coming(connection: Connection, settings: Settings, now: datetime) -> list[dict[str, Any]]:
    from ingest.store.portals import read_registry
    from scheduler.calendar import next_fires
    from scheduler.decisions import decided, read_decisions
    from scheduler.schedule_file import load_schedule

    schedule = decided(load_schedule(settings.schedule), read_decisions(connection))
    portals = [p for p in read_registry(connection).values() if not p.disabled]
    return [
        {
            "slot": fire.slot,
            "visit": fire.visit.id,
            "portals": sum(fire.visit.selects(p) for p in portals),
        }
        for fire in next_fires(schedule, now, SLOTS)
    ]


def _told(
    snapshot: Snapshot, rows: Rows, coming: list[dict[str, Any]], now: datetime
) -> dict[str, Any]:
    """What ``--json`` prints."""
    from scheduler.health.troubles import troubles

    visits, _ = snapshot.jobs.get(("crawl", "todo"), (0, 0.0))
    warnings = [n for (_, severity), n in snapshot.alerts.items() if severity == "warning"]
    return {
        "now": now,
        "processes": [f"{p.role} on {p.host} ({p.pid})" for p in snapshot.processes],
        "last_day": _last_day(snapshot),
        "running": rows["running"],
        "waiting": {"visits": visits, "pages": snapshot.captures_waiting},
        "ended": rows["ended"],
        "next": coming,
        "wrong": list(troubles(snapshot)),
        "alerts_open": sum(warnings),
        "alerts": rows["alerts"],
    }


def _last_day(snapshot: Snapshot) -> dict[str, int]:
    counts = {"runs": sum(snapshot.runs.values())}
    for state in ("running", "succeeded", "failed"):
        counts[state] = sum(n for (_, s, _), n in snapshot.runs.items() if s == state)
    counts["pages"] = sum(snapshot.pages.values())
    counts["reports"] = snapshot.pages.get("report", 0)
    return counts


def _print(told: dict[str, Any]) -> None:
    day, waiting = told["last_day"], told["waiting"]
    _part("at work", [", ".join(told["processes"]) or "nobody"])
    _part(
        "last day",
        [
            f"{day['runs']} runs ({day['succeeded']} succeeded, {day['failed']} failed), "
            f"{day['pages']} new pages, {day['reports']} reports"
        ],
    )
    running = [
        f"run {r['run']}  {r['portal']}  since {common.china(r['since'])}  ({r['cause']})"
        for r in told["running"]
    ]
    _part("running", [*running, f"{waiting['visits']} visits and {waiting['pages']} pages wait"])
    _part(
        "ended",
        [
            f"run {r['run']}  {r['portal']}  {common.china(r['at'])}  {r['state']}: {r['outcome']}"
            for r in told["ended"]
        ],
    )
    _part(
        "next",
        [f"{n['slot']:%Y-%m-%d %H:%M}  {n['visit']}, {n['portals']} portals" for n in told["next"]],
    )
    silent = [f"[{a['alert']}] {a['portal']}: {a['summary']}" for a in told["alerts"]]
    more = told["alerts_open"] - len(silent)
    if more > 0:
        silent.append(f"{more} more: fazhi alerts")
    _part("wrong", [*told["wrong"], *silent], color="red")


def _part(name: str, lines: list[str], color: str | None = None) -> None:
    for number, line in enumerate(lines or ["nothing"]):
        typer.secho(f"{name + ':' if not number else '':<10}", bold=True, nl=False)
        typer.secho(line, fg=color if lines else None)
