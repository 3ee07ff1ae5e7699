"""The service in the foreground, its calendar, and the pretend portals."""

from __future__ import annotations

import signal
import socket
from datetime import UTC, datetime
from typing import Annotated

import typer

from crawler.portals import find_portal
from scheduler.commands import common
from scheduler.roles import RoleName


def serve(
    role: Annotated[
        RoleName, typer.Option(help="What this process does; all starts one process for each.")
    ] = RoleName.ALL,
    supervised: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Run the service in the foreground: scheduler, crawler, ingester, health. Stop with Ctrl-C."""
    settings = common.begin(level="info")

    from scheduler.config import refuse_unknown_variables
    from scheduler.schedule_file import load_schedule
    from scheduler.service import run_all, run_health, run_role
    from scheduler.tasks import Work

    schedule = load_schedule()
    refuse_unknown_variables()
    listener = take_address(role, settings.listen)
    with common.ready_database(settings) as database:
        work = Work(settings, database)
        if role is RoleName.ALL:
            run_all(work)
        elif role is RoleName.HEALTH:
            run_health(work, listener, supervised=supervised)
        else:
            run_role(role, work, schedule, supervised=supervised)


def take_address(role: RoleName, listen: str) -> socket.socket | None:
    """The health endpoint's listening socket. The parent of all roles only tries the address, so
    that one that cannot be had ends it now, and leaves it to its child."""
    from scheduler.health import listener

    if role is RoleName.HEALTH:
        return listener.bind(listen)
    if role is RoleName.ALL:
        listener.check(listen)
    return None


def simulator(
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Port on 127.0.0.1; FAZHI_SIMULATOR's if left out."),
    ] = None,
) -> None:
    """Serve the pretend portals in the foreground, to crawl them at will. Stop it with Ctrl-C."""
    from crawler.simulator import start_simulator

    settings = common.begin()
    with start_simulator(port or int(settings.simulator.rpartition(":")[2])) as running:
        common.side_console().print(
            f"The pretend portals answer at {running.address}. Crawl one with:\n"
            f"  FAZHI_SIMULATOR={running.address} fazhi crawl demo-qinghe"
        )
        signal.pause()


def schedule_next(
    portal: Annotated[
        str | None, typer.Option(help="Only what concerns this portal, with its own start times.")
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many.")] = 10,
    as_json: common.Json = False,
) -> None:
    """Show the coming visits, in the calendar's own time zone."""
    from datetime import timedelta

    from scheduler.calendar import next_fires
    from scheduler.schedule_file import load_schedule

    settings = common.begin()
    schedule = load_schedule()
    portals = common.registry(settings)
    offset = timedelta()
    if portal:
        chosen = find_portal(portals, portal)
        schedule, offset = schedule.of(chosen), schedule.offset(chosen)
    coming = [
        {
            "slot": fire.slot,
            "starts": fire.slot + offset if portal else None,
            "visit": fire.visit.id,
            "portals": sum(fire.visit.selects(p) for p in portals.values() if not p.disabled),
            "why": fire.visit.why,
        }
        for fire in next_fires(schedule, datetime.now(UTC), count)
    ]
    if as_json:
        common.print_json(coming)
        return
    common.print_table(
        ["slot", "starts", "visit", "portals"],
        [
            [f"{c['slot']:%Y-%m-%d %H:%M}", _clock(c["starts"]), c["visit"], c["portals"]]
            for c in coming
        ],
        empty="Nothing is scheduled: seeds/schedule.toml selects no such portal.",
    )


def _clock(moment: object) -> str | None:
    return f"{moment:%H:%M:%S}" if moment else None
