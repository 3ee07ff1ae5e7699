"""The page for Prometheus, from a snapshot made by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families

from scheduler.health.metrics import page
from scheduler.health.snapshot import Snapshot, season_year
from scheduler.presence import Process

SNAPSHOT = Snapshot(
    runs={
        ("schedule", "succeeded", "completed"): 3,
        ("hand", "failed", "SomeError"): 1,
        ("hand", "failed", "AnotherError"): 1,
    },
    run_seconds=(12.0, 80.0),
    failures={"timeout": 2},
    pages={"report": 5, "pending": 1},
    ingest_seconds=(None, None),
    jobs={("crawl", "todo"): (4, 90.0), ("crawl", "doing"): (2, 100.0)},
    captures_waiting=1,
    captures_age=30.0,
    portal_ages={0: 5, 2: 3, 40: 1, None: 2},
    season_year=2025,
    season={"county": (8, 3), "province": (3, 2)},
    alerts={("sudden_zero", "warning"): 2},
    messages={"mail": (1, 600.0)},
    reports=77,
    database_bytes=1000,
    leading=True,
    processes=(Process("crawler", "a", 1), Process("crawler", "b", 1)),
)

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(text: bytes) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


@pytest.fixture(scope="module")
def told() -> Samples:
    return samples(page(SNAPSHOT, 0.1))


def value(told: Samples, name: str, **labels: str) -> float:
    return told[name, tuple(sorted(labels.items()))]


def test_runs_are_told_by_cause_state_and_reason(told: Samples) -> None:
    labels = {"cause": "schedule", "state": "succeeded", "reason": "completed"}
    assert value(told, "fazhi_runs_last_day", **labels) == 3
    assert value(told, "fazhi_run_duration_seconds", quantile="0.95") == 80


def test_words_the_program_does_not_know_are_added_up_so_that_labels_stay_few(
    told: Samples,
) -> None:
    labels = {"cause": "hand", "state": "failed", "reason": "other"}
    assert value(told, "fazhi_runs_last_day", **labels) == 2


def test_portals_are_stale_when_their_last_success_is_older_or_there_was_none(
    told: Samples,
) -> None:
    stale = {days: value(told, "fazhi_portals_stale", days=days) for days in ("1", "7", "90")}
    assert stale == {"1": 6, "7": 3, "90": 2}
    assert value(told, "fazhi_portals_stale", days="never") == 2


def test_the_season_is_told_by_level(told: Samples) -> None:
    where = {"year": "2025", "level": "county"}
    assert value(told, "fazhi_season_portals", **where) == 8
    assert value(told, "fazhi_season_portals_published", **where) == 3


def test_what_there_is_none_of_is_zero_or_left_out_never_made_up(told: Samples) -> None:
    assert value(told, "fazhi_processes", role="ingester") == 0
    assert value(told, "fazhi_processes", role="crawler") == 2
    assert value(told, "fazhi_jobs", queue="ingest", status="todo") == 0
    assert not [name for name, _ in told if name == "fazhi_ingest_latency_seconds"]


def test_without_a_database_the_page_says_so_and_nothing_else() -> None:
    told = samples(page(None, 3.0))
    assert value(told, "fazhi_database_up") == 0
    assert {name for name, _ in told} == {
        "fazhi_build_info",
        "fazhi_database_up",
        "fazhi_snapshot_seconds",
    }


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2026, 12, 14, 12, tzinfo=UTC), 2025),
        (datetime(2026, 12, 14, 16, tzinfo=UTC), 2026),  # midnight in China
        (datetime(2027, 4, 1, tzinfo=UTC), 2026),
    ],
)
def test_a_season_begins_on_15_december_in_china(moment: datetime, year: int) -> None:
    assert season_year(moment) == year
