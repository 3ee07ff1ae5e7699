"""What a crawl learned about columns, and how far back a listing has to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crawler.families import Entry
from crawler.frontier import ColumnMemory, Note

OVERLAP = timedelta(days=45)
"""How far before the last visit a listing is read again: entries are dated back by weeks."""


@dataclass(slots=True)
class _Column:
    name: str
    family: str | None = None
    pages: int = 0
    reports: int = 0
    failed: bool = False


class Columns:
    """The columns that were asked for in this crawl, by the address of their first page."""

    def __init__(self) -> None:
        self._by_url: dict[str, _Column] = {}

    def heed(self, note: Note) -> None:
        """Add up what came of a task."""
        if note.column is None or not (note.listing or note.way == "listing"):
            return
        column = self._by_url.setdefault(note.column, _Column(note.name))
        column.family = note.family or column.family
        column.pages += note.listing
        column.reports += note.wanted
        column.failed = column.failed or any(not aside for *_, aside in note.failures)

    def pages(self, url: str) -> int:
        """Listing pages read of a column."""
        return self._by_url[url].pages if url in self._by_url else 0

    @property
    def yielded(self) -> bool:
        """Whether any column listed a report."""
        return any(column.reports for column in self._by_url.values())

    def learned(self, known: Sequence[ColumnMemory], now: datetime) -> tuple[ColumnMemory, ...]:
        """What to remember: columns with reports, and known ones that answered. A column that
        failed keeps the time of its last good reading."""
        before = {column.url: column for column in known}
        found = []
        for url, column in self._by_url.items():
            old = before.get(url)
            if column.reports or (old and not column.failed):
                read = old.read_at if column.failed and old else None if column.failed else now
                reports = column.reports or (old.reports if old else 0)
                found.append(ColumnMemory(url, column.name, column.family, reports, read))
        return tuple(found)


def reaches(entries: Sequence[Entry], since: date) -> bool:
    """Whether a page of a listing, newest first, reaches back before a day: then what follows is
    older still.

    The first half may be pinned entries of any age: the dates of the second half decide, all of
    them. Entries without a date decide nothing.
    """
    half = entries[len(entries) // 2 :]
    days = [day for entry in half if entry.date and (day := _day(entry.date))]
    return bool(days) and max(days) < since


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
