"""Opening hours in the calendar, over simulated days with the clock passed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.hours import Hours
from crawler.portals import Portal
from scheduler.agenda import Agenda, Due
from scheduler.calendar import Schedule, Slots, Visit
from scheduler.commands.schedule import _coming
from scheduler.schedule_file import cron, load_schedule
from scheduler.starts import A_VISIT, Starts

SHANGHAI = ZoneInfo("Asia/Shanghai")
SCHEDULE = load_schedule()
SPANS = ("22:00-06:00", "08:00-18:00", "12:00-12:30", "23:59-00:01", "00:00-23:59", "05:30-05:10")
BEGIN, END = datetime(2026, 2, 20, tzinfo=UTC), datetime(2026, 4, 20, tzinfo=UTC)
"""Sixty days of the season, the daily week around the deadline among them."""


def place(span: str | None, name: str = "gov-350581") -> Portal:
    quirks = {"hours": f"{span} 2026-11-26 asked for by the office"} if span else {}
    return Portal(name, "某市", "county", "350581", "http://a.gov.test/", quirks=quirks)


def hourly() -> Schedule:
    every = Visit("hourly", "test", cron("0 * * * *", SHANGHAI))
    return replace(SCHEDULE, visits=(every,))


def lived(schedule: Schedule, portal: Portal) -> list[tuple[datetime, Due]]:
    """Every visit of those days by a service that is always up, and when it started."""
    agenda = Agenda(schedule, {})
    agenda.enter([portal], BEGIN)
    started = []
    while (now := agenda.next_at) is not None and now <= END:
        assert agenda.take(now - timedelta(seconds=1)) == []
        started += [(now, due) for due in agenda.take(now)]
    return started


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("schedule", [SCHEDULE, hourly()], ids=["calendar", "hourly"])
def test_every_visit_starts_within_the_hours_and_serves_every_slot(
    schedule: Schedule, span: str
) -> None:
    portal, hours = place(span), Hours.read(span)
    started = lived(schedule, portal)
    left = min(A_VISIT, hours.length / 2)
    assert all(hours.include(now) and hours.include(now + left * 0.999) for now, _ in started)
    slots = Slots(schedule.of(portal)).between(BEGIN, started[-1][1].slot)
    assert sum(1 + due.coalesced for _, due in started) == len(slots)
    assert all(timedelta() <= now - due.slot < timedelta(days=2) for now, due in started)
    if schedule is SCHEDULE:
        assert len(started) == len(slots), "at most one slot a day: none is put together"


def test_slots_that_wait_for_one_opening_are_one_visit() -> None:
    started = lived(hourly(), place("12:00-12:30"))
    assert {due.coalesced for _, due in started[1:]} == {23}
    assert {b[0] - a[0] for a, b in pairwise(started)} == {timedelta(days=1)}


def test_within_the_hours_nothing_is_moved() -> None:
    free, shut = Starts.of(SCHEDULE, place(None)), Starts.of(SCHEDULE, place("00:00-23:59"))
    slot = at("2026-03-28T05:00")
    assert free.at(slot) == shut.at(slot) == slot + SCHEDULE.offset(place(None))


def test_hours_over_midnight() -> None:
    starts = Starts.of(replace(SCHEDULE, spread=timedelta()), place("22:00-06:00"))
    for slot, start in (
        ("2026-03-28T21:59", "2026-03-28T22:00"),
        ("2026-03-28T22:00", "2026-03-28T22:00"),
        ("2026-03-28T23:59", "2026-03-28T23:59"),
        ("2026-03-29T00:00", "2026-03-29T00:00"),
        ("2026-03-29T04:59", "2026-03-29T04:59"),
        ("2026-03-29T05:00", "2026-03-29T22:00"),
        ("2026-03-29T12:00", "2026-03-29T22:00"),
    ):
        assert starts.at(at(slot)) == at(start)


def test_portals_that_open_at_one_time_do_not_all_start_then() -> None:
    many = [Starts.of(SCHEDULE, place("22:00-06:00", f"gov-{n}")) for n in range(200)]
    moments = {each.at(at("2026-03-28T12:00")) for each in many}
    assert len(moments) > 150
    assert max(moments) - min(moments) < SCHEDULE.spread


@given(
    st.sampled_from(SPANS),
    st.integers(0, 999).map("gov-{}".format),
    st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 9)), min_size=2, max_size=9),
)
def test_a_later_slot_never_starts_earlier(span: str, name: str, times: list[datetime]) -> None:
    starts = Starts.of(SCHEDULE, place(span, name))
    moments = [starts.at(slot.replace(tzinfo=SHANGHAI)) for slot in sorted(times)]
    assert moments == sorted(moments)


def test_a_visit_missed_by_a_service_that_was_down_waits_for_the_next_opening() -> None:
    agenda = Agenda(hourly(), {"gov-350581": at("2026-03-25T15:00")})
    agenda.enter([place("12:00-12:30")], at("2026-03-28T13:00"))
    assert agenda.take(at("2026-03-28T13:00")) == []
    assert agenda.next_at is not None
    assert at("2026-03-29T12:00") <= agenda.next_at < at("2026-03-29T12:15")
    [due] = agenda.take(agenda.next_at)
    assert due.coalesced > 70
    agenda = Agenda(hourly(), {"gov-350581": at("2026-03-25T15:00")})
    agenda.enter([place("12:00-12:30")], at("2026-03-28T12:20"))
    assert len(agenda.take(at("2026-03-28T12:20"))) == 1, "it is open now"


@pytest.mark.parametrize("span", [None, "22:00-06:00", "12:00-12:30"])
@pytest.mark.parametrize("schedule", [SCHEDULE, hourly()], ids=["calendar", "hourly"])
def test_what_is_shown_to_come_is_what_comes(schedule: Schedule, span: str | None) -> None:
    portal, settled = place(span), BEGIN + timedelta(days=2)
    shown = takewhile(lambda told: told["starts"] <= END, _coming(schedule, [portal], BEGIN))
    told = [(each["slot"], each["starts"], each["sweep"]) for each in shown]
    came = [(due.slot, now, due.sweep) for now, due in lived(schedule, portal)]
    assert [each for each in told if each[1] > settled] == [c for c in came if c[1] > settled]


def test_a_row_whose_quirks_mean_nothing_is_in_the_calendar_all_the_same() -> None:
    odd = replace(place(None), quirks={"hours": "always"})
    assert Starts.of(SCHEDULE, odd).hours is None
