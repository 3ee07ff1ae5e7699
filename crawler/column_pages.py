"""Pages of a column: its listing, first and later pages, and the articles that it lists."""

from __future__ import annotations

from dataclasses import replace

from crawler.discovery import NAMED, Place
from crawler.families import Family, Page, named, recognise
from crawler.frontier import Note, PageMemory
from crawler.listed import check_whole, counted, follow, validators, want, want_files
from crawler.outcome import Reason
from crawler.progress import Progress
from crawler.reading import Answer, Reading, moved
from crawler.task import Task


def read_listing(progress: Progress, answer: Answer, task: Task, note: Note) -> Reading:
    """A page of a column: entries, and pages that follow. Its first page tells the family."""
    column = task.column or task.url
    note = replace(note, column=column)
    if answer.unchanged:
        progress.account.unchanged(answer.url)
        return Reading(replace(note, listing=True, unchanged=True))
    gone = moved(answer)
    if gone and task.otherwise:
        progress.agenda.add(task.otherwise)
        return Reading(note)
    if gone and task.family is None:
        said = f"the column is gone: {gone}"
        return Reading(progress.fail(note, column, Reason.COLUMN_MOVED, said))
    if answer.fault:
        return progress.fault(answer, task, note)
    if answer.page is None:
        what = "the listing is not a text page"
        return Reading(progress.fail(note, answer.url, Reason.WRONG_TYPE, what))
    family = named(task.family) or recognise(answer.page)
    if family is None:
        what = "no family recognises this listing"
        return Reading(progress.fail(note, answer.url, Reason.UNKNOWN_FAMILY, what))
    return _read_entries(progress, answer, answer.page, task, note, family)


def _read_entries(
    progress: Progress, answer: Answer, page: Page, task: Task, note: Note, family: Family
) -> Reading:
    column = note.column or task.url
    listing = family.listing(page)
    progress.account.listing(answer.url, family.name, len(listing.entries))
    leads_on = listing.offers or (listing.following and not task.family)
    if not listing.entries and not leads_on and not listing.ends:
        stub = "the listing page has no entry"
        note = progress.fail(note, answer.url, Reason.LISTING_STUB, stub)
    first = progress.counts.first_page(column)
    later = task.family and progress.agenda.waits_for(column)
    if later and progress.counts.is_cut_short(column, listing):
        cut = f"{len(listing.entries)} entries where its first page has {first}"
        note = progress.fail(note, answer.url, Reason.LISTING_STUB, cut)
    wanted, new = want(progress, page, listing, column)
    yielded = wanted > 0 and column not in progress.mixed
    note = replace(
        note, family=family.name, listing=True, entries=new, wanted=wanted, yielded=yielded
    )
    note = counted(progress, note, column, listing)
    if progress.read_before(column, listing):
        note = replace(note, partly=bool(listing.following))
    else:
        note = follow(progress, note, column, listing.following, family)
    note = check_whole(progress, note, answer.url)
    if listing.offers and not listing.following:
        place = Place(task.url, NAMED - 1)
        progress.agenda.add_all(progress.discovery.leads(page, listing, place))
    return Reading(note, validators(task, answer, listing))


def read_article(progress: Progress, answer: Answer, task: Task, note: Note) -> Reading:
    """An article: captured as it came. One that was met outside a column names its own."""
    finding = task.finding
    if answer.unchanged:
        progress.account.unchanged(answer.url)
        return Reading(replace(note, article=True, unchanged=True))
    progress.account.article()
    if answer.page and task.column is None:
        progress.agenda.add_all(progress.discovery.trail(answer.page, answer.url))
    if answer.page:
        want_files(progress, answer.page, task)
    memory = PageMemory(
        task.key,
        answer.etag,
        answer.last_modified,
        finding.title if finding else None,
        finding.date if finding else None,
    )
    return Reading(replace(note, article=True, captured=True), memory, keep=True)
