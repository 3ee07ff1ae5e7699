"""Asking for a visit: one job a portal, whoever asks, and a slot is fired once."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.store.database import Database
from ingest.store.runs import begin_run
from scheduler.agenda import Due
from scheduler.firing import enter_portals, fire, fired_before
from scheduler.runs import Cause, State, Visit, request_crawl
from scheduler.tasks import app, open_app
from scheduler.work import Work

SLOT = datetime(2026, 3, 27, 5, tzinfo=UTC)
NOW = SLOT + timedelta(minutes=7)
HAND = Visit("demo-qinghe", Cause.HAND, "wang@desk")
BY_CALENDAR = Visit("demo-qinghe", Cause.SCHEDULE, "host:1", slot=SLOT)


@pytest.fixture
def connection(database: Database) -> Any:
    with database.connect(autocommit=True) as opened:
        yield opened


def take_up(work: Work) -> None:
    """A worker takes the next job."""

    async def main() -> None:
        async with open_app(work.database, "test"):
            worker = await app.job_manager.register_worker()
            assert await app.job_manager.fetch_job(queues=None, worker_id=worker)

    asyncio.run(main())


def jobs(connection: Any) -> list[tuple[Any, ...]]:
    return connection.execute(  # type: ignore[no-any-return]
        "select id, status::text, args, priority from jobs.procrastinate_jobs order by id"
    ).fetchall()


def test_a_portal_is_not_queued_twice_and_the_second_asker_is_told_whose_visit_it_is(
    connection: Any,
) -> None:
    first = request_crawl(connection, HAND)
    second = request_crawl(connection, BY_CALENDAR)
    other = request_crawl(connection, Visit("demo-baishi", Cause.HTTP, "a program"))
    assert (first.state, other.state) == (State.QUEUED, State.QUEUED)
    assert (second.state, second.job_id) == (State.WAITING, first.job_id)
    assert (second.cause, second.asked_by) == ("hand", "wang@desk")
    assert "asked for by hand by wang@desk" in second.message
    assert len(jobs(connection)) == 2


def test_a_portal_under_way_is_not_queued_again_and_the_run_is_named(
    work: Work, connection: Any
) -> None:
    first = request_crawl(connection, BY_CALENDAR)
    take_up(work)
    run = begin_run(
        connection, "demo-qinghe", cause="schedule", slot=SLOT, job_id=first.job_id, now=NOW
    )
    second = request_crawl(connection, HAND)
    assert (second.state, second.job_id) == (State.RUNNING, first.job_id)
    assert (second.run_id, second.since) == (run, NOW)
    assert len(jobs(connection)) == 1


def test_many_askers_at_once_make_one_visit(database: Database) -> None:
    together = threading.Barrier(8, timeout=60)
    found: list[State] = []

    def ask() -> None:
        with database.connect(autocommit=True) as connection:
            together.wait()
            found.append(request_crawl(connection, HAND).state)

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sorted(found) == [State.WAITING] * 7 + [State.QUEUED]


def test_who_waits_for_an_answer_goes_before_what_the_calendar_queued(connection: Any) -> None:
    request_crawl(connection, BY_CALENDAR)
    assert jobs(connection)[0][3] == 0
    request_crawl(connection, HAND)
    assert jobs(connection)[0][3] > 0


def test_a_slot_is_fired_once_with_its_job_or_not_at_all(connection: Any) -> None:
    due = Due("demo-qinghe", SLOT, 3, True)
    (fired,) = fire(connection, [due], NOW)
    assert fired.request.state is State.QUEUED
    ((number, status, arguments, _),) = jobs(connection)
    assert (status, arguments["slot"], arguments["sweep"]) == ("todo", SLOT.isoformat(), True)
    row = connection.execute("select job_id, found, coalesced, sweep from slots").fetchone()
    assert row == (number, "queued", 3, True)
    assert fire(connection, [due], NOW) == []
    assert fire(connection, [Due("demo-qinghe", SLOT - timedelta(days=1), 0, False)], NOW) == []
    assert len(jobs(connection)) == 1


def test_a_slot_that_was_fired_makes_no_job_even_where_the_first_one_is_done(
    connection: Any,
) -> None:
    due = Due("demo-qinghe", SLOT, 0, False)
    fire(connection, [due], NOW)
    with connection.transaction():
        connection.execute("set local search_path to jobs")
        connection.execute("update procrastinate_jobs set status = 'failed'")
    assert fire(connection, [due], NOW) == []
    assert len(jobs(connection)) == 1


def test_two_leaders_that_fire_the_same_slots_fire_each_once(database: Database) -> None:
    dues = [Due(portal, SLOT, 0, False) for portal in ("demo-qinghe", "demo-baishi")]
    together = threading.Barrier(2, timeout=60)
    found: list[int] = []

    def lead() -> None:
        with database.connect(autocommit=True) as connection:
            together.wait()
            found.append(len(fire(connection, dues, NOW)))

    leaders = [threading.Thread(target=lead) for _ in range(2)]
    for leader in leaders:
        leader.start()
    for leader in leaders:
        leader.join()
    assert sum(found) == 2
    with database.connect(autocommit=True) as connection:
        assert len(jobs(connection)) == 2


def test_a_slot_that_finds_the_portal_busy_is_served_by_that_visit(
    work: Work, connection: Any
) -> None:
    waiting = request_crawl(connection, HAND)
    fire(connection, [Due("demo-qinghe", SLOT, 0, False)], NOW)
    take_up(work)
    fire(connection, [Due("demo-qinghe", SLOT + timedelta(days=1), 0, False)], NOW)
    rows = connection.execute("select job_id, found from slots order by slot").fetchall()
    assert rows == [(waiting.job_id, "waiting"), (waiting.job_id, "running")]


def test_the_calendar_goes_on_from_the_latest_slot_or_from_the_day_a_portal_came_in(
    connection: Any,
) -> None:
    enter_portals(connection, ["demo-qinghe", "demo-baishi"], NOW)
    enter_portals(connection, ["demo-baishi"], NOW + timedelta(days=9))
    assert fired_before(connection) == {"demo-qinghe": NOW, "demo-baishi": NOW}
    later = SLOT + timedelta(days=1)
    fire(connection, [Due("demo-qinghe", later, 0, False)], NOW)
    assert fired_before(connection) == {"demo-qinghe": later, "demo-baishi": NOW}
