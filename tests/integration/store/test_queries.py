"""The questions people ask: reports by region and year, runs, portals, rejects, counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.errors import StorageError
from ingest.records import Region, Verdict
from ingest.store.captures import store_capture
from ingest.store.portals import sync_portals
from ingest.store.queries import (
    count_all,
    count_rejects,
    get_report,
    list_failures,
    list_portals,
    list_reports,
    list_runs,
)
from ingest.store.reports import store_record
from ingest.store.runs import begin_run, fail_run, finish_run

START = datetime(2026, 3, 1, tzinfo=UTC)
PORTAL = "demo-qinghe"


@dataclass(frozen=True)
class Missed:
    url: str
    reason: str
    detail: str | None


@pytest.fixture
def reports(connection: Any, capture: Any, record: Any) -> Any:
    """Five reports of four divisions; a zone carries its parent's code."""
    zone = ("福建省", "福州市", "福州高新区")
    places = [
        (Region("350000", "福建省", ("福建省",), "province"), 2024),
        (Region("350100", "福州市", ("福建省", "福州市"), "prefecture"), 2024),
        (Region("350100", "福州高新区", zone, "functional_zone", True), 2023),
        (Region("350581", "石狮市", ("福建省", "泉州市", "石狮市"), "county"), 2024),
        (Region("370000", "山东省", ("山东省",), "province"), 2024),
        (None, 2024),
    ]
    for number, (region, year) in enumerate(places):
        taken = capture(f"{number}.html")
        capture_id, _ = store_capture(connection, taken)
        understood = record(region=region, report_year=year, title=str(number))
        store_record(connection, capture_id, taken, understood, "rules")
    return connection


@pytest.mark.parametrize(
    ("region", "titles"),
    [
        (None, "012345"),
        ("350000", "0123"),
        ("350100", "12"),
        ("350581", "3"),
        ("35", "0123"),
        ("000000", "01234"),
        ("福建", "0123"),
        ("福州市", "12"),
        ("福州高新区", "2"),
        ("石狮", "3"),
        ("州", ""),
    ],
)
def test_a_region_takes_in_what_is_below_it(reports: Any, region: str | None, titles: str) -> None:
    assert sorted(str(row.title) for row in list_reports(reports, region=region)) == list(titles)


def test_reports_are_filtered_by_year_and_limited(reports: Any) -> None:
    assert [row.title for row in list_reports(reports, year=2023)] == ["2"]
    assert len(list_reports(reports, limit=2)) == 2
    assert len(list_reports(reports, limit=None)) == 6


def test_a_report_that_is_not_there_is_none(connection: Any) -> None:
    assert get_report(connection, 4711) is None


def test_a_run_is_kept_from_its_beginning_to_its_end(connection: Any) -> None:
    run = begin_run(connection, PORTAL, cause="hand", slot=None, job_id=9, now=START)
    [row] = list_runs(connection)
    assert (row.id, row.state, row.cause, row.job_id) == (run, "running", "hand", 9)
    finish_run(
        connection,
        run,
        state="succeeded",
        reason="partial",
        requests=12,
        listings=2,
        entries=5,
        articles=4,
        new_captures=3,
        failures=[Missed("http://a.test/1", "timeout", "no answer in 20 s")],
        now=START + timedelta(minutes=1),
    )
    [row] = list_runs(connection, portal=PORTAL)
    assert (row.state, row.reason, row.requests, row.new_captures) == (
        "succeeded",
        "partial",
        12,
        3,
    )
    assert row.failures == 1
    assert [failure.reason for failure in list_failures(connection, run)] == ["timeout"]
    assert list_runs(connection, portal="another") == []


def test_a_slot_that_failed_or_was_killed_is_begun_again_and_one_served_is_not(
    connection: Any,
) -> None:
    order = {"cause": "schedule", "slot": START, "job_id": 1, "now": START}
    first = begin_run(connection, PORTAL, **order)
    assert begin_run(connection, PORTAL, **order) == first
    fail_run(connection, first, "unreachable", "no route", START)
    assert begin_run(connection, PORTAL, **order) == first
    assert list_runs(connection)[0].attempt == 3
    finish_run(connection, first, state="succeeded", reason="completed", now=START)
    with pytest.raises(StorageError, match="has been crawled"):
        begin_run(connection, PORTAL, **order)
    other = {**order, "slot": None}
    assert begin_run(connection, PORTAL, **other) != begin_run(connection, PORTAL, **other)


def test_a_run_of_an_unknown_portal_is_one_clear_line(connection: Any) -> None:
    with pytest.raises(StorageError, match="no portal 'nowhere': run fazhi migrate"):
        begin_run(connection, "nowhere", cause="hand", slot=None, job_id=None, now=START)


def test_portals_are_listed_with_what_they_gave(reports: Any) -> None:
    fail_run(
        reports,
        begin_run(reports, PORTAL, cause="hand", slot=None, job_id=None, now=START),
        "unreachable",
        None,
        START,
    )
    [portal] = list_portals(reports)
    assert (portal.id, portal.reports, portal.captures) == (PORTAL, 6, 6)
    assert (portal.last_run_state, portal.last_run_reason) == ("failed", "unreachable")


def test_a_portal_that_left_the_registry_stays_but_is_marked(connection: Any, portal: Any) -> None:
    newcomer = replace(portal, id="demo-other", name="别处", quirks={"tls": "old 2026-01-01 why"})
    sync_portals(connection, [newcomer])
    assert [row.id for row in list_portals(connection)] == ["demo-other"]
    everyone = {row.id: row.in_registry for row in list_portals(connection, withdrawn=True)}
    assert everyone[PORTAL] is False
    sync_portals(connection, [portal, newcomer])
    assert len(list_portals(connection)) == 2


def test_a_registry_that_says_the_same_touches_nothing(connection: Any, portal: Any) -> None:
    before = connection.execute("select xmin, * from portals").fetchall()
    columns = connection.execute("select xmin, * from columns").fetchall()
    connection.commit()
    sync_portals(connection, [portal])
    assert connection.execute("select xmin, * from portals").fetchall() == before
    assert connection.execute("select xmin, * from columns").fetchall() == columns


def test_everything_is_counted(reports: Any, capture: Any, record: Any) -> None:
    for number, verdict in enumerate([Verdict.CHALLENGE, Verdict.NOT_REPORT, Verdict.NOT_REPORT]):
        taken = capture(f"no{number}.html")
        capture_id, _ = store_capture(reports, taken)
        store_record(reports, capture_id, taken, record(verdict=verdict), "rules")
    store_capture(reports, capture("waits.html"))
    counts = count_all(reports)
    assert (counts.reports, counts.versions, counts.divisions) == (6, 6, 4)
    assert (counts.captures, counts.pending, counts.rejects) == (10, 1, 3)
    assert count_rejects(reports) == {"not_report": 2, "challenge": 1}
