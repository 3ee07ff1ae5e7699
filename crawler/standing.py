"""How we stand with a portal: may it be asked for anything now, and how much has it given today."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from crawler.addresses import registrable_domain
from crawler.failures import Refused
from crawler.hours import CHINA, Hours
from crawler.memory import Memory, next_back_off
from crawler.outcome import Reason

WRITE_EVERY = 20
"""Requests between two notes of how many there were: after a kill so many may be unknown."""
RESERVED = 0.5
"""Seconds. Shorter spacings, those of pretend portals, are not kept between processes."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a portal is visited."""

    portal_id: str
    pages: int | None
    """Requests a day (of China); None for any number."""
    hours: Hours | None
    first_back_off: timedelta
    """Zero: domains are left alone for the rest of the run only."""


class Standing:
    """Asked before every request, told of every answer. One a crawl."""

    def __init__(
        self,
        terms: Terms,
        memory: Memory,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ):
        self.terms = terms
        self.memory = memory
        self._clock = clock
        self._opened = False
        self._left_alone: set[str] = set()
        self._pending = 0
        self._spent: tuple[object, int] = (None, 0)

    def open(self) -> None:
        """Make the memory ready; raises a FazhiError if it cannot be."""
        self.memory.open()
        self._opened = True

    def close(self) -> None:
        """Note what has not been noted, and let the memory go."""
        if self._opened:
            self._opened = False
            try:
                self._note()
            finally:
                self.memory.close()

    def left_alone(self, url: str) -> bool:
        """Whether this run has had a challenge from the domain of an address."""
        return _domain(url) in self._left_alone

    def hindrance(self, url: str) -> Refused | None:
        """Why nothing may be asked of an address now, if so."""
        now, terms = self._clock(), self.terms
        if terms.hours and not terms.hours.include(now):
            return Refused(Reason.OUTSIDE_HOURS, f"it may be visited from {terms.hours}")
        last = self.memory.back_off(_domain(url)) if terms.first_back_off else None
        if last and now < last.until:
            until = f"{last.until.astimezone(CHINA):%Y-%m-%d %H:%M} ({CHINA})"
            told = f"{last.domain} is left alone until {until}: {last.host} gave {last.detail}"
            return Refused(Reason.BACKING_OFF, told)
        if terms.pages is not None and self._spent_today(now) >= terms.pages:
            return Refused(Reason.PAGE_BUDGET, f"it has had its {terms.pages} requests for today")
        return None

    def sent(self) -> None:
        """A request goes out."""
        self._pending += 1
        if self._pending >= WRITE_EVERY:
            self._note()

    def challenged(self, url: str, detail: str) -> None:
        """A challenge, or a word that we ask too much: the domain is left alone."""
        domain = _domain(url)
        if domain in self._left_alone:
            return
        self._left_alone.add(domain)
        if first := self.terms.first_back_off:
            host, now = urlsplit(url).hostname or "", self._clock()
            last = self.memory.back_off(domain)
            self.memory.keep_away(next_back_off(last, domain, host, detail, now, first))

    def answered(self, url: str) -> None:
        """A page came: if its host gave the last challenge, that is over."""
        if not self.terms.first_back_off or self.left_alone(url):
            return
        last = self.memory.back_off(_domain(url))
        if last and last.host == urlsplit(url).hostname and self._clock() >= last.until:
            self.memory.forgive(last.domain)

    async def reserve(self, machine: str, spacing: float) -> float:
        """Seconds to wait for our place in a machine's line; see Memory."""
        if spacing < RESERVED:
            return 0.0
        return await asyncio.to_thread(self.memory.reserve, machine, spacing)

    def _spent_today(self, now: datetime) -> int:
        day = now.astimezone(CHINA).date()
        if self._spent[0] != day:
            self._note()
            self._spent = day, self.memory.spent(self.terms.portal_id, day)
        return self._spent[1] + self._pending

    def _note(self) -> None:
        if self._pending and self.terms.pages is not None:
            day = self._clock().astimezone(CHINA).date()
            self.memory.spend(self.terms.portal_id, day, self._pending)
            self._spent = self._spent[0], self._spent[1] + self._pending
        self._pending = 0


def _domain(url: str) -> str:
    return registrable_domain(urlsplit(url).hostname or "")
