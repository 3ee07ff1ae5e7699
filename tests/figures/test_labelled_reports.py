"""Figures of invented reports, against their labels."""

from __future__ import annotations

from labelled_cases import CASES, score_facts, score_indicators


def test_indicators_of_invented_reports_are_found_and_little_else() -> None:
    score = score_indicators(CASES)
    assert score.precision >= 0.95, score.faults
    assert score.recall >= 0.93, score.faults


def test_numbers_that_only_look_like_indicators_are_left_alone() -> None:
    score = score_indicators(CASES)
    assert score.look_alikes <= 0.05 * score.traps, score.faults


def test_periods_units_and_qualifiers_agree_with_the_labels() -> None:
    score = score_indicators(CASES)
    assert score.periods >= 0.95 * score.right
    assert score.units >= 0.98 * score.right
    assert score.qualifiers >= 0.98 * score.right


def test_every_number_with_a_unit_is_a_fact_and_nothing_else() -> None:
    score = score_facts(CASES)
    assert score.precision >= 0.97, score.faults
    assert score.recall >= 0.97, score.faults
