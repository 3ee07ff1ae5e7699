"""Whether a column's listing is whole, from what its pages listed and claimed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from scrapy.settings import Settings

from crawler.account import Account
from crawler.agenda import Agenda
from crawler.assignment import assign
from crawler.counts import Counts
from crawler.families import Entry, Listing, Page
from crawler.frontier import Note, Recollection, Unfinished
from crawler.portals import Portal, row_of
from crawler.reader import Reader
from crawler.reading import Answer
from crawler.task import Task

HOST = "http://www.a.gov.test/"
COLUMN = f"{HOST}col/"
PAGE = Note("listing", column=COLUMN, listing=True, listed=4, claimed=8)


def listing(*names: int, **more: int) -> Listing:
    return Listing(tuple(Entry(f"{HOST}{name}.html", "题", None) for name in names), **more)


def test_a_column_whose_pages_add_up_lacks_nothing() -> None:
    counts = Counts()
    counts.heed(PAGE)
    assert counts.shortfall(PAGE) is None


def test_a_column_that_lists_less_than_it_claims_is_short() -> None:
    counts = Counts()
    counts.heed(PAGE)
    assert counts.shortfall(replace(PAGE, listed=3)) == (7, 8)


@pytest.mark.parametrize(
    "told",
    [
        {"claimed": 0},
        {"partly": True},
        {"unchanged": True},
        {"failures": ((COLUMN, "not_found", "answers 404", False),)},
    ],
)
def test_nothing_is_said_of_a_column_that_claims_nothing_or_was_not_read_whole(told: dict) -> None:
    counts = Counts()
    counts.heed(replace(PAGE, **told))
    assert counts.shortfall(replace(PAGE, listed=1, claimed=0)) is None


def test_a_page_that_repeats_an_earlier_one_lists_nothing_and_twins_on_one_page_count() -> None:
    counts = Counts()
    assert counts.listed(COLUMN, listing(1, 2, debris=1)) == 3
    assert counts.listed(COLUMN, listing(1, 2)) == 0
    assert counts.listed(COLUMN, listing(2, 3)) == 1
    assert counts.listed(f"{HOST}other/", listing(1, 1)) == 2


def test_what_stands_beside_the_list_of_a_shell_is_not_counted() -> None:
    assert Counts().listed(COLUMN, replace(listing(1, 2), shell=True)) == 0


def resumed_reader(*notes: Note) -> Reader:
    """A reader that goes on with a crawl that was killed after these notes."""
    portal = Portal("a", "甲县", "county", None, HOST)
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.setdict({"FAZHI_PORTAL": row_of(portal), "FAZHI_SIMULATOR": "127.0.0.1:1"})
    reader = Reader(assign(settings, "a"), Agenda(), Account("a", None))
    now = datetime(2026, 3, 1, tzinfo=UTC)
    later = Task("listing", f"{COLUMN}index_2.html", 1000, column=COLUMN, family="trs_wcm")
    left = Unfinished(now, sweep=True, pending=(later,), keys=(later.key,), notes=notes)
    assert reader.begin(Recollection(unfinished=left), now)
    return reader


def read_page(reader: Reader, number: int, entries: int) -> tuple[str, ...]:
    """The names that failures got, on reading a later page of the column."""
    items = "".join(
        f'<li><a href="/{number}-{each}.html">题</a>2020-01-01</li>' for each in range(entries)
    )
    task = Task("listing", f"{COLUMN}index_{number}.html", 1000, column=COLUMN, family="trs_wcm")
    answer = Answer(task.url, Page(task.url, f"<ul>{items}</ul>"))
    return tuple(reason for _, reason, *_ in reader.read(answer, task).note.failures)


def test_a_crawl_that_goes_on_after_a_kill_still_knows_the_size_of_the_first_page() -> None:
    first = replace(PAGE, listed=20, claimed=0)
    assert read_page(resumed_reader(first), 1, entries=3) == ("listing_stub",)
    assert read_page(resumed_reader(first), 1, entries=15) == ()
    assert read_page(resumed_reader(), 1, entries=3) == ()


def test_a_crawl_that_goes_on_after_a_kill_still_knows_what_was_claimed_and_listed() -> None:
    first = replace(PAGE, listed=20, claimed=30)
    for last, names in ((9, ("listing_short",)), (10, ())):
        reader = resumed_reader(first)
        assert reader.next() is not None, "the page that waited is in hand, no other waits"
        assert read_page(reader, 2, entries=last) == names
