"""A value that differs twentyfold from the same body's year before is doubtful, whichever way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.jumps import YearlyValue, jump, jumps

BEFORE = YearlyValue((1, 1), 2023, "penalty_cases_total", None, "this_year", "件", 200)
AFTER = replace(BEFORE, key=(2, 1), year=2024)


@pytest.mark.parametrize(
    ("value", "before", "told"),
    [
        (4000, [200], "jump: 4000 is 20 times the 200 of 2023"),
        (10, [200], "jump: 10 is 1/20 of the 200 of 2023"),
        (2_000_000, [200, 90_000], "jump: 2000000 is 22 times the 90000 of 2023"),
        (3999, [200], None),
        (10.1, [200], None),
        (4000, [150, 210.5], None),
        (4000, [], None),
        (4000, [0], None),
        (0, [200], None),
    ],
)
def test_twenty_times_the_nearest_value_of_the_year_before_is_a_jump(
    value: float, before: list[float], told: str | None
) -> None:
    assert jump(value, before, 2023) == told


def test_a_jump_is_marked_in_the_later_year() -> None:
    assert jumps([replace(AFTER, value=40_000), BEFORE]) == {
        (2, 1): "jump: 40000 is 200 times the 200 of 2023"
    }


@pytest.mark.parametrize(
    "other",
    [
        {"year": 2025},
        {"code": "enforcement_cases_total"},
        {"subtype": "respondent"},
        {"period": "cumulative"},
        {"unit": "%"},
    ],
)
def test_only_the_same_thing_a_year_apart_is_compared(other: dict[str, object]) -> None:
    changed = replace(AFTER, value=40_000, **other)  # type: ignore[arg-type]
    assert jumps([BEFORE, changed]) == {}


def test_units_of_count_are_compared_whatever_their_word() -> None:
    assert jumps([BEFORE, replace(AFTER, value=40_000, unit="起")])


def test_a_doubtful_value_is_no_yardstick() -> None:
    assert jumps([replace(BEFORE, sound=False), replace(AFTER, value=40_000)]) == {}


def test_a_value_that_jumps_is_no_yardstick_for_the_year_after() -> None:
    misread = replace(AFTER, value=2_000_000)
    after = replace(AFTER, key=(3, 1), year=2025, value=210)
    assert list(jumps([after, misread, BEFORE])) == [(2, 1)]
