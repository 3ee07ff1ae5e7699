"""The progress of one crawl: what is known from before, what came of it so far, what waits.

It is the sum of the notes: a crawl that was killed is where it was once all have been heeded.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.account import Account
from crawler.addresses import page_key
from crawler.agenda import Agenda
from crawler.assignment import Assignment
from crawler.columns import OVERLAP, Columns, reaches
from crawler.counts import Counts
from crawler.discovery import Discovery
from crawler.families import Entry, Listing, ListingRequest
from crawler.frontier import ColumnMemory, Note, Recollection, Unfinished
from crawler.outcome import ENDS, Reason
from crawler.reading import EVIDENCE, Answer, Reading
from crawler.screening import load_kinds
from crawler.task import Task, listing_task

STALE = timedelta(days=2)
"""What a crawl left that broke off before so long is not taken up: the site has moved on."""


class Progress:
    """See the module. ``begin`` first."""

    def __init__(self, assignment: Assignment, agenda: Agenda, account: Account):
        self.portal = assignment.portal
        self.assignment = assignment
        self.kinds = tuple(load_kinds(assignment.seeds).values())
        self.agenda = agenda
        self.account = account
        self.discovery = Discovery(self.kinds, self.portal.base_url, assignment.discovery_pages)
        self.columns = Columns()
        self.counts = Counts()
        self.recalled = Recollection()
        self.sweep = False
        self.full = True
        """Everything is read: in a sweep, and at the first visit."""
        self.unchanged = False
        """Some page that was asked for is as it was."""
        self.searched = 0
        self.asked: Counter[str] = Counter()
        """Listing pages asked for, by column."""
        self.mixed: set[str] = set()
        """Columns that have a report among many other things."""

    def begin(self, recalled: Recollection, now: datetime) -> bool:
        """Put the first tasks on the agenda. True if a crawl that broke off is taken up."""
        self.recalled, self.began_at = recalled, now
        left = recalled.unfinished
        if left and now - left.began_at < STALE:
            self._resume(left)
            return True
        self.sweep = self.assignment.sweep or self._sweep_is_due(now)
        self.full = self.sweep or recalled.first_visit is None
        for column in self.known_columns():
            wanted = ListingRequest(column.url)
            self.agenda.add(listing_task(wanted, column.url, None, column.name))
        if self.sweep or not self.known_columns():
            self.agenda.add(self.discovery.front_page())
        return False

    def _resume(self, left: Unfinished) -> None:
        self.sweep, self.began_at = left.sweep, left.began_at
        self.full = self.sweep or self.recalled.first_visit is None
        self.agenda.resume(left)
        self.asked.update(task.column for task in left.pending if task.column)
        for note in left.notes:
            self.heed(note)
            self.asked[note.column or ""] += note.listing
            self.searched += note.way == "search"
            self.account.resume(note)

    def heed(self, note: Note) -> None:
        """Add up what came of a task."""
        self.discovery.heed(note)
        self.columns.heed(note)
        self.counts.heed(note)
        if note.way == "hub" and note.listing and note.wanted and not note.yielded:
            self.mixed.add(note.column or "")
        self.unchanged = self.unchanged or note.unchanged

    # -- what is known -----------------------------------------------------------------------

    def known_columns(self) -> list[ColumnMemory]:
        """Those that yielded most first, then those of the registry."""
        found = sorted(self.recalled.columns, key=lambda column: -column.reports)
        urls = {column.url for column in found}
        listed = [ColumnMemory(c.url, c.name or "") for c in self.portal.columns]
        return found + [column for column in listed if column.url not in urls]

    def is_known(self, entry: Entry, url: str) -> bool:
        """Whether an earlier crawl fetched an entry that was listed as it is now; never in one that
        reads everything."""
        if self.full:
            return False
        known = self.recalled.pages.get(page_key(url))
        return known is not None and (known.title, known.date) == (entry.title, entry.date)

    def read_before(self, column: str, listing: Listing) -> bool:
        """Whether what follows a page was read by an earlier crawl: by the dates of its entries,
        never by how many of them are known."""
        known = next((each for each in self.recalled.columns if each.url == column), None)
        if self.full or known is None or known.read_at is None:
            return False
        return reaches(listing.entries, (known.read_at - OVERLAP).date())

    def _sweep_is_due(self, now: datetime) -> bool:
        last = self.recalled.last_sweep or self.recalled.first_visit
        return last is not None and now - last >= self.assignment.sweep_every

    # -- failures ----------------------------------------------------------------------------

    def fault(self, answer: Answer, task: Task, note: Note) -> Reading:
        """A page that is not what was asked for."""
        assert answer.fault is not None
        reason, detail = answer.fault
        if reason in ENDS:
            return Reading(note, keep=reason in EVIDENCE, leave=answer.fault)
        note = self.fail_task(note, task, reason, answer.url, detail)
        return Reading(note, keep=reason in EVIDENCE)

    def fail(
        self,
        note: Note,
        url: str,
        reason: Reason,
        detail: str,
        *,
        aside: bool = False,
    ) -> Note:
        """Note a failure, an aside if it only might have led to a column."""
        self.account.fail(url, reason, detail, aside=aside)
        failure = (url, reason.value, detail, aside)
        return replace(note, failures=(*note.failures, failure))

    def fail_task(self, note: Note, task: Task, reason: Reason, url: str, detail: str) -> Note:
        """Note that what a task asked for cannot be had; ``url`` is where redirects had led to."""
        said = detail if url == task.url else f"{detail} (redirected to {url})"
        return self.fail(note, task.url, reason, said, aside=self._is_aside(task))

    def _is_aside(self, task: Task) -> bool:
        """Whether a task only might lead to a column: the front page does, where none is known."""
        front = task.url == self.portal.base_url and not self.known_columns()
        return task.way in ("hub", "search") and not front
