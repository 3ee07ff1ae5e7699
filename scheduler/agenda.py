"""The agenda: which visits are due now. Pure: the clock, and what was fired before, are passed in.

Every portal is at one point of its calendar, the slot that was fired last. What has come due since
is one visit, however many slots were missed; a clock that is set back brings nothing twice.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from scheduler.calendar import PortalLike, Schedule, Slots, Visit
from scheduler.starts import Starts


@dataclass(frozen=True, slots=True)
class Due:
    """A visit that is due: its slot, and how many earlier ones it makes up for."""

    portal: str
    slot: datetime
    coalesced: int
    sweep: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    portal: PortalLike
    slots: Slots
    starts: Starts


class Agenda:
    """The portals of a calendar, each with the moment it starts next."""

    def __init__(self, schedule: Schedule, fired: Mapping[str, datetime]) -> None:
        """``fired`` tells each portal's last slot, or since when it is in the calendar."""
        self.schedule = schedule
        self._fired = dict(fired)
        self._entries: dict[str, _Entry] = {}
        self._queue: list[tuple[datetime, str]] = []

    @property
    def portals(self) -> list[str]:
        """Ids of those that are visited."""
        return list(self._entries)

    @property
    def next_at(self) -> datetime | None:
        """When the next visit starts; None when none comes."""
        return self._queue[0][0] if self._queue else None

    def enter(
        self, portals: Iterable[PortalLike], now: datetime, schedule: Schedule | None = None
    ) -> None:
        """Make these the portals that are visited, by this calendar. One that was never in it
        before owes nothing that came due before ``now``."""
        self.schedule = schedule or self.schedule
        calendars: dict[tuple[Visit, ...], Slots] = {}
        self._entries = {}
        for portal in portals:
            own = self.schedule.of(portal)
            if own.visits:
                slots = calendars.setdefault(own.visits, Slots(own))
                self._entries[portal.id] = _Entry(portal, slots, Starts.of(own, portal))
                self._fired.setdefault(portal.id, now)
        self._queue = []
        # The earliest first: a calendar that is looked at from there on is worked out once.
        for portal_id in sorted(self._entries, key=lambda name: self._fired[name]):
            self._await_next(portal_id)

    def take(self, now: datetime, limit: int = 1000) -> list[Due]:
        """The visits that are due at ``now``, at most ``limit`` of them; each is given once. One
        that was missed, and whose portal is closed by now, waits for the next opening."""
        found: list[Due] = []
        while self._queue and self._queue[0][0] <= now and len(found) < limit:
            portal_id = heapq.heappop(self._queue)[1]
            opens = self._entries[portal_id].starts.opens_after(now)
            if opens is None:
                found.append(self._due(portal_id, now))
            else:
                heapq.heappush(self._queue, (opens, portal_id))
        return found

    def _due(self, portal_id: str, now: datetime) -> Due:
        entry, after = self._entries[portal_id], self._fired[portal_id]
        missed = entry.starts.due(entry.slots, after, now)
        slot = missed[-1]
        sweep = self.schedule.sweeps(entry.portal, after, slot)
        self._fired[portal_id] = slot
        self._await_next(portal_id)
        return Due(portal_id, slot, len(missed) - 1, sweep)

    def _await_next(self, portal_id: str) -> None:
        entry = self._entries[portal_id]
        slot = entry.slots.following(self._fired[portal_id])
        if slot is not None:
            heapq.heappush(self._queue, (entry.starts.at(slot), portal_id))
