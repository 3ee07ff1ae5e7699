"""What a listing page puts on the agenda: entries worth fetching, the pages that follow, files."""

from __future__ import annotations

from dataclasses import replace

from crawler.addresses import in_scheme_of
from crawler.capture import Finding
from crawler.enclosures import enclosed
from crawler.families import Family, Listing, ListingRequest, Page
from crawler.frontier import Note, PageMemory
from crawler.outcome import Reason
from crawler.progress import Progress
from crawler.reading import Answer
from crawler.task import ARTICLE_RANK, LATE_RANK, Task, listing_task

LISTING_LIMIT = 60
"""Pages of one column. A column of yearly reports has a few; this many means a wrong turn."""
MIXED_LIMIT, LATE_LIMIT = 5, 20
"""Pages of a column that has a report among many other things: the site's search, or the column
of the subject, has them too. And if at the end no column of reports was found: then this is it."""


def want(progress: Progress, page: Page, listing: Listing, column: str | None) -> tuple[int, int]:
    """Put down the entries worth fetching; how many there are, and how many were new to the
    crawl. What is known from an earlier crawl, and listed as it was, is asked for in sweeps
    only."""
    wanted = new = 0
    for entry in listing.entries:
        if not any(rules.screen_entry(entry.title).fetch for rules in progress.kinds):
            continue
        wanted += 1
        url = in_scheme_of(entry.url, page.url)
        if progress.is_known(entry, url):
            fresh = progress.agenda.claim(url)
        else:
            finding = Finding(page.url, entry.title, entry.date)
            task = Task("article", url, ARTICLE_RANK, column=column, finding=finding)
            fresh = progress.agenda.add(task)
        if fresh:
            new += 1
            progress.account.entry()
    return wanted, new


def want_files(progress: Progress, page: Page, task: Task) -> None:
    """Put down the files of which an article is only the cover."""
    found = task.finding
    for link in enclosed(page, progress.kinds):
        title = link.name or (found.title if found else "")
        finding = Finding(page.url, title, found.date if found else None)
        url = in_scheme_of(link.url, page.url)
        file = Task("article", url, ARTICLE_RANK, column=task.column, finding=finding)
        if progress.agenda.add(file):
            progress.account.entry()


def follow(
    progress: Progress,
    note: Note,
    column: str,
    following: tuple[ListingRequest, ...],
    family: Family,
) -> Note:
    """Put down the further pages of a column, up to a limit."""
    mixed = column in progress.mixed
    limit = LATE_LIMIT if mixed else LISTING_LIMIT
    for request in following:
        task = listing_task(request, column, family.name, note.name)
        if progress.agenda.knows(task):
            # Of a column whose first page this is, it was asked for under another address.
            note = replace(note, partly=note.partly or not progress.counts.first_page(column))
            continue
        if mixed and progress.asked[column] >= MIXED_LIMIT - 1:
            task = replace(task, rank=LATE_RANK)
        if progress.asked[column] >= limit - 1:
            said = f"over {limit} pages"
            reason = Reason.LISTING_LIMIT
            return progress.fail(note, request.url, reason, said, aside=mixed)
        progress.asked[column] += progress.agenda.add(task)
    return note


def counted(progress: Progress, note: Note, column: str, listing: Listing) -> Note:
    """The note, with a page's rows and the column it is of."""
    listed = progress.counts.listed(column, listing)
    return replace(note, column=column, listed=listed, claimed=listing.claimed)


def check_whole(progress: Progress, note: Note, url: str, *, aside: bool = False) -> Note:
    """Fail a column that was read to its end and listed less than it claims."""
    column = note.column or ""
    short = None if progress.agenda.waits_for(column) else progress.counts.shortfall(note)
    if not short:
        return note
    said = f"{short[0]} entries where the column says it has {short[1]}"
    return progress.fail(note, url, Reason.LISTING_SHORT, said, aside=aside)


def validators(task: Task, answer: Answer, listing: Listing) -> PageMemory | None:
    """What lets the next crawl ask whether a listing changed. A shell does not change when
    its list does."""
    if listing.shell or not listing.entries or not (answer.etag or answer.last_modified):
        return None
    return PageMemory(task.key, answer.etag, answer.last_modified)
