"""When visits start: a portal's own offset after the slot, or within its opening hours later on.

Pure. A portal that may be visited at night only (quirk ``hours``) has the same slots as any other;
a visit whose start would lie outside its hours waits for the next opening, and slots that wait for
the same opening are one visit. Those that open at one time are spread as slots are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.hours import Hours
from crawler.quirks import read_quirks
from scheduler.calendar import PortalLike, Schedule, Slots, own_number

A_VISIT = timedelta(hours=1)
"""What a visit may take, of hours that are long enough: none starts later than so before their end.
Of shorter ones it may take half. (A visit that they cut short goes on in the next.)"""
LONGEST_WAIT = timedelta(days=1)
"""There is an opening every day."""


@dataclass(frozen=True, slots=True)
class Starts:
    """When one portal's visits start."""

    offset: timedelta
    hours: Hours | None = None
    lead: timedelta = timedelta()
    """After each opening."""

    @classmethod
    def of(cls, schedule: Schedule, portal: PortalLike) -> Starts:
        """By the calendar and the portal's row in the registry."""
        offset, hours = schedule.offset(portal), _hours(portal)
        if hours is None:
            return cls(offset)
        spread = min(schedule.spread, _room(hours))
        return cls(offset, hours, own_number(portal.id, spread))

    def at(self, slot: datetime) -> datetime:
        """When the visit of a slot starts; never earlier than that of an earlier slot."""
        due = slot + self.offset
        if self.hours is None:
            return due
        opened = self.hours.opening(due)
        if due < opened + self.lead:
            return (opened + self.lead).astimezone(slot.tzinfo)
        if due < opened + _room(self.hours):
            return due
        return (opened + LONGEST_WAIT + self.lead).astimezone(slot.tzinfo)

    def opens_after(self, now: datetime) -> datetime | None:
        """When a visit may start next, if it may not now."""
        if self.hours is None or self.hours.include(now):
            return None
        return self.hours.opening(now) + LONGEST_WAIT + self.lead

    def due(self, slots: Slots, after: datetime, now: datetime) -> list[datetime]:
        """The slots later than ``after`` whose visits have started by ``now``."""
        reached = slots.between(after, now - self.offset)
        return [slot for slot in reached if self.hours is None or self.at(slot) <= now]

    def coming(self, slots: Slots, now: datetime) -> Iterator[tuple[datetime, datetime | None]]:
        """The visits that start later than ``now``, in order: of each its slot, the last of those
        that it serves, and the slot that was served before it."""
        waited = LONGEST_WAIT if self.hours else timedelta()
        slot = slots.following(now - self.offset - waited)
        served = slots.before(slot) if slot else None
        while slot is not None:
            later = slots.following(slot)
            if later is None or self.at(later) > self.at(slot):
                if self.at(slot) > now:
                    yield slot, served
                served = slot
            slot = later


def _room(hours: Hours) -> timedelta:
    """How long after an opening a visit may start."""
    return hours.length - min(A_VISIT, hours.length / 2)


def _hours(portal: PortalLike) -> Hours | None:
    try:
        return read_quirks(portal.quirks).hours
    except ValueError:
        return None  # the visit itself says what is wrong with the portal's row
