"""The reader of one crawl: what an answer says, what it leads to, and what is to be done next.

It knows nothing of Scrapy and fetches nothing: an answer and its task go in; out come a Note of
what came of it, and new tasks on the agenda.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.account import Account
from crawler.addresses import in_scheme_of, page_key
from crawler.agenda import Agenda
from crawler.assignment import Assignment
from crawler.capture import Finding
from crawler.columns import OVERLAP, Columns, reaches
from crawler.counts import Counts
from crawler.discovery import LEAST, NAMED, Discovery, Place
from crawler.enclosures import enclosed
from crawler.families import (
    Entry,
    Family,
    Listing,
    ListingRequest,
    Page,
    named,
    recognise,
    searches,
)
from crawler.frontier import ColumnMemory, Note, PageMemory, Recollection
from crawler.outcome import ENDS, Reason
from crawler.reading import EVIDENCE, Answer, Reading, moved
from crawler.screening import load_kinds
from crawler.task import ARTICLE_RANK, Task, listing_task

LISTING_LIMIT = 60
"""Pages of one column. A column of yearly reports has a few; this many means a wrong turn."""
MIXED_LIMIT = 5
"""Pages of a column that has a report among many other things: the site's search, or the column
of the subject, has them too."""
SEARCH_PAGES = 3
"""Pages of a site's own search: it is asked for the newest, or for the best, first."""
YIELDS_WITH, YIELDS_SHARE = 2, 0.3
"""Reports on a page that make it a column of reports: so many, or such a share of its entries."""
STALE = timedelta(days=2)
"""What a crawl left that broke off before so long is not taken up: the site has moved on."""


class Reader:
    """See the module. ``begin`` first."""

    def __init__(self, assignment: Assignment, agenda: Agenda, account: Account):
        self.portal = assignment.portal
        self.assignment = assignment
        self.kinds = tuple(load_kinds(assignment.seeds).values())
        self.agenda = agenda
        self.account = account
        self.discovery = Discovery(self.kinds, self.portal.base_url, assignment.discovery_pages)
        self.columns = Columns()
        self.sweep = False
        self._recalled = Recollection()
        self._full = True
        self._unchanged = False
        self._searched = 0
        self._asked: Counter[str] = Counter()
        """Listing pages asked for, by column."""
        self._mixed: set[str] = set()
        """Columns that have a report among many other things."""
        self.counts = Counts()

    # -- begin, next, end --------------------------------------------------------------------

    def begin(self, recalled: Recollection, now: datetime) -> bool:
        """Put the first tasks on the agenda. True if a crawl that broke off is taken up."""
        self._recalled, self.began_at = recalled, now
        left = recalled.unfinished
        if left and now - left.began_at < STALE:
            self.sweep, self.began_at = left.sweep, left.began_at
            self._full = self.sweep or recalled.first_visit is None
            self.agenda.resume(left)
            self._asked.update(task.column for task in left.pending if task.column)
            for note in left.notes:
                self._heed(note)
                self._asked[note.column or ""] += note.listing
                self._searched += note.way == "search"
                self.account.resume(note)
            return True
        self.sweep = self.assignment.sweep or self._sweep_is_due(now)
        self._full = self.sweep or recalled.first_visit is None
        for column in self._known_columns():
            wanted = ListingRequest(column.url)
            self.agenda.add(listing_task(wanted, column.url, None, column.name))
        if self.sweep or not self._known_columns():
            self.agenda.add(self.discovery.front_page())
        return False

    def next(self) -> Task | None:
        """The task to do now; None at the end. A portal none of whose known columns has a report
        is searched from the front page."""
        task = self.agenda.take(self.discovery.worth)
        if task is None and not (self.columns.yielded or self._unchanged):
            self.agenda.add(self.discovery.front_page())
            task = self.agenda.take(self.discovery.worth)
        return task

    def learned(self) -> tuple[ColumnMemory, ...]:
        """The columns to remember."""
        return self.columns.learned(self._recalled.columns, self.began_at)

    def conditions(self, task: Task) -> Mapping[str, str]:
        """Headers that ask for a page only if it changed: for articles that are known, and in a
        crawl that is not full for listings."""
        known = self._recalled.pages.get(task.key)
        if known is None or (task.way != "article" and self._full):
            return {}
        given = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in given.items() if value}

    # -- answers -----------------------------------------------------------------------------

    def read(self, answer: Answer, task: Task) -> Reading:
        """What an answer brings. The note has been taken heed of."""
        note = Note(task.way, task.column, task.family, task.name)
        if task.way == "listing":
            reading = self._read_listing(answer, task, note)
        elif answer.fault:
            reading = self._fault(answer, task, note)
        elif task.way == "article":
            reading = self._read_article(answer, task, note)
        elif task.way == "search":
            reading = self._read_search(answer, task, note)
        else:
            reading = self._read_hub(answer, task, note)
        self._heed(reading.note)
        return reading

    def missed(self, task: Task, url: str, known: tuple[Reason, str] | None) -> Reading:
        """A task that got no answer; ``known`` is None where nothing is lost by it."""
        note = Note(task.way, task.column, task.family, task.name)
        if known and known[0] in ENDS:
            return Reading(note, leave=known)
        if known is not None:
            note = self._fail_task(note, task, known[0], url, known[1])
        self._heed(note)
        return Reading(note)

    def _read_hub(self, answer: Answer, task: Task, note: Note) -> Reading:
        """A page on the way to the column: it may be the column already."""
        if answer.page is None:
            return Reading(note)
        page = answer.page
        family = named(task.family) or recognise(page)
        listing = family.listing(page) if family else Listing(())
        column = task.column or task.url
        self._search(page)
        front = task.url == self.portal.base_url
        wanted, new = self._want(page, listing, None if front else column)
        note = replace(note, entries=new, wanted=0 if front else wanted)
        memory = None
        if family and not front and (wanted or task.score >= NAMED):
            self.account.listing(answer.url, family.name, len(listing.entries))
            note = replace(note, column=column, family=family.name, listing=True)
            note = self._counted(note, column, listing)
            note = self._column_found(note, task, listing, family)
            note = self._check_whole(note, answer.url, aside=not note.yielded)
            memory = self._validators(task, answer, listing)
        elif family and not front:
            note = self._counted(note, column, listing)
            self._look_deeper(task, column, listing, family)
        place = Place(self.portal.base_url if front else task.url, task.score)
        self.agenda.add_all(self.discovery.leads(page, listing, place))
        return Reading(note, memory)

    def _column_found(self, note: Note, task: Task, listing: Listing, family: Family) -> Note:
        """A column with a report, or of the right name, is read on; a column of reports ends the
        search."""
        share = note.wanted / max(1, len(listing.entries))
        named = task.score >= NAMED
        many = note.wanted >= YIELDS_WITH or share >= YIELDS_SHARE
        note = replace(note, yielded=many or (named and note.wanted > 0))
        column = note.column or task.url
        if note.wanted and not note.yielded:
            self._mixed.add(column)
        return self._follow(note, column, listing.following, family)

    def _look_deeper(self, task: Task, column: str, listing: Listing, family: Family) -> None:
        """The list of a shell; or the next page of a likely place that showed no report."""
        for wanted in listing.following[:1]:
            later = listing_task(wanted, column, family.name, task.name)
            score = task.score if not listing.entries else int(task.score * 0.4)
            if score >= LEAST:
                rank = score * 9 + 8 * (not listing.entries)
                self.agenda.add(replace(later, way="hub", rank=rank, score=score))

    def _search(self, page: Page) -> None:
        """Ask the site's own search, where a page shows how."""
        for rules in self.kinds:
            for words in rules.search:
                if self._searched >= len(rules.search):
                    break
                for request in searches(page, words):
                    if self._searched < len(rules.search):
                        self._searched += self.agenda.add(self.discovery.search(request))

    def _read_search(self, answer: Answer, task: Task, note: Note) -> Reading:
        """An answer of the site's search: its hits are entries."""
        family = recognise(answer.page) if answer.page else None
        if family is None or answer.page is None:
            return Reading(note)
        listing = family.listing(answer.page)
        _, new = self._want(answer.page, listing, None)
        self.account.listing(answer.url, family.name, len(listing.entries))
        asked = int(task.name or 1)
        if listing.entries and asked < SEARCH_PAGES:
            for request in listing.following[:1]:
                later = replace(self.discovery.search(request), name=str(asked + 1))
                self.agenda.add(later)
        return Reading(replace(note, entries=new, name=""))

    def _read_listing(self, answer: Answer, task: Task, note: Note) -> Reading:
        """A page of a column: entries, and pages that follow. Its first page tells the family."""
        column = task.column or task.url
        note = replace(note, column=column)
        if answer.unchanged:
            self.account.unchanged(answer.url)
            return Reading(replace(note, listing=True, unchanged=True))
        gone = moved(answer)
        if gone and task.otherwise:
            self.agenda.add(task.otherwise)
            return Reading(note)
        if gone and task.family is None:
            said = f"the column is gone: {gone}"
            return Reading(self._fail(note, column, Reason.COLUMN_MOVED, said))
        if answer.fault:
            return self._fault(answer, task, note)
        if answer.page is None:
            what = "the listing is not a text page"
            return Reading(self._fail(note, answer.url, Reason.WRONG_TYPE, what))
        family = named(task.family) or recognise(answer.page)
        if family is None:
            what = "no family recognises this listing"
            return Reading(self._fail(note, answer.url, Reason.UNKNOWN_FAMILY, what))
        return self._read_entries(answer, answer.page, task, note, family)

    def _read_entries(
        self, answer: Answer, page: Page, task: Task, note: Note, family: Family
    ) -> Reading:
        column = note.column or task.url
        listing = family.listing(page)
        self.account.listing(answer.url, family.name, len(listing.entries))
        leads_on = listing.offers or (listing.following and not task.family)
        if not listing.entries and not leads_on and not listing.ends:
            stub = "the listing page has no entry"
            note = self._fail(note, answer.url, Reason.LISTING_STUB, stub)
        first = self.counts.first_page(column)
        later = task.family and self.agenda.waits_for(column)
        if later and self.counts.is_cut_short(column, listing):
            cut = f"{len(listing.entries)} entries where its first page has {first}"
            note = self._fail(note, answer.url, Reason.LISTING_STUB, cut)
        wanted, new = self._want(page, listing, column)
        note = replace(
            note, family=family.name, listing=True, entries=new, wanted=wanted, yielded=wanted > 0
        )
        note = self._counted(note, column, listing)
        if self._read_before(column, listing):
            note = replace(note, partly=bool(listing.following))
        else:
            note = self._follow(note, column, listing.following, family)
        note = self._check_whole(note, answer.url)
        if listing.offers and not listing.following:
            place = Place(task.url, NAMED - 1)
            self.agenda.add_all(self.discovery.leads(page, listing, place))
        return Reading(note, self._validators(task, answer, listing))

    def _read_article(self, answer: Answer, task: Task, note: Note) -> Reading:
        """An article: captured as it came. One that was met outside a column names its own."""
        finding = task.finding
        if answer.unchanged:
            self.account.unchanged(answer.url)
            return Reading(replace(note, article=True, unchanged=True))
        self.account.article()
        if answer.page and task.column is None:
            self.agenda.add_all(self.discovery.trail(answer.page, answer.url))
        if answer.page:
            self._want_files(answer.page, task)
        memory = PageMemory(
            task.key,
            answer.etag,
            answer.last_modified,
            finding.title if finding else None,
            finding.date if finding else None,
        )
        return Reading(replace(note, article=True, captured=True), memory, keep=True)

    # -- parts of an answer ------------------------------------------------------------------

    def _want(self, page: Page, listing: Listing, column: str | None) -> tuple[int, int]:
        """Put down the entries worth fetching; how many there are, and how many were new to the
        crawl. What is known from an earlier crawl, and listed as it was, is asked for in sweeps
        only."""
        wanted = new = 0
        for entry in listing.entries:
            if not any(rules.screen_entry(entry.title).fetch for rules in self.kinds):
                continue
            wanted += 1
            url = in_scheme_of(entry.url, page.url)
            if self._is_known(entry, url):
                fresh = self.agenda.claim(url)
            else:
                finding = Finding(page.url, entry.title, entry.date)
                task = Task("article", url, ARTICLE_RANK, column=column, finding=finding)
                fresh = self.agenda.add(task)
            if fresh:
                new += 1
                self.account.entry()
        return wanted, new

    def _want_files(self, page: Page, task: Task) -> None:
        """Put down the files of which an article is only the cover."""
        found = task.finding
        for link in enclosed(page, self.kinds):
            title = link.name or (found.title if found else "")
            finding = Finding(page.url, title, found.date if found else None)
            url = in_scheme_of(link.url, page.url)
            file = Task("article", url, ARTICLE_RANK, column=task.column, finding=finding)
            if self.agenda.add(file):
                self.account.entry()

    def _is_known(self, entry: Entry, url: str) -> bool:
        if self._full:
            return False
        known = self._recalled.pages.get(page_key(url))
        return known is not None and (known.title, known.date) == (entry.title, entry.date)

    def _follow(
        self,
        note: Note,
        column: str,
        following: tuple[ListingRequest, ...],
        family: Family,
    ) -> Note:
        """Put down the further pages of a column, up to a limit."""
        mixed = column in self._mixed
        limit = MIXED_LIMIT if mixed else LISTING_LIMIT
        for request in following:
            task = listing_task(request, column, family.name, note.name)
            if self.agenda.knows(task):
                # Of a column whose first page this is, it was asked for under another address.
                note = replace(note, partly=note.partly or not self.counts.first_page(column))
                continue
            if self._asked[column] >= limit - 1:
                said = f"over {limit} pages"
                reason = Reason.LISTING_LIMIT
                return self._fail(note, request.url, reason, said, aside=mixed)
            self._asked[column] += self.agenda.add(task)
        return note

    def _read_before(self, column: str, listing: Listing) -> bool:
        """Whether what follows a page was read by an earlier crawl: by the dates of its entries,
        never by how many of them are known."""
        known = next((each for each in self._recalled.columns if each.url == column), None)
        if self._full or known is None or known.read_at is None:
            return False
        return reaches(listing.entries, (known.read_at - OVERLAP).date())

    def _counted(self, note: Note, column: str, listing: Listing) -> Note:
        """The note, with a page's rows and the column it is of."""
        listed = self.counts.listed(column, listing)
        return replace(note, column=column, listed=listed, claimed=listing.claimed)

    def _check_whole(self, note: Note, url: str, *, aside: bool = False) -> Note:
        """Fail a column that was read to its end and listed less than it claims."""
        column = note.column or ""
        short = None if self.agenda.waits_for(column) else self.counts.shortfall(note)
        if not short:
            return note
        said = f"{short[0]} entries where the column says it has {short[1]}"
        return self._fail(note, url, Reason.LISTING_SHORT, said, aside=aside)

    def _validators(self, task: Task, answer: Answer, listing: Listing) -> PageMemory | None:
        """What lets the next crawl ask whether a listing changed. A shell does not change when
        its list does."""
        if listing.shell or not listing.entries or not (answer.etag or answer.last_modified):
            return None
        return PageMemory(task.key, answer.etag, answer.last_modified)

    def _fault(self, answer: Answer, task: Task, note: Note) -> Reading:
        """A page that is not what was asked for."""
        assert answer.fault is not None
        reason, detail = answer.fault
        if reason in ENDS:
            return Reading(note, keep=reason in EVIDENCE, leave=answer.fault)
        note = self._fail_task(note, task, reason, answer.url, detail)
        return Reading(note, keep=reason in EVIDENCE)

    def _fail(
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

    def _fail_task(self, note: Note, task: Task, reason: Reason, url: str, detail: str) -> Note:
        """Note that what a task asked for cannot be had; ``url`` is where redirects had led to."""
        said = detail if url == task.url else f"{detail} (redirected to {url})"
        return self._fail(note, task.url, reason, said, aside=self._is_aside(task))

    def _is_aside(self, task: Task) -> bool:
        """Whether a task only might lead to a column: the front page does, where none is known."""
        front = task.url == self.portal.base_url and not self._known_columns()
        return task.way in ("hub", "search") and not front

    # -- what is known -----------------------------------------------------------------------

    def _heed(self, note: Note) -> None:
        self.discovery.heed(note)
        self.columns.heed(note)
        self.counts.heed(note)
        if note.way == "hub" and note.listing and note.wanted and not note.yielded:
            self._mixed.add(note.column or "")
        self._unchanged = self._unchanged or note.unchanged

    def _known_columns(self) -> list[ColumnMemory]:
        """Those that yielded most first, then those of the registry."""
        found = sorted(self._recalled.columns, key=lambda column: -column.reports)
        urls = {column.url for column in found}
        listed = [ColumnMemory(c.url, c.name or "") for c in self.portal.columns]
        return found + [column for column in listed if column.url not in urls]

    def _sweep_is_due(self, now: datetime) -> bool:
        last = self._recalled.last_sweep or self._recalled.first_visit
        return last is not None and now - last >= self.assignment.sweep_every
