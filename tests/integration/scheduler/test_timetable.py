"""The leader's timetable, on a real database with the clock passed in."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from crawler.errors import SeedError
from ingest.store.portals import decide
from ingest.store.queries import list_runs
from ingest.store.runs import begin_run, finish_run
from scheduler.agenda import Due
from scheduler.config import Settings
from scheduler.crawling import Order, crawl_and_record
from scheduler.decisions import Target, drop_cadences, pause, resume, set_cadence
from scheduler.schedule_file import load_schedule
from scheduler.timetable import Timetable
from scheduler.work import Work

MONDAY = datetime(2026, 3, 30, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connection(work: Work) -> Any:
    with work.database.connect(autocommit=True) as opened:
        yield opened


def timetable(work: Work, file: Path, clock: Clock) -> Timetable:
    return Timetable(work.settings, partial(load_schedule, file), clock)


def slots(connection: Any) -> list[tuple[str, datetime]]:
    rows = connection.execute("select portal_id, slot from slots order by slot, portal_id")
    return rows.fetchall()  # type: ignore[no-any-return]


def test_slots_are_fired_when_they_are_due_and_go_on_under_the_next_leader(
    work: Work, connection: Any, often: Path, clock: Clock
) -> None:
    first = timetable(work, often, clock)
    first.renew(connection)
    assert first.fire(connection) == []
    clock.later(seconds=60)
    assert [one.due.slot for one in first.fire(connection)] == [MONDAY + timedelta(minutes=1)]
    clock.later(minutes=5, seconds=30)
    second = timetable(work, often, clock)
    second.renew(connection)
    (one,) = second.fire(connection)
    assert (one.due.slot, one.due.coalesced) == (MONDAY + timedelta(minutes=6), 4)
    assert first.fire(connection) == []
    assert [minute for _, minute in slots(connection)] == [
        MONDAY + timedelta(minutes=n) for n in (1, 6)
    ]


def test_a_portal_that_is_disabled_leaves_the_calendar_at_its_next_renewal(
    work: Work, connection: Any, often: Path, clock: Clock
) -> None:
    often.write_text(often.read_text().replace("demo-qinghe", "demo-*"))
    table = timetable(work, often, clock)
    table.renew(connection)
    assert table.agenda
    everything = set(table.agenda.portals)
    decide(connection, "demo-qinghe", "disabled", "moving", MONDAY.date())
    table.renew(connection)
    assert set(table.agenda.portals) == everything - {"demo-qinghe"}
    decide(connection, "demo-qinghe", "enabled", None, MONDAY.date())
    table.renew(connection)
    assert set(table.agenda.portals) == everything


def test_an_operators_word_on_the_calendar_goes_before_the_file(
    work: Work, connection: Any, often: Path, clock: Clock
) -> None:
    table = timetable(work, often, clock)

    def mine() -> list[Due]:
        return [one.due for one in table.fire(connection) if one.due.portal == "demo-qinghe"]

    word = {"reason": "a test", "by": "wang", "now": MONDAY}
    set_cadence(connection, Target("demo-qinghe"), cron="0 * * * *", season=None, **word)
    set_cadence(connection, Target(level="prefecture"), cron="30 * * * *", season=None, **word)
    table.renew(connection)
    clock.later(minutes=59)
    assert mine() == []
    clock.later(minutes=1)
    assert [due.slot for due in mine()] == [MONDAY + timedelta(hours=1)]
    pause(connection, Target(level="prefecture"), **word)
    table.renew(connection)
    clock.later(hours=5)
    assert mine() == []
    assert resume(connection, Target(level="prefecture"), **word) == 1
    assert drop_cadences(connection, Target(level="prefecture"), **word) == 1
    table.renew(connection)
    (due,) = mine()
    assert (due.slot, due.coalesced) == (MONDAY + timedelta(hours=6), 4)


def test_public_portals_are_left_alone_without_a_contact_and_that_is_said_once(
    work: Work, connection: Any, often: Path, clock: Clock
) -> None:
    often.write_text(often.read_text().replace("demo-qinghe", "gov-35*"))
    with capture_logs() as told:
        for _ in range(2):
            table = timetable(work, often, clock)
            table.renew(connection)
            table.renew(connection)
        assert table.agenda
        assert table.agenda.portals == []
    lines = [line for line in told if line["event"] == "public portals are not visited"]
    assert len(lines) == 2  # once a leader
    assert lines[0]["portals"] > 50
    assert "FAZHI_CONTACT is not set" in lines[0]["why"]
    known = Work(replace(work.settings, contact="mailto:a@b.example"), work.database)
    table = timetable(known, often, clock)
    table.renew(connection)
    assert table.agenda
    assert len(table.agenda.portals) == lines[0]["portals"]


def test_a_file_that_is_wrong_is_refused_at_the_start_and_changes_nothing_later(
    work: Work, often: Path, clock: Clock
) -> None:
    table = timetable(work, often, clock)
    before = table.schedule
    often.write_text("timezone = 'Mars/Olympus'")
    with capture_logs() as told:
        assert not table.reload()
    assert table.schedule is before
    assert "timezone: 'Mars/Olympus' is not a time zone" in told[0]["why"]
    with pytest.raises(SeedError, match="Mars/Olympus"):
        timetable(work, often, clock)


def test_a_slot_that_was_served_is_not_served_again(work: Work, connection: Any) -> None:
    served = begin_run(
        connection, "demo-qinghe", cause="schedule", slot=MONDAY, job_id=1, now=MONDAY
    )
    finish_run(connection, served, state="succeeded", reason="completed", now=MONDAY)
    order = Order("demo-qinghe", cause="schedule", slot=MONDAY, job_id=2)
    assert asyncio.run(crawl_and_record(work.database, work.settings, order)) == "not_begun"
    (run,) = list_runs(connection)
    assert (run.state, run.job_id) == ("succeeded", 1)


def test_a_visit_that_is_not_wanted_any_more_when_its_turn_comes_is_not_begun(
    work: Work, connection: Any
) -> None:
    decide(connection, "demo-qinghe", "disabled", "moving", MONDAY.date())
    for portal in ("demo-qinghe", "gov-350581"):
        order = Order(portal, cause="schedule", slot=MONDAY, job_id=1)
        assert asyncio.run(crawl_and_record(work.database, work.settings, order)) == "not_begun"
    assert list_runs(connection) == []


def test_settings_name_the_schedule_file(often: Path) -> None:
    assert Settings(home=often.parent, schedule=often).schedule == often
