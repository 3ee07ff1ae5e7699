"""The service in the foreground, and the pretend portals."""

from __future__ import annotations

import signal
import socket
from functools import partial
from typing import Annotated

import typer

from scheduler.commands import common
from scheduler.roles import RoleName


def serve(
    role: Annotated[
        RoleName, typer.Option(help="What this process does; all starts one process for each.")
    ] = RoleName.ALL,
    supervised: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Run the service in the foreground: scheduler, crawler, ingester, health. Stop with Ctrl-C."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there is something to read anew
    settings = common.begin(level="info")

    from scheduler.config import refuse_unknown_variables
    from scheduler.schedule_file import load_schedule
    from scheduler.service import run_all, run_health, run_role
    from scheduler.tasks import Work

    read_schedule = partial(load_schedule, settings.schedule)
    read_schedule()
    refuse_unknown_variables()
    listener = take_address(role, settings.listen)
    with common.ready_database(settings) as database:
        work = Work(settings, database)
        if role is RoleName.ALL:
            run_all(work)
        elif role is RoleName.HEALTH:
            run_health(work, listener, supervised=supervised)
        else:
            run_role(role, work, read_schedule, supervised=supervised)


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
    faults: Annotated[
        int | None,
        typer.Option(metavar="SEED", help="Also serve a portal for each way of failing."),
    ] = None,
) -> None:
    """Serve the pretend portals in the foreground, to crawl them at will. Stop it with Ctrl-C."""
    from crawler.simulator import start_simulator

    settings = common.begin()
    chosen = port or int(settings.simulator.rpartition(":")[2])
    with start_simulator(chosen, faults=faults) as running:
        common.side_console().print(
            f"The pretend portals answer at {running.address}. Crawl one with:\n"
            f"  FAZHI_SIMULATOR={running.address} fazhi crawl demo-qinghe"
        )
        signal.pause()
