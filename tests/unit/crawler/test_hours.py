from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.hours import CHINA, Hours

NIGHT = Hours.read("22:00-06:30")
DAY = Hours.read("08:00-18:00")


def at(clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, 1, hour, minute, tzinfo=CHINA)


def test_hours_begin_on_their_first_minute_and_end_before_their_last() -> None:
    assert [DAY.include(at(c)) for c in ("07:59", "08:00", "17:59", "18:00")] == [0, 1, 1, 0]


def test_hours_may_run_over_midnight() -> None:
    clocks = ("21:59", "22:00", "23:59", "00:00", "06:29", "06:30", "12:00")
    assert [NIGHT.include(at(c)) for c in clocks] == [0, 1, 1, 1, 1, 0, 0]


def test_hours_are_chinas_wherever_the_clock_is_read() -> None:
    assert NIGHT.include(datetime(2026, 3, 1, 14, 0, tzinfo=UTC))
    assert at("22:00") - datetime(2026, 3, 1, 14, 0, tzinfo=UTC) == timedelta(0)


@pytest.mark.parametrize("text", ["", "22-6", "24:00-06:00", "08:00-08:00", "08:00", "8:00-9:00"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not HH:MM-HH:MM"):
        Hours.read(text)
