"""``python -m crawler.simulator``: serve the pretend portals until interrupted."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
from pathlib import Path

from crawler.errors import FazhiError
from crawler.resolver import parse_address
from crawler.seeds import SEEDS
from crawler.simulator.content import load_sites
from crawler.simulator.fault_list import pretend
from crawler.simulator.replies import PretendPortal
from crawler.simulator.server import Portals, Server
from crawler.simulator.world import LazyPortals, world_of


async def run(host: str, port: int, portals: Portals, *, child: bool) -> None:
    """Serve. A child tells its address on stdout, and ends when its stdin is closed."""
    listener = await asyncio.start_server(Server(portals).serve, host, port)
    address = "{}:{}".format(*listener.sockets[0].getsockname()[:2])
    if child:
        # An interrupt at the keyboard reaches us too; it is our parent's to act on.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)
        return
    names = "".join(f"  http://{name}/\n" for name in portals)
    sys.stderr.write(f"{len(portals)} pretend portals on {address} (Ctrl-C stops them)\n{names}")
    await asyncio.Event().wait()


def portals_of(seeds: Path, world: Path | None, faults: int | None) -> Portals:
    """The demo's portals and, where there is a seed for them, the faulty ones; or those of a
    world's description."""
    if world:
        return LazyPortals(world_of(json.loads(world.read_text(encoding="utf-8"))))
    demo = {site.portal.host: PretendPortal(site) for site in load_sites(seeds)}
    return demo if faults is None else {**demo, **pretend(faults)}


def main(arguments: list[str] | None = None) -> int:
    """Parse arguments, serve, return the exit code."""
    host, port = parse_address(os.environ.get("FAZHI_SIMULATOR") or "127.0.0.1:8017")
    parser = argparse.ArgumentParser("crawler.simulator", description="Serve pretend portals.")
    parser.add_argument("--host", default=host)
    parser.add_argument("--port", type=int, default=port, help="0 takes a free one")
    parser.add_argument("--faults", type=int, metavar="SEED", help="add the faulty portals")
    parser.add_argument("--seeds", type=Path, default=SEEDS, help=argparse.SUPPRESS)
    parser.add_argument("--world", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            portals = portals_of(given.seeds, given.world, given.faults)
            asyncio.run(run(given.host, given.port, portals, child=given.child))
    except FazhiError as error:
        sys.stderr.write(f"fazhi: {error}\n")
        return error.exit_code
    except OSError as error:
        place = f"{given.host}:{given.port}"
        reason = os.strerror(error.errno) if error.errno else str(error)
        sys.stderr.write(f"fazhi: cannot listen on {place}: {reason}; choose another --port\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
