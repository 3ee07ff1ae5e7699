"""The yield contract: a history goes in, judgements come out; the clock is passed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ingest.duties import load_duties
from scheduler.watch.history import History, Visit
from scheduler.watch.rules import Judgement, State, judge
from scheduler.watch.thresholds import load_thresholds

THRESHOLDS, DUTIES = load_thresholds(), load_duties()
(DUTY,) = DUTIES
NOW = datetime(2026, 5, 20, 4, tzinfo=UTC)
COLUMN = "http://www.qinghe.gov.test/col/"


def visits(*facts: dict[str, Any]) -> tuple[Visit, ...]:
    """Visits a day apart, the newest first, the first one an hour ago."""
    usual = {"state": "succeeded", "reason": "completed", "entries": 5, "articles": 1}
    return tuple(
        Visit(
            run_id=100 - number,
            at=NOW - timedelta(hours=1, days=number),
            **{**usual, "families": ("trs_wcm",), **fact},
        )
        for number, fact in enumerate(facts)
    )


GOOD: dict[str, Any] = {}
ZERO: dict[str, Any] = {"reason": "no_entries", "entries": 0, "articles": 0}
UNCHANGED: dict[str, Any] = {"reason": "nothing_new", "entries": 0, "articles": 0}
FAILED: dict[str, Any] = {"state": "failed", "reason": "timeout", "entries": 0, "families": ()}
CHALLENGED: dict[str, Any] = {**FAILED, "reason": "challenge", "challenged": True}
OTHER: dict[str, Any] = {"families": ("hanweb_jcms",)}
GONE: dict[str, Any] = {**ZERO, "reason": "column_moved", "moved_columns": (COLUMN,)}


def history(*facts: dict[str, Any], reports: dict[int, date] | None = None) -> History:
    given = {DUTY.kind: reports if reports is not None else {2025: date(2026, 2, 1)}}
    return History("qinghe", "清河市人民政府", "county", visits(*facts), given)


def says(rule: str, what: History, now: datetime = NOW, **options: Any) -> Judgement:
    (found,) = [j for j in judge(what, THRESHOLDS, DUTIES, now, **options) if j.rule == rule]
    return found


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([], State.UNKNOWN),
        ([ZERO, GOOD, GOOD, GOOD], State.UNKNOWN),
        ([ZERO, ZERO, GOOD, GOOD, GOOD], State.WRONG),
        ([ZERO, FAILED, ZERO, GOOD, GOOD, FAILED, GOOD], State.WRONG),
        ([GOOD, ZERO, ZERO, GOOD, GOOD, GOOD], State.WELL),
        ([UNCHANGED, GOOD, GOOD, GOOD, GOOD], State.WELL),
        ([ZERO, ZERO, UNCHANGED, GOOD, GOOD, GOOD], State.WRONG),
        ([ZERO] * 12, State.UNKNOWN),
        ([ZERO, ZERO, *[{"entries": 1}] * 3], State.UNKNOWN),
        ([FAILED, FAILED, GOOD, GOOD, GOOD, GOOD], State.WELL),
    ],
)
def test_a_sudden_zero_is_wrong_and_what_cannot_be_told_is_unknown(
    facts: list[dict[str, Any]], state: State
) -> None:
    assert says("sudden_zero", history(*facts)).state is state


def test_the_evidence_of_a_sudden_zero_names_runs_and_counts() -> None:
    found = says("sudden_zero", history(ZERO, ZERO, GOOD, {"entries": 7}, GOOD))
    assert found.evidence == {
        "now": {"100": 0, "99": 0},
        "before": {"98": 5, "97": 7, "96": 5},
        "usual_entries": 5,
    }
    assert found.summary == "lists no report since run 99; before it listed 5"


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([], State.UNKNOWN),
        ([CHALLENGED], State.WELL),
        ([CHALLENGED, GOOD, GOOD, GOOD], State.WELL),
        ([CHALLENGED, CHALLENGED, GOOD, GOOD], State.WRONG),
        ([{**GOOD, "challenged": True}, GOOD, CHALLENGED, GOOD], State.WRONG),
        ([GOOD, GOOD, GOOD, CHALLENGED, CHALLENGED], State.WELL),
    ],
)
def test_a_large_share_of_challenges_is_wrong(facts: list[dict[str, Any]], state: State) -> None:
    assert says("challenge", history(*facts)).state is state


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([GONE, GOOD], State.UNKNOWN),
        ([GONE, GONE, GOOD], State.WRONG),
        ([GONE, FAILED, GONE], State.WRONG),
        ([FAILED, GONE, GONE], State.WRONG),
        ([GOOD, GONE, GONE], State.WELL),
    ],
)
def test_a_column_that_is_gone_twice_is_wrong(facts: list[dict[str, Any]], state: State) -> None:
    found = says("column_gone", history(*facts))
    assert (found.state, found.subject) == (state, COLUMN)


def test_a_column_noticed_before_is_judged_again_even_when_nobody_saw_it_since() -> None:
    seen, unseen = history(GOOD, GOOD), history(*[FAILED] * 12)
    assert says("column_gone", seen, gone=frozenset({COLUMN})).state is State.WELL
    assert says("column_gone", unseen, gone=frozenset({COLUMN})).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([GOOD, GOOD, GOOD], State.UNKNOWN),
        ([GOOD, GOOD, GOOD, GOOD], State.WELL),
        ([OTHER, GOOD, GOOD, GOOD], State.UNKNOWN),
        ([OTHER, OTHER, GOOD, GOOD], State.WRONG),
        ([OTHER, FAILED, OTHER, FAILED, GOOD, GOOD], State.WRONG),
        ([OTHER, OTHER, OTHER, OTHER, GOOD, GOOD], State.WELL),
        ([{"families": ("trs_wcm", "generic")}, GOOD, GOOD, GOOD], State.WELL),
    ],
)
def test_another_content_system_is_wrong_until_it_is_the_usual_one(
    facts: list[dict[str, Any]], state: State
) -> None:
    assert says("family_changed", history(*facts)).state is state


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([], State.UNKNOWN),
        ([FAILED, FAILED, GOOD], State.UNKNOWN),
        ([FAILED, FAILED, FAILED, GOOD], State.UNKNOWN),  # within three days
        ([FAILED, FAILED, FAILED, FAILED], State.WRONG),
        ([GOOD, FAILED, FAILED, FAILED, FAILED], State.WELL),
        ([CHALLENGED] * 5, State.UNKNOWN),
    ],
)
def test_visits_that_fail_for_days_are_wrong(facts: list[dict[str, Any]], state: State) -> None:
    assert says("failing", history(*facts)).state is state


EARLIER = {2023: date(2024, 3, 1), 2024: date(2025, 2, 20)}
IN_TIME = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_portal_that_used_to_give_a_report_is_warned_of_when_the_grace_is_over() -> None:
    found = says("overdue", history(GOOD, reports=EARLIER))
    assert (found.state, found.severity) == (State.WRONG, "warning")
    assert found.subject == f"{DUTY.kind} 2025"
    assert found.summary == "no report on 2025, due 2026-04-01 (gave those on 2023, 2024)"
    assert found.evidence["earlier_reports"] == {"2023": date(2024, 3, 1), "2024": EARLIER[2024]}
    assert found.evidence["visits_since"] == [100]


def test_before_the_grace_is_over_the_year_before_is_the_one_looked_for() -> None:
    found = says("overdue", history(GOOD, reports=EARLIER), IN_TIME)
    assert (found.state, found.subject) == (State.WELL, f"{DUTY.kind} 2024")


def test_a_report_that_came_ends_it() -> None:
    assert says("overdue", history(GOOD)).state is State.WELL


def test_a_portal_nobody_looked_at_since_is_not_called_overdue() -> None:
    old = replace(visits(GOOD)[0], at=datetime(2026, 4, 20, tzinfo=UTC))
    for seen in ((), (old,), visits(FAILED)):
        what = replace(history(reports=EARLIER), visits=seen)
        assert says("overdue", what).state is State.UNKNOWN


def test_a_portal_that_never_gave_one_owes_it_by_law_alone_which_is_only_noted() -> None:
    found = says("overdue", history(GOOD, reports={}))
    assert (found.state, found.severity) == (State.WRONG, "notice")
    assert found.evidence["law"] == DUTY.law
    freed = replace(DUTY, levels=frozenset({"province"}))
    (free,) = [
        j
        for j in judge(history(GOOD, reports={}), THRESHOLDS, (freed,), NOW)
        if j.rule == "overdue"
    ]
    assert free.state is State.WELL


def test_the_deadline_counts_in_china() -> None:
    last_moment = datetime(2026, 5, 1, 15, 59, tzinfo=UTC)
    what = replace(history(reports=EARLIER), visits=visits(GOOD))
    assert says("overdue", what, last_moment).subject.endswith("2024")
    assert says("overdue", what, last_moment + timedelta(minutes=2)).subject.endswith("2025")
