"""Taking turns: one request at a time for each machine, whoever in this process sends it.

The portals of a prefecture often stand on one machine, and many are crawled side by side. Scrapy
keeps one crawl's requests to one host apart; here all crawls of the process stand in one line for
a machine, and between two hosts of one machine there is as long a pause as between two requests
to one host. A host that asks for more (Crawl-delay, Retry-After) gets more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from crawler.addresses import is_pretend, registrable_domain

Reserve = Callable[[str, float], Awaitable[float]]
"""Asks other processes for a place in the line: (machine, spacing) to seconds to wait."""
FORGET_AFTER = 600.0
"""Seconds after which a host that nobody asked for anything is forgotten."""


@dataclass
class _Line:
    """Who may speak to one machine, and who did last."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    host: str = ""
    began: float = float("-inf")
    waiting: int = 0


class Turns:
    """The lines of all machines. Times are in seconds of ``clock``."""

    def __init__(self, clock: Callable[[], float] = monotonic):
        self._clock = clock
        self._lines: dict[str, _Line] = {}
        self._pauses: dict[str, float] = {}
        self._asked: dict[str, float] = {}
        self._not_before: dict[str, float] = {}
        self._tidied = clock()

    def slow_down(self, host: str, pause: float) -> None:
        """Leave so many seconds between two requests to a host from now on."""
        self._pauses[host] = pause

    def hold(self, host: str, seconds: float) -> None:
        """Send nothing to a host for some seconds."""
        self._not_before[host] = self._clock() + seconds

    @asynccontextmanager
    async def take(
        self, machine: str, host: str, spacing: float, reserve: Reserve | None = None
    ) -> AsyncIterator[None]:
        """Wait in line; the turn lasts as long as the block."""
        line = self._lines.setdefault(machine, _Line())
        line.waiting += 1
        try:
            async with line.lock:
                await self._wait(line, host, spacing)
                if reserve and (seconds := await reserve(machine, spacing)) > 0:
                    await asyncio.sleep(seconds)
                line.host, line.began = host, self._clock()
                self._asked[host] = line.began
                yield
        finally:
            line.waiting -= 1
            self._tidy()

    async def _wait(self, line: _Line, host: str, spacing: float) -> None:
        earliest = self._not_before.get(host, float("-inf"))
        if line.host != host:
            earliest = max(earliest, line.began + spacing)
        if host in self._pauses and host in self._asked:
            earliest = max(earliest, self._asked[host] + self._pauses[host])
        if (seconds := earliest - self._clock()) > 0:
            await asyncio.sleep(seconds)

    def _tidy(self) -> None:
        """Forget the idle, so that a process that runs for months stays small."""
        now = self._clock()
        if now - self._tidied < FORGET_AFTER:
            return
        self._tidied = now
        idle = now - FORGET_AFTER
        self._lines = {
            m: line for m, line in self._lines.items() if line.waiting or line.began > idle
        }
        self._asked = {host: at for host, at in self._asked.items() if at > idle}
        self._pauses = {host: s for host, s in self._pauses.items() if host in self._asked}
        self._not_before = {host: at for host, at in self._not_before.items() if at > now}


def machine_of(host: str, addresses: tuple[str, ...]) -> str:
    """The machine a host stands on: its first address, by value.

    Pretend hosts all answer at the simulator's address; there, a registrable domain is a machine,
    as a prefecture's often is.
    """
    if is_pretend(host) or not addresses:
        return registrable_domain(host)
    return min(addresses)


_TURNS = Turns()


def turns() -> Turns:
    """The lines of this process."""
    return _TURNS
