"""The service in the foreground, and the pretend portals."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from scheduler.commands import common
from scheduler.roles import RoleName


def serve(
    role: Annotated[
        RoleName, typer.Option(help="What this process does; all starts one process for each.")
    ] = RoleName.ALL,
) -> None:
    """Run the service in the foreground: scheduler, crawler, ingester, health. Stop with Ctrl-C."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there is something to read anew
    from scheduler import serving

    serving.serve(role)


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
