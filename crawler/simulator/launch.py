"""Start the simulator in a process of its own, and stop it when done with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import crawler
from crawler.errors import CrawlError
from crawler.seeds import SEEDS
from crawler.simulator.server import LOG


class Simulator:
    """A running simulator. It ends with ``stop``, with the ``with`` block, or with this process:
    its standard input is a pipe that we hold, and it goes when the pipe does."""

    def __init__(self, process: subprocess.Popen[bytes], address: str):
        self.address = address
        """``HOST:PORT``; what FAZHI_SIMULATOR is set to."""
        self._process = process

    def log(self) -> list[dict[str, Any]]:
        """Every request so far, in order: at, host, method, target, user_agent, in_hand, status.

        ``in_hand`` counts the requests of the host that were being answered, this one included.
        """
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://{self.address}{LOG}", timeout=10) as answer:
            lines: list[dict[str, Any]] = json.load(answer)
        return lines

    def stop(self) -> None:
        """End the process; more than once does no harm."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def start_simulator(
    port: int = 0, seeds: Path = SEEDS, world: Path | None = None, faults: int | None = None
) -> Simulator:
    """Start it on 127.0.0.1; port 0 takes a free one. CrawlError if it does not come up.

    ``world`` is the description of a made-up nation, which then takes the demo's place; ``faults``
    the seed of the faulty portals, which are there only if it is given.
    """
    root = str(Path(crawler.__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "crawler.simulator", "--child"),
            *("--host", "127.0.0.1", "--port", str(port), "--seeds", str(seeds)),
            *(("--world", str(world)) if world else ()),
            *(() if faults is None else ("--faults", str(faults))),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert process.stdout is not None
    address = process.stdout.readline().decode().strip()
    simulator = Simulator(process, address)
    if not address:
        simulator.stop()
        raise CrawlError(f"the simulator did not start on port {port}; see the line above")
    return simulator
