"""The calendar: seasons, slots and offsets, with the clock passed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from scheduler.calendar import Fire, Pause, Schedule, Slots, fires, next_fires
from scheduler.schedule_file import load_schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Place:
    id: str = "gov-350581"
    level: str = "county"
    quirks: Mapping[str, str] = field(default_factory=dict, hash=False)


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return load_schedule()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def between(schedule: Schedule, first: str, last: str) -> list[Fire]:
    end = at(last) + timedelta(days=1)
    found: list[Fire] = []
    for fire in fires(schedule, at(first)):
        if fire.slot >= end:
            return found
        found.append(fire)
    return found


def test_the_season_is_dense_then_weekly_then_monthly(schedule: Schedule) -> None:
    by_month = Counter(f.slot.strftime("%m") for f in between(schedule, "2025-01-01", "2025-12-31"))
    assert all(by_month[month] >= 12 for month in ("01", "02", "03", "04"))
    assert by_month["05"] == 5
    assert by_month["06"] == 4
    assert all(by_month[month] == 1 for month in ("07", "08", "09", "10", "11"))
    assert by_month["12"] == 1 + 8


def test_the_week_around_the_deadline_is_daily_and_no_day_fires_twice(schedule: Schedule) -> None:
    found = between(schedule, "2025-03-25", "2025-04-07")
    days = [fire.slot.date() for fire in found]
    assert days == [date(2025, 3, 25) + timedelta(days=n) for n in range(14)]
    assert {fire.visit.id for fire in found} == {"deadline"}


def test_the_season_goes_over_the_new_year(schedule: Schedule) -> None:
    ids = [f.visit.id for f in between(schedule, "2024-12-01", "2025-01-05")]
    assert ids[0] == "rest-of-year"
    assert set(ids[1:]) == {"season"}
    assert between(schedule, "2024-12-02", "2024-12-15") == []


def test_slots_are_in_shanghai_whatever_zone_the_clock_is_in(schedule: Schedule) -> None:
    now = at("2025-03-27 04:59")
    for zone in (UTC, ZoneInfo("America/New_York"), SHANGHAI):
        (fire,) = next_fires(schedule, now.astimezone(zone), 1)
        assert fire.slot == at("2025-03-27 05:00")
        assert fire.slot.isoformat() == "2025-03-27T05:00:00+08:00"


def test_a_leap_day_is_a_day_like_any_other(schedule: Schedule) -> None:
    daily = replace(schedule, visits=(replace(schedule.visits[0], first=(2, 28), last=(3, 1)),))
    assert [f.slot.day for f in between(daily, "2024-02-01", "2024-12-31")] == [28, 29, 1]
    assert [f.slot.day for f in between(daily, "2025-02-01", "2025-12-31")] == [28, 1]


def test_a_season_that_begins_on_a_leap_day_begins_in_every_year(schedule: Schedule) -> None:
    season = replace(schedule, visits=(replace(schedule.visits[0], first=(2, 29), last=(3, 2)),))
    slots = [f.slot.strftime("%Y-%m-%d") for f in between(season, "2023-01-01", "2024-12-31")]
    assert slots == ["2023-03-01", "2023-03-02", "2024-02-29", "2024-03-01", "2024-03-02"]


def test_a_portal_gets_only_the_entries_that_select_it(schedule: Schedule) -> None:
    assert schedule.of(Place("demo-qinghe")).visits == ()
    assert next_fires(schedule.of(Place("demo-qinghe")), at("2025-01-01"), 3) == []
    assert schedule.of(Place()).visits == schedule.visits
    province_only = replace(schedule.visits[0], levels=("province",))
    narrowed = replace(schedule, visits=(province_only, *schedule.visits[1:]))
    assert province_only not in narrowed.of(Place(level="county")).visits
    assert province_only in narrowed.of(Place(level="province")).visits


def test_offsets_are_fixed_by_the_portal_and_spread_out(schedule: Schedule) -> None:
    offsets = [schedule.offset(Place(f"gov-{n}")) for n in range(300)]
    assert offsets == [schedule.offset(Place(f"gov-{n}")) for n in range(300)]
    assert all(timedelta() <= offset < schedule.spread for offset in offsets)
    quarter = schedule.spread / 4
    assert all(count > 40 for count in Counter(o // quarter for o in offsets).values())
    assert replace(schedule, spread=timedelta()).offset(Place()) == timedelta()


def test_slots_worked_out_once_are_those_of_the_calendar(schedule: Schedule) -> None:
    slots = Slots(schedule)
    for hours in (0, 5, 3, 30, 2, 24 * 200, 7, 24 * 36, 24 * 366):
        moment = at("2026-03-20") + timedelta(hours=hours)
        assert slots.following(moment) == next(
            f.slot for f in fires(schedule, moment) if f.slot > moment
        )
    slot = slots.following(at("2026-03-20"))
    assert slot is not None
    following = slots.following(slot)
    assert following is not None
    assert following > slot
    assert slots.before(following) == slot
    year = (at("2026-01-01"), at("2026-12-31"))
    assert slots.between(*year) == [f.slot for f in between(schedule, "2026-01-01", "2026-12-30")]


def test_a_calendar_that_never_fires_has_no_slots(schedule: Schedule) -> None:
    nothing = Slots(replace(schedule, visits=()))
    assert nothing.following(at("2026-03-20")) is None
    assert nothing.between(at("2020-01-01"), at("2026-03-20")) == []


def test_a_pause_takes_a_portal_a_level_or_all_out_of_the_calendar(schedule: Schedule) -> None:
    def paused(**target: str) -> Schedule:
        return replace(schedule, pauses=(Pause("moving", **target),))

    county, province = Place("gov-350581"), Place("gov-350000", "province")
    assert not paused(portal="gov-350581").of(county).visits
    assert paused(portal="gov-350581").of(province).visits
    assert not paused(level="province").of(province).visits
    assert paused(level="province").of(county).visits
    assert not paused().of(county).visits


def test_every_portal_is_swept_once_in_its_turn_and_the_turns_are_spread(
    schedule: Schedule,
) -> None:
    visits = [fire.slot for fire in between(schedule, "2023-12-25", "2027-12-31")]
    first_turns = []
    for number in range(60):
        portal = Place(f"gov-{number}")
        swept = [slot for before, slot in pairwise(visits) if schedule.sweeps(portal, before, slot)]
        assert 15 <= len(swept) <= 17  # four years of 90 days, waiting for the next visit
        longest = max(b - a for a, b in pairwise(swept))
        assert longest <= schedule.sweep_every + timedelta(days=32)
        first_turns.append(swept[0])
    assert len(set(first_turns)) > 15
