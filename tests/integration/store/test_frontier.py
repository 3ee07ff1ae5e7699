"""What a crawl writes down is there for the next one, and for itself after a kill."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.capture import Finding
from crawler.frontier import ColumnMemory, Note, PageMemory, Recollection, Step
from crawler.task import Task
from ingest.errors import StorageError
from ingest.store.database import Database
from ingest.store.frontier import DatabaseFrontier
from ingest.store.portals import read_portal, sync_portals

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOST = "http://www.a.gov.cn"
FRONT = Task("hub", HOST + "/", 270, score=30)
ARTICLE = Task(
    "article", HOST + "/a.html", 2000, column=HOST + "/c/", finding=Finding(HOST, "题", None)
)
LISTING = Task(
    *("listing", HOST + "/api", 1000, "POST"),
    form=(("p", "2"),),
    headers=(("Referer", HOST),),
    otherwise=Task("listing", HOST + "/api_1", 1000),
    column=HOST + "/c/",
    family="generic",
)


@pytest.fixture
def portal_id(connection: Any, portal: Any) -> str:
    made = portal
    sync_portals(connection, [made])
    connection.commit()
    return str(made.id)


def crawled(database: Database, portal_id: str, *told: Any) -> Recollection:
    """What a frontier recalls after it was told some things."""

    async def run() -> Recollection:
        frontier = DatabaseFrontier(portal_id, url=database.url)
        await frontier.open()
        try:
            for method, *arguments, options in told:
                await getattr(frontier, method)(*arguments, **options)
            return await DatabaseFrontier(portal_id, url=database.url).open()
        finally:
            await frontier.close()

    return asyncio.run(run())


BEGUN = ("begin", NOW, (FRONT,), {"sweep": False})
STEP = Step(
    FRONT.key,
    Note("hub", listing=True, failures=((HOST, "not_found", "answers 404", True),)),
    added=(ARTICLE, LISTING),
    claimed=("//www.a.gov.cn/target",),
    page=PageMemory(ARTICLE.key, '"e"', None, "题", "2025-03-01"),
)


def test_a_portal_that_was_never_crawled_is_remembered_by_nothing(
    database: Database, portal_id: str
) -> None:
    assert crawled(database, portal_id) == Recollection()


def test_a_crawl_that_broke_off_leaves_what_it_had_done_and_what_waits_in_order(
    database: Database, portal_id: str
) -> None:
    left = crawled(database, portal_id, BEGUN, ("record", STEP, {})).unfinished
    assert left is not None
    assert (left.began_at, left.sweep) == (NOW, False)
    assert left.pending == (ARTICLE, LISTING)
    assert set(left.keys) == {FRONT.key, ARTICLE.key, LISTING.key, "//www.a.gov.cn/target"}
    assert [note for note in left.notes if note.way] == [STEP.note]


def test_a_crawl_that_ended_leaves_nothing_but_what_it_learned(
    database: Database, portal_id: str
) -> None:
    column = ColumnMemory(HOST + "/c/", "法治政府建设", "generic", 7, NOW)
    ended = ("conclude", NOW, (column,), {"sweep": True})
    recalled = crawled(database, portal_id, BEGUN, ("record", STEP, {}), ended)
    assert recalled == Recollection(
        (column,), {ARTICLE.key: STEP.page}, first_visit=NOW, last_sweep=NOW
    )


def test_the_first_visit_and_the_last_sweep_stay_when_a_later_crawl_is_none(
    database: Database, portal_id: str
) -> None:
    later = NOW + timedelta(days=3)
    first, second = (("conclude", at, (), {"sweep": at == NOW}) for at in (NOW, later))
    recalled = crawled(database, portal_id, first, second)
    assert (recalled.first_visit, recalled.last_sweep) == (NOW, NOW)


def test_a_new_crawl_forgets_the_tasks_of_one_that_broke_off(
    database: Database, portal_id: str
) -> None:
    recalled = crawled(database, portal_id, BEGUN, ("record", STEP, {}), BEGUN)
    assert recalled.unfinished is not None
    assert recalled.unfinished.pending == (FRONT,)


def test_a_column_that_was_found_stays_when_the_registry_is_loaded_anew(
    database: Database, connection: Any, portal: Any, portal_id: str
) -> None:
    column = ColumnMemory(HOST + "/found/", "法治", "generic", 2, NOW)
    crawled(database, portal_id, ("conclude", NOW, (column,), {"sweep": False}))
    sync_portals(connection, [portal])
    connection.commit()
    known = read_portal(connection, portal_id)
    assert known is not None
    assert column.url not in [each.url for each in known.columns]
    assert crawled(database, portal_id).columns == (column,)


def test_a_portal_that_the_database_does_not_know_is_one_line(database: Database) -> None:
    with pytest.raises(StorageError, match="knows no portal 'nobody'"):
        crawled(database, "nobody")


def test_what_many_crawls_hand_in_at_once_is_kept_and_one_mistake_harms_no_other(
    database: Database, portal_id: str
) -> None:
    async def run() -> list[Any]:
        good = [DatabaseFrontier(portal_id, url=database.url) for _ in range(8)]
        bad = DatabaseFrontier("nobody", url=database.url)
        results = await asyncio.gather(*(f.open() for f in (*good, bad)), return_exceptions=True)
        for frontier in (*good, bad):
            await frontier.close()
        return results

    *recalled, failed = asyncio.run(run())
    assert recalled == [Recollection()] * 8
    assert isinstance(failed, StorageError)
