"""The agenda over simulated years: every portal gets the visits its cadence says, whatever the
clock and the service do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.agenda import Agenda, Due
from scheduler.calendar import INSTANT, Schedule, Slots
from scheduler.schedule_file import load_schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2023, 11, 20, tzinfo=UTC)
END = datetime(2028, 7, 1, tzinfo=UTC)
"""Four seasons and two leap days."""
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Place:
    id: str
    level: str = "county"
    quirks: Mapping[str, str] = field(default_factory=dict, hash=False)


PLACES = (Place("gov-350581"), Place("gov-110000", "province"), Place("gov-469026"))
SCHEDULE = load_schedule()


def owed(schedule: Schedule, portal: Place, after: datetime, until: datetime) -> list[datetime]:
    own = schedule.of(portal)
    offset = own.offset(portal)
    return [slot for slot in Slots(own).between(after, until - offset) if slot > after]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_a_service_that_is_always_up_fires_every_slot_once_and_on_time() -> None:
    agenda = Agenda(SCHEDULE, {})
    agenda.enter(PLACES, START)
    fired: dict[str, list[datetime]] = {place.id: [] for place in PLACES}
    while (now := agenda.next_at) is not None and now <= END:
        assert agenda.take(now - SECOND) == []
        for due in agenda.take(now):
            offset = SCHEDULE.offset(next(p for p in PLACES if p.id == due.portal))
            assert due.slot + offset == now
            assert due.coalesced == 0
            fired[due.portal].append(due.slot)
    for place in PLACES:
        assert fired[place.id] == owed(SCHEDULE, place, START, END)
        assert len(fired[place.id]) > 4 * 70


@settings(max_examples=60, deadline=None)
@given(
    moves=st.lists(
        st.one_of(
            st.tuples(st.just("tick"), st.integers(1, 3 * 86400)),
            st.tuples(st.just("down"), st.integers(3600, 200 * 86400)),
            st.tuples(st.just("back"), st.integers(1, 20 * 86400)),
            st.tuples(st.just("renew"), st.just(0)),
        ),
        max_size=80,
    )
)
def test_whatever_the_clock_does_no_slot_comes_twice_and_none_is_lost(
    moves: list[tuple[str, int]],
) -> None:
    """Ticks, restarts after long downtime, clocks set back, renewed registries, in any order."""
    kept: dict[str, datetime] = {}
    taken: list[Due] = []
    now = furthest = START

    def begun() -> Agenda:
        new = Agenda(SCHEDULE, kept)
        new.enter(PLACES, now)
        for place in PLACES:
            kept.setdefault(place.id, now)
        return new

    agenda = begun()
    for what, seconds in moves:
        now += timedelta(seconds=-seconds if what == "back" else seconds)
        if what == "down":
            agenda = begun()  # what was fired before is read from the database
        if what == "renew":
            agenda.enter(PLACES, now)
        for due in agenda.take(now):
            kept[due.portal] = due.slot
            taken.append(due)
        furthest = max(furthest, now)
    for place in PLACES:
        mine = [due for due in taken if due.portal == place.id]
        slots = [due.slot for due in mine]
        assert slots == sorted(set(slots))
        due_by_now = owed(SCHEDULE, place, START, furthest)
        assert sum(1 + due.coalesced for due in mine) == len(due_by_now)
        assert slots[-1:] == due_by_now[-1:]


def test_months_of_downtime_are_made_up_for_by_one_visit() -> None:
    place = PLACES[0]
    agenda = Agenda(SCHEDULE, {place.id: at("2026-01-30T05:00")})
    agenda.enter([place], at("2026-08-20"))
    (due,) = agenda.take(at("2026-08-20"))
    assert due.slot == at("2026-08-01T05:00")
    assert due.coalesced == len(owed(SCHEDULE, place, at("2026-01-30T05:00"), at("2026-08-20"))) - 1
    assert due.sweep  # more than a quarter of a year has passed
    assert agenda.take(at("2026-08-31")) == []


def test_a_portal_that_is_new_in_the_calendar_owes_nothing_from_before() -> None:
    agenda = Agenda(SCHEDULE, {})
    agenda.enter(PLACES, at("2026-03-27T12:00"))
    assert agenda.take(at("2026-03-28T04:59")) == []
    assert {due.portal for due in agenda.take(at("2026-03-28T08:00"))} == {p.id for p in PLACES}


def test_a_portal_that_leaves_is_not_visited_and_one_that_comes_back_goes_on_where_it_was() -> None:
    agenda = Agenda(SCHEDULE, {})
    agenda.enter(PLACES, at("2026-03-27T12:00"))
    agenda.take(at("2026-03-28T09:00"))
    agenda.enter(PLACES[:2], at("2026-03-28T10:00"))
    assert {due.portal for due in agenda.take(at("2026-03-29T09:00"))} == {p.id for p in PLACES[:2]}
    agenda.enter(PLACES, at("2026-03-30T04:00"))
    (due,) = agenda.take(at("2026-03-30T04:30"))
    assert (due.portal, due.slot) == (PLACES[2].id, at("2026-03-29T05:00"))


def test_a_new_cadence_takes_effect_from_the_last_slot_on() -> None:
    place = PLACES[0]
    agenda = Agenda(SCHEDULE, {})
    agenda.enter([place], at("2026-08-10"))
    hourly = replace(
        SCHEDULE,
        visits=(
            replace(SCHEDULE.visits[0], first=(1, 1), last=(12, 31), cron=_every_hour()),
            *SCHEDULE.visits,
        ),
        spread=timedelta(),
    )
    agenda.enter([place], at("2026-08-10T00:30"), hourly)
    assert [due.slot for due in agenda.take(at("2026-08-10T01:00"))] == [at("2026-08-10T01:00")]
    assert agenda.next_at == at("2026-08-10T02:00")


def test_no_more_are_taken_than_asked_for_and_the_rest_stays_due() -> None:
    agenda = Agenda(replace(SCHEDULE, spread=timedelta()), {})
    places = [Place(f"gov-{number}") for number in range(25)]
    agenda.enter(places, at("2026-03-27T12:00"))
    now = at("2026-03-28T05:00")
    assert [len(agenda.take(now, 10)) for _ in range(4)] == [10, 10, 5, 0]


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Shanghai"])
def test_the_clock_may_be_in_any_zone(zone: str) -> None:
    agenda = Agenda(SCHEDULE, {})
    agenda.enter(PLACES[:1], at("2026-03-27T12:00").astimezone(ZoneInfo(zone)))
    moment = at("2026-03-28T05:00") + SCHEDULE.offset(PLACES[0])
    assert agenda.take((moment - INSTANT).astimezone(ZoneInfo(zone))) == []
    assert len(agenda.take(moment.astimezone(ZoneInfo(zone)))) == 1


def _every_hour() -> object:
    from scheduler.schedule_file import cron

    return cron("0 * * * *", SHANGHAI)
