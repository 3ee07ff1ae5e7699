"""Whether a column's listing is whole: what its pages listed, against what they say there is.

Kept as the sum of the notes, so that a crawl that was killed and goes on knows what it knew.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from crawler.families import Listing
from crawler.frontier import Note

CUT_SHORT = 0.5
"""A page of a listing that is not its last, with less than this share of the entries that the
first page had, was cut short."""


@dataclass(slots=True)
class _Count:
    first: int = 0
    """Rows of the first page that had any."""
    listed: int = 0
    claimed: int = 0
    partly: bool = False
    urls: set[str] = field(default_factory=set)


class Counts:
    """The counts of all columns of a crawl, by the address of their first page."""

    def __init__(self) -> None:
        self._by_column: defaultdict[str, _Count] = defaultdict(_Count)

    def heed(self, note: Note) -> None:
        """Add up what came of a task."""
        if note.column is None:
            return
        count = self._by_column[note.column]
        count.first = count.first or note.listed
        count.listed += note.listed
        count.claimed = count.claimed or note.claimed
        count.partly = count.partly or note.partly or note.unchanged or bool(note.failures)

    def listed(self, column: str, listing: Listing) -> int:
        """Rows of a page, those that lead nowhere included, and not those that an earlier page of
        the column had: a site that is asked for too much repeats its last page. (Which addresses
        those were is not remembered over a kill.)"""
        if listing.shell:
            return 0
        seen, urls = self._by_column[column].urls, [entry.url for entry in listing.entries]
        new = sum(url not in seen for url in urls)
        seen.update(urls)
        return new + listing.debris

    def first_page(self, column: str) -> int:
        """Rows of a column's first page; 0 if it is not known."""
        return self._by_column[column].first

    def is_cut_short(self, column: str, listing: Listing) -> bool:
        """Whether a later page, which is not the last, has far fewer rows than the first."""
        rows = len(listing.entries) + listing.debris
        return 0 < rows < CUT_SHORT * self._by_column[column].first

    def shortfall(self, note: Note) -> tuple[int, int] | None:
        """(listed, claimed) of a column whose last page ``note`` tells of, and is not heeded yet,
        if it listed less than it claimed. A column of which something was not read, on purpose or
        by a failure that has its own name, lacks nothing that is not known."""
        count = self._by_column[note.column or ""]
        if count.partly or note.partly or note.failures:
            return None
        listed, claimed = count.listed + note.listed, count.claimed or note.claimed
        return (listed, claimed) if listed < claimed else None
