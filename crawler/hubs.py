"""Pages on the way: hubs that lead to a column, or are one; answers of the site's own search."""

from __future__ import annotations

from dataclasses import replace

from crawler.discovery import LEAST, NAMED, Place
from crawler.families import Family, Listing, Page, named, recognise, searches
from crawler.frontier import Note
from crawler.listed import check_whole, counted, follow, validators, want
from crawler.progress import Progress
from crawler.reading import Answer, Reading
from crawler.task import Task, listing_task

SEARCH_PAGES = 3
"""Pages of a site's own search: it is asked for the newest, or for the best, first."""
YIELDS_WITH, YIELDS_SHARE = 2, 0.3
"""Reports on a page that make it a column of reports: so many, or such a share of its entries."""


def read_hub(progress: Progress, answer: Answer, task: Task, note: Note) -> Reading:
    """A page on the way to the column: it may be the column already."""
    if answer.page is None:
        return Reading(note)
    page = answer.page
    family = named(task.family) or recognise(page)
    listing = family.listing(page) if family else Listing(())
    column = task.column or task.url
    _search(progress, page)
    front = task.url == progress.portal.base_url
    wanted, new = want(progress, page, listing, None if front else column)
    note = replace(note, entries=new, wanted=0 if front else wanted)
    memory = None
    if family and not front and (wanted or task.score >= NAMED):
        progress.account.listing(answer.url, family.name, len(listing.entries))
        note = replace(note, column=column, family=family.name, listing=True)
        note = counted(progress, note, column, listing)
        note = _column_found(progress, note, task, listing, family)
        note = check_whole(progress, note, answer.url, aside=not note.yielded)
        memory = validators(task, answer, listing)
    elif family and not front:
        note = counted(progress, note, column, listing)
        _look_deeper(progress, task, column, listing, family)
    place = Place(progress.portal.base_url if front else task.url, task.score)
    progress.agenda.add_all(progress.discovery.leads(page, listing, place))
    return Reading(note, memory)


def _column_found(
    progress: Progress, note: Note, task: Task, listing: Listing, family: Family
) -> Note:
    """A column with a report, or of the right name, is read on; a column of reports ends the
    search."""
    share = note.wanted / max(1, len(listing.entries))
    named = task.score >= NAMED
    many = note.wanted >= YIELDS_WITH or share >= YIELDS_SHARE
    note = replace(note, yielded=many or (named and note.wanted > 0))
    column = note.column or task.url
    if note.wanted and not note.yielded:
        progress.mixed.add(column)
    return follow(progress, note, column, listing.following, family)


def _look_deeper(
    progress: Progress, task: Task, column: str, listing: Listing, family: Family
) -> None:
    """The list of a shell; or the next page of a likely place that showed no report."""
    for wanted in listing.following[:1]:
        later = listing_task(wanted, column, family.name, task.name)
        score = task.score if not listing.entries else int(task.score * 0.4)
        if score >= LEAST:
            rank = score * 9 + 8 * (not listing.entries)
            progress.agenda.add(replace(later, way="hub", rank=rank, score=score))


def _search(progress: Progress, page: Page) -> None:
    """Ask the site's own search, where a page shows how."""
    for rules in progress.kinds:
        for words in rules.search:
            if progress.searched >= len(rules.search):
                break
            for request in searches(page, words):
                if progress.searched < len(rules.search):
                    progress.searched += progress.agenda.add(progress.discovery.search(request))


def read_search(progress: Progress, answer: Answer, task: Task, note: Note) -> Reading:
    """An answer of the site's search: its hits are entries."""
    family = recognise(answer.page) if answer.page else None
    if family is None or answer.page is None:
        return Reading(note)
    listing = family.listing(answer.page)
    _, new = want(progress, answer.page, listing, None)
    progress.account.listing(answer.url, family.name, len(listing.entries))
    asked = int(task.name or 1)
    if listing.entries and asked < SEARCH_PAGES:
        for request in listing.following[:1]:
            later = replace(progress.discovery.search(request), name=str(asked + 1))
            progress.agenda.add(later)
    return Reading(replace(note, entries=new, name=""))
