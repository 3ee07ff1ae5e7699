"""Hours of the day in which a portal may be visited. They may run over midnight."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "China")
"""China has had one time, without summer time, since 1991."""
_SPAN = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)")


@dataclass(frozen=True, slots=True)
class Hours:
    """From ``begin`` up to, not including, ``end``, in the time of ``zone``."""

    begin: time
    end: time
    zone: timezone = CHINA

    @classmethod
    def read(cls, text: str) -> Hours:
        """``22:00-06:30``, in China's time; ValueError if it is not that."""
        match = _SPAN.fullmatch(text)
        if not match or match[1] == match[2]:
            raise ValueError(f"{text!r} is not HH:MM-HH:MM, such as 22:00-06:00")
        return cls(time.fromisoformat(match[1]), time.fromisoformat(match[2]))

    def include(self, now: datetime) -> bool:
        """Whether a moment lies within them."""
        clock = now.astimezone(self.zone).time()
        if self.begin <= self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end

    @property
    def length(self) -> timedelta:
        """From their begin to their end."""
        day = datetime(2000, 1, 1)
        begin, end = datetime.combine(day, self.begin), datetime.combine(day, self.end)
        return (end - begin) % timedelta(days=1)

    def opening(self, moment: datetime) -> datetime:
        """The last time at or before a moment at which they began."""
        local = moment.astimezone(self.zone)
        opened = datetime.combine(local.date(), self.begin, self.zone)
        return opened if opened <= local else opened - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.begin:%H:%M} to {self.end:%H:%M} ({self.zone})"
