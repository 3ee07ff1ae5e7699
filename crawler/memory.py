"""What is remembered of hosts between runs: who is left alone until when, and what was asked today.

The crawler knows no database: the service hands over the name of a class by the setting
FAZHI_MEMORY, as it does with the sink. Without one, what is remembered ends with the process.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Protocol, Self

FIRST_BACK_OFF = timedelta(hours=12)
LONGEST_BACK_OFF = timedelta(days=7)
"""A portal that went back to answering is found out within a week."""


@dataclass(frozen=True, slots=True)
class BackOff:
    """A registrable domain that is left alone. Its portals share one protection service."""

    domain: str
    times: int
    """Challenges in a row, those during one back-off counted once."""
    host: str
    """The host that gave the last one."""
    detail: str
    """What it was, in one line."""
    since: datetime
    until: datetime


class Memory(Protocol):
    """Who remembers. Every method but ``open`` and ``close`` may raise a FazhiError."""

    def open(self) -> None:
        """Make ready; raise a FazhiError if nothing could be remembered."""

    def back_off(self, domain: str) -> BackOff | None:
        """The last back-off of a domain, also when it is over."""

    def keep_away(self, back_off: BackOff) -> None:
        """Remember one, in the place of the domain's last."""

    def forgive(self, domain: str) -> None:
        """Forget it: the domain answers again."""

    def spent(self, portal_id: str, day: date) -> int:
        """Requests sent to a portal on a day (of China)."""

    def spend(self, portal_id: str, day: date, requests: int) -> None:
        """Remember some more."""

    def reserve(self, machine: str, spacing: float) -> float:
        """Take the next place in the line for a machine, whoever else stands in it; the seconds
        to wait for it. Two places are ``spacing`` seconds apart."""

    def close(self) -> None:
        """Let go of connections."""


class ProcessMemory:
    """A memory that ends with the process; its crawls share it."""

    _back_offs: ClassVar[dict[str, BackOff]] = {}
    _spent: ClassVar[Counter[tuple[str, date]]] = Counter()

    @classmethod
    def from_settings(cls, settings: Any) -> Self:  # noqa: ARG003 - as other memories are built
        """Built by the spider."""
        return cls()

    def open(self) -> None:
        """Nothing to make ready."""

    def back_off(self, domain: str) -> BackOff | None:
        """See Memory."""
        return self._back_offs.get(domain)

    def keep_away(self, back_off: BackOff) -> None:
        """See Memory."""
        self._back_offs[back_off.domain] = back_off

    def forgive(self, domain: str) -> None:
        """See Memory."""
        self._back_offs.pop(domain, None)

    def spent(self, portal_id: str, day: date) -> int:
        """See Memory."""
        return self._spent[portal_id, day]

    def spend(self, portal_id: str, day: date, requests: int) -> None:
        """See Memory."""
        self._spent[portal_id, day] += requests

    def reserve(self, machine: str, spacing: float) -> float:  # noqa: ARG002
        """Nobody else stands in line: crawls of one process have crawler.turns."""
        return 0.0

    def close(self) -> None:
        """Nothing is held open."""


def next_back_off(
    last: BackOff | None, domain: str, host: str, detail: str, now: datetime, first: timedelta
) -> BackOff:
    """The back-off after a challenge: ``first`` at first, then twice as long each time.

    A challenge while one is running comes from a request that was under way: it changes nothing
    but what is known of the last one.
    """
    if last and now < last.until:
        return BackOff(domain, last.times, host, detail, now, last.until)
    times = last.times + 1 if last else 1
    length = min(first * 2 ** min(times - 1, 16), max(first, LONGEST_BACK_OFF))
    return BackOff(domain, times, host, detail, now, now + length)
