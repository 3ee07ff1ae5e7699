"""What the watch knows of a portal: frozen values, read from the database by watch/reading.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median

OUR_OWN = frozenset(
    {
        *("storage", "internal_error", "interrupted", "setting", "seed", "no_simulator"),
        *("backing_off", "outside_hours", "page_budget"),
    }
)
"""Reasons of runs that tell nothing of the portal: the fault was ours, or we did not ask."""
UNREADABLE = frozenset(
    {"no_column", "unknown_family", "column_moved", "listing_stub", "listing_short", "wrong_type"}
)
"""Reasons of failed runs that reached the portal and found nothing to read there."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One finished run of a portal, as the ledger has it."""

    run_id: int
    at: datetime
    state: str
    reason: str
    entries: int = 0
    articles: int = 0
    families: tuple[str, ...] = ()
    challenged: bool = False
    """It ended by a challenge, or met one."""
    moved_columns: tuple[str, ...] = ()
    """Addresses of known columns that were gone."""

    @property
    def good(self) -> bool:
        """Whether it succeeded."""
        return self.state == "succeeded"

    @property
    def read_something(self) -> bool:
        """Whether it says how much the portal lists: it succeeded, or found nothing to read."""
        return self.good or self.reason in UNREADABLE

    @property
    def counts_entries(self) -> bool:
        """Whether its entries say how many are listed: not where the listing was unchanged."""
        return self.read_something and (self.entries > 0 or self.reason != "nothing_new")


@dataclass(frozen=True, slots=True)
class History:
    """A portal, its latest visits (newest first, those that failed by our own fault left out), and
    the reports it gave: by kind and year reported on, the earliest day one was published (or, where
    no day is shown, first seen)."""

    portal: str
    name: str
    level: str
    visits: tuple[Visit, ...] = ()
    reports: Mapping[str, Mapping[int, date]] = field(default_factory=dict)

    @property
    def telling(self) -> tuple[Visit, ...]:
        """Visits that say how much the portal lists, newest first."""
        return tuple(visit for visit in self.visits if visit.read_something)


def usual_entries(visits: tuple[Visit, ...]) -> float:
    """How many entries these visits saw in the middle."""
    return median(visit.entries for visit in visits)
