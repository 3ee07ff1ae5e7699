"""The calendar: which portal is due when. Pure functions of a schedule and a moment.

A *slot* is one due visit, named by its nominal time; a portal starts its own fixed *offset* later,
so that portals do not all start at once. Source of the seasons: seeds/schedule.toml.
"""

from __future__ import annotations

import hashlib
import heapq
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from functools import partial
from itertools import islice
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

INSTANT = timedelta(microseconds=1)
LOOK_BACK = (timedelta(days=8), timedelta(days=40), timedelta(days=400))
"""Where to look for the last slot: a week back in season, else a month, else a year."""
HORIZON = timedelta(days=9 * 366)
"""Two 29 Februaries may lie eight years apart (1896 and 1904)."""

MonthDay = tuple[int, int]


class PortalLike(Protocol):
    """What the calendar needs of a portal."""

    @property
    def id(self) -> str: ...
    @property
    def level(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Visit:
    """One entry of the schedule: a season, a cron within it, and the portals it is for."""

    id: str
    why: str
    cron: CronTrigger
    first: MonthDay = (1, 1)
    last: MonthDay = (12, 31)
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
                moment = fire + INSTANT
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
class Schedule:
    """The whole calendar, or with ``of`` the part of it that concerns one portal."""

    zone: ZoneInfo
    misfire_grace: timedelta
    spread: timedelta
    housekeeping: CronTrigger
    visits: tuple[Visit, ...]

    def of(self, portal: PortalLike) -> Schedule:
        """The calendar of one portal: only the entries that select it."""
        return replace(self, visits=tuple(v for v in self.visits if v.selects(portal)))

    def offset(self, portal: PortalLike) -> timedelta:
        """How long after its slots a portal starts: fixed by its id, within ``spread``."""
        if not self.spread:
            return timedelta()
        digest = hashlib.sha256(portal.id.encode()).digest()
        return timedelta(seconds=int.from_bytes(digest[:8]) % int(self.spread.total_seconds()))


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
        if fire.visit is next(v for v in schedule.visits if v.holds(fire.slot)):
            yield fire


def next_fires(schedule: Schedule, now: datetime, count: int) -> list[Fire]:
    """The next ``count`` slots from ``now`` on."""
    return list(islice(fires(schedule, now), count))


def last_slot(schedule: Schedule, now: datetime) -> datetime | None:
    """The latest slot due by ``now`` (inclusive), or None if there was none in the last year."""
    for span in LOOK_BACK:
        due = None
        for fire in fires(schedule, now - span):
            if fire.slot > now:
                break
            due = fire.slot
        if due is not None:
            return due
    return None


def missed_slot(schedule: Schedule, served: datetime | None, now: datetime) -> datetime | None:
    """The latest slot due by ``now``, if it is later than the one served last and not older than
    the misfire grace: earlier ones are made up for with it."""
    slot = last_slot(schedule, now)
    if slot is None or now - slot > schedule.misfire_grace:
        return None
    return slot if served is None or served < slot else None


class NextSlot:
    """The next slot of a calendar that thousands of portals share: it is looked for once, for it
    is the same for every moment between the one asked for first and the slot itself."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self._asked: datetime | None = None
        self._slot: datetime | None = None

    def __call__(self, moment: datetime) -> datetime | None:
        """The first slot at ``moment`` (aware) or later; None when none comes."""
        if self._asked is None or not self._asked <= moment <= (self._slot or moment):
            fire = next(fires(self.schedule, moment), None)
            self._asked, self._slot = moment, fire.slot if fire else None
        return self._slot


class VisitTrigger(BaseTrigger):  # type: ignore[misc]
    """APScheduler's view of one portal's calendar."""

    def __init__(self, next_slot: NextSlot, offset: timedelta) -> None:
        self.next_slot = next_slot
        self.offset = offset

    def get_next_fire_time(
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime | None:
        """When the portal starts next: a slot plus the portal's offset."""
        after = previous_fire_time + INSTANT if previous_fire_time else now
        slot = self.next_slot(after - self.offset)
        return slot + self.offset if slot else None
