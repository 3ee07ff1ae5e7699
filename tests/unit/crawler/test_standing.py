from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.hours import Hours
from crawler.memory import BackOff, ProcessMemory, next_back_off
from crawler.standing import WRITE_EVERY, Standing, Terms

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
"""Twelve o'clock in China."""
FIRST = timedelta(hours=12)
URL, SISTER, OTHER = "http://www.a.gov.cn/x", "http://sfj.a.gov.cn/", "http://www.b.gov.cn/"


class Memory(ProcessMemory):
    """One of its own for each test."""

    def __init__(self) -> None:
        self._back_offs, self._spent = {}, Counter()  # type: ignore[misc]


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def standing(
    memory: Memory, clock: Clock, *, pages: int | None = None, hours: Hours | None = None
) -> Standing:
    return Standing(Terms("a", pages, hours, FIRST), memory, clock)


def reason(standing: Standing, url: str = URL) -> str | None:
    hindrance = standing.hindrance(url)
    return hindrance.reason.value if hindrance else None


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_after_a_challenge_the_whole_domain_is_left_alone_by_later_runs(
    memory: Memory, clock: Clock
) -> None:
    first = standing(memory, clock)
    first.challenged(URL, "ruishu (412)")
    assert first.left_alone(SISTER)
    assert not first.left_alone(OTHER)
    later = standing(memory, clock)
    assert (reason(later), reason(later, SISTER), reason(later, OTHER)) == (
        *("backing_off", "backing_off"),
        None,
    )
    detail = later.hindrance(URL).detail  # type: ignore[union-attr]
    assert detail == (
        "a.gov.cn is left alone until 2026-03-02 00:00 (China): www.a.gov.cn gave ruishu (412)"
    )
    clock.now += FIRST
    assert reason(later) is None


def test_the_time_doubles_with_each_challenge_up_to_a_week(memory: Memory, clock: Clock) -> None:
    hours = []
    for _ in range(6):
        standing(memory, clock).challenged(URL, "jiasule (521)")
        back_off = memory.back_off("a.gov.cn")
        assert back_off
        hours.append((back_off.until - clock.now) / timedelta(hours=1))
        clock.now = back_off.until
    assert hours == [12, 24, 48, 96, 168, 168]


def test_challenges_of_requests_under_way_count_once(memory: Memory, clock: Clock) -> None:
    for _ in range(3):
        standing(memory, clock).challenged(SISTER, "waf_468 (468)")
        clock.now += timedelta(minutes=1)
    back_off = memory.back_off("a.gov.cn")
    assert back_off
    assert (back_off.times, back_off.until) == (1, NOON + FIRST)


def test_a_page_of_the_host_that_gave_the_challenge_ends_it_and_no_other_page(
    memory: Memory, clock: Clock
) -> None:
    standing(memory, clock).challenged(URL, "ruishu (412)")
    standing(memory, clock).answered(URL)
    assert memory.back_off("a.gov.cn"), "it is not over yet: the answer was under way"
    clock.now += FIRST
    standing(memory, clock).answered(SISTER)
    assert memory.back_off("a.gov.cn")
    standing(memory, clock).answered(URL)
    assert memory.back_off("a.gov.cn") is None


def test_requests_are_counted_by_the_day_of_china_across_runs(memory: Memory, clock: Clock) -> None:
    first = standing(memory, clock, pages=30)
    first.open()
    for _ in range(25):
        assert reason(first) is None
        first.sent()
    first.close()
    assert memory.spent("a", date(2026, 3, 1)) == 25
    second = standing(memory, clock, pages=30)
    for _ in range(5):
        assert reason(second) is None
        second.sent()
    assert reason(second) == "page_budget"
    clock.now += timedelta(hours=12)
    assert reason(second) is None


def test_a_kill_leaves_few_requests_unknown(memory: Memory, clock: Clock) -> None:
    killed = standing(memory, clock, pages=1000)
    for _ in range(2 * WRITE_EVERY + 3):
        killed.hindrance(URL)
        killed.sent()
    assert memory.spent("a", date(2026, 3, 1)) == 2 * WRITE_EVERY


def test_outside_its_hours_a_portal_is_not_asked(memory: Memory, clock: Clock) -> None:
    night = standing(memory, clock, hours=Hours.read("22:00-06:00"))
    assert reason(night) == "outside_hours"
    clock.now += timedelta(hours=11)
    assert reason(night) is None


def test_a_back_off_longer_than_a_week_at_first_stays_as_long() -> None:
    last = BackOff("a.gov.cn", 3, "www.a.gov.cn", "x", NOON, NOON)
    after = next_back_off(last, "a.gov.cn", "www.a.gov.cn", "y", NOON, timedelta(days=10))
    assert (after.times, after.until) == (4, NOON + timedelta(days=10))


def test_a_memory_that_was_not_opened_is_not_closed(memory: Memory, clock: Clock) -> None:
    closed = []
    memory.close = lambda: closed.append(1)  # type: ignore[method-assign]
    standing(memory, clock).close()
    assert closed == []
    opened = standing(memory, clock)
    opened.open()
    opened.close()
    opened.close()
    assert closed == [1]
