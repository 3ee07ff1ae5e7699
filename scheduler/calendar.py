"""The calendar: which portal is due when. Pure functions of a schedule and a moment.

A *slot* is one due visit, named by its nominal time; a portal starts its own fixed *offset* later,
so that portals do not all start at once. Every so often a visit is a *sweep*, which looks at
everything; each portal has its own turn. Source of the seasons: seeds/schedule.toml.
"""

from __future__ import annotations

import hashlib
import heapq
from bisect import bisect_right
from calendar import isleap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import partial
from itertools import islice
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

INSTANT = timedelta(microseconds=1)
HORIZON = timedelta(days=9 * 366)
"""Two 29 Februaries may lie eight years apart (1896 and 1904)."""
FIRST_SWEEP = datetime(2020, 1, 1, tzinfo=UTC)
"""Where the turns of all sweeps are counted from. Any fixed moment does."""

MonthDay = tuple[int, int]


class PortalLike(Protocol):
    """What the calendar needs of a portal."""

    @property
    def id(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def quirks(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Visit:
    """One entry of the schedule: a season, a cron within it, and the portals it is for."""

    id: str
    why: str
    cron: CronTrigger
    first: MonthDay = (1, 1)
    last: MonthDay = (12, 31)
    times: str = ""
    """The cron line as it was written, for people."""
    portals: tuple[str, ...] = ("*",)
    but: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    def selects(self, portal: PortalLike) -> bool:
        """Whether this entry is for the portal."""
        return (
            any(fnmatchcase(portal.id, pattern) for pattern in self.portals)
            and not any(fnmatchcase(portal.id, pattern) for pattern in self.but)
            and (not self.levels or portal.level in self.levels)
        )

    def holds(self, moment: datetime) -> bool:
        """Whether the local day of ``moment`` lies in the season (which may span the new year)."""
        day = (moment.month, moment.day)
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last

    def fires(self, moment: datetime) -> Iterator[datetime]:
        """This entry's fires in its season, from ``moment`` (inclusive) on."""
        end = moment + HORIZON
        while (fire := self.cron.get_next_fire_time(None, moment)) is not None and fire < end:
            if self.holds(fire):
                yield fire
                moment, end = fire + INSTANT, fire + HORIZON
            else:
                moment = self._opening(fire)

    def _opening(self, moment: datetime) -> datetime:
        day = moment.date()
        year = day.year if (day.month, day.day) < self.first else day.year + 1
        month, number = self.first
        if self.first == (2, 29) and not isleap(year):
            month, number = 3, 1
        return datetime(year, month, number, tzinfo=moment.tzinfo)


@dataclass(frozen=True, slots=True)
class Pause:
    """No visits of a portal, of a level, or (both None) of any, until an operator ends it."""

    why: str
    portal: str | None = None
    level: str | None = None

    def selects(self, portal: PortalLike) -> bool:
        """Whether the portal is not visited for now."""
        return self.portal in (None, portal.id) and self.level in (None, portal.level)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The whole calendar, or with ``of`` the part of it that concerns one portal."""

    zone: ZoneInfo
    spread: timedelta
    sweep_every: timedelta
    housekeeping: CronTrigger
    visits: tuple[Visit, ...]
    pauses: tuple[Pause, ...] = ()

    def of(self, portal: PortalLike) -> Schedule:
        """The calendar of one portal: only the entries that select it; none while it is paused."""
        if any(pause.selects(portal) for pause in self.pauses):
            return replace(self, visits=())
        return replace(self, visits=tuple(v for v in self.visits if v.selects(portal)))

    def offset(self, portal: PortalLike) -> timedelta:
        """How long after its slots a portal starts: fixed by its id, within ``spread``."""
        return own_number(portal.id, self.spread)

    def sweeps(self, portal: PortalLike, after: datetime, slot: datetime) -> bool:
        """Whether the visit of ``slot`` is a sweep, the one before having been at ``after``: the
        portal's turn, fixed by its id, comes once every ``sweep_every``."""
        turn = _number(f"sweep {portal.id}") % int(self.sweep_every.total_seconds())
        first = FIRST_SWEEP + timedelta(seconds=turn)
        return (slot - first) // self.sweep_every > (after - first) // self.sweep_every


def own_number(text: str, within: timedelta) -> timedelta:
    """A time fixed by a text: whole seconds, less than ``within``, none where that is nothing."""
    return timedelta(seconds=_number(text) % max(1, int(within.total_seconds())))


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


@dataclass(frozen=True, slots=True)
class Fire:
    """A coming slot and the entry that rules it."""

    slot: datetime
    visit: Visit


def fires(schedule: Schedule, moment: datetime) -> Iterator[Fire]:
    """Slots from ``moment`` (aware, inclusive) on, in order: each day is ruled by the first entry
    whose season holds it."""
    local = moment.astimezone(schedule.zone)
    streams = [map(partial(Fire, visit=visit), visit.fires(local)) for visit in schedule.visits]
    for fire in heapq.merge(*streams, key=lambda fire: fire.slot):
        if fire.visit is ruling(schedule, fire.slot):
            yield fire


def ruling(schedule: Schedule, slot: datetime) -> Visit:
    """The entry that rules the day of a slot."""
    return next(visit for visit in schedule.visits if visit.holds(slot))


def next_fires(schedule: Schedule, now: datetime, count: int) -> list[Fire]:
    """The next ``count`` slots from ``now`` on."""
    return list(islice(fires(schedule, now), count))


class Slots:
    """The slots of a calendar that thousands of portals share, each worked out once."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self._known: list[datetime] = []
        self._from: datetime | None = None
        self._coming: Iterator[Fire] = iter(())

    def between(self, after: datetime, until: datetime) -> list[datetime]:
        """The slots later than ``after``, up to and including ``until``."""
        self._look(after, until)
        return self._known[bisect_right(self._known, after) : bisect_right(self._known, until)]

    def following(self, after: datetime) -> datetime | None:
        """The first slot later than ``after``; None when none comes."""
        self._look(after, after)
        place = bisect_right(self._known, after)
        return self._known[place] if place < len(self._known) else None

    def before(self, slot: datetime) -> datetime | None:
        """The slot before this one, within the last year."""
        earlier = self.between(slot - timedelta(days=366), slot - INSTANT)
        return earlier[-1] if earlier else None

    def _look(self, start: datetime, until: datetime) -> None:
        """Know the slots from ``start`` to the first one later than ``until``."""
        if self._from is None or start < self._from:
            self._known, self._from = [], start
            self._coming = fires(self.schedule, start)
        while not self._known or self._known[-1] <= until:
            fire = next(self._coming, None)
            if fire is None:
                return
            self._known.append(fire.slot)
