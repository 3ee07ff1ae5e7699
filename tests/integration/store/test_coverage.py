"""Who owed a report, and what became of it: each status with what proves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crawler.outcome import Reason
from crawler.portals import Portal
from ingest.duties import load_duties
from ingest.records import Region
from ingest.store.captures import store_capture
from ingest.store.coverage import STATUSES, CoverageRow, list_coverage, owed_years
from ingest.store.portals import sync_portals
from ingest.store.reports import store_record

YEAR = 2024
COUNTY = Portal("demo-qinghe", "清河县人民政府", "county", "130534", "http://www.qinghe.gov.test/")
BUREAU = Portal("demo-sfj", "清河县司法局", "department", "130534", "http://sfj.qinghe.gov.test/")
PARTY = replace(
    COUNTY, id="demo-party", name="党员网", disabled="2026-01-01 it owes no yearly report"
)


@pytest.fixture
def world(connection: Any) -> Any:
    sync_portals(connection, [COUNTY, BUREAU, PARTY])
    return connection


def publish(
    connection: Any, capture: Any, record: Any, path: str = "1.html", **changes: Any
) -> int:
    taken = replace(capture(path), portal_id=changes.pop("portal", COUNTY.id))
    capture_id, _ = store_capture(connection, taken)
    understood = replace(record(report_year=YEAR), **changes)
    store_record(connection, capture_id, taken, understood, "rules")
    return int(capture_id)


def visit(
    connection: Any, reason: str, *, portal: Portal = COUNTY, days: float = 0, listings: int = 1
) -> int:
    at = datetime(2026, 4, 2, 3, tzinfo=UTC) + timedelta(days=days)
    (run,) = connection.execute(
        "insert into crawl_runs"
        " (portal_id, cause, state, reason, started_at, finished_at, listings)"
        " values (%s, 'hand', 'succeeded', %s, %s, %s, %s) returning id",
        (portal.id, reason, at, at, listings),
    ).fetchone()
    return int(run)


def missed(connection: Any, days: float, *, listings: int = 1) -> int:
    run = visit(connection, "partial", days=days, listings=listings)
    connection.execute(
        "insert into fetch_failures (run_id, url, reason) values (%s, %s, 'not_found')",
        (run, "https://www.qinghe.gov.test/1.html"),
    )
    return run


def of(connection: Any, body: Portal = COUNTY, year: int = YEAR) -> CoverageRow:
    rows = list_coverage(connection, years=(year, year))
    return next(row for row in rows if row.body == body.name)


def test_a_report_of_the_last_day_is_in_time(world: Any, capture: Any, record: Any) -> None:
    proof = publish(world, capture, record, published_at="2025-04-01")
    row = of(world)
    assert (row.status, row.days_late, row.due_on) == ("on_time", None, date(2025, 4, 1))
    assert row.capture_id == proof and row.report_id and "第二十四条" in row.law


def test_a_late_report_is_late_by_days_of_the_date_on_the_page(
    world: Any, capture: Any, record: Any
) -> None:
    publish(world, capture, record, published_at="2025-05-11")
    row = of(world)
    assert (row.status, row.days_late) == ("late", 40)
    assert row.first_seen_on == date(2026, 3, 1), "seen first is another column"


def test_a_report_without_a_date_that_we_saw_too_late_is_undated(
    world: Any, capture: Any, record: Any
) -> None:
    publish(world, capture, record, published_at=None)
    assert of(world).status == "undated"


def test_a_report_without_a_date_that_we_saw_in_time_is_in_time(
    world: Any, capture: Any, record: Any
) -> None:
    publish(world, capture, record, report_year=2025, published_at=None)
    assert of(world, year=2025).status == "on_time"


def test_a_governments_report_counts_wherever_it_stands(
    world: Any, capture: Any, record: Any
) -> None:
    publish(world, capture, record, published_at="2025-03-01", portal=BUREAU.id)
    assert of(world).status == "on_time"


def test_a_bureaus_report_is_not_its_governments(world: Any, capture: Any, record: Any) -> None:
    visit(world, "completed")
    publish(world, capture, record, issuer=BUREAU.name, published_at="2025-03-01")
    assert of(world).status == "not_found"
    assert of(world, BUREAU).status == "on_time"


def test_who_published_once_owes_the_next(world: Any, capture: Any, record: Any) -> None:
    town = Region("130534", "白石镇", ("河北省", "邢台市", "清河县", "白石镇"), "township")
    publish(world, capture, record, issuer="白石镇人民政府", region=town, published_at="2025-03-01")
    visit(world, "nothing_new")
    rows = [row for row in list_coverage(world) if row.body == "白石镇人民政府"]
    assert [(row.year, row.status) for row in rows] == [(2024, "on_time"), (2025, "not_found")]
    assert {row.known_from for row in rows} == {"reports"}


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("completed", "not_found"),
        ("no_column", "not_found"),
        ("challenge", "blocked"),
        ("robots_forbidden", "blocked"),
        ("dns", "unreachable"),
        ("storage", "our_fault"),
        ("unknown_family", "our_fault"),
    ],
)
def test_where_none_was_found_the_last_visit_says_why(world: Any, reason: str, status: str) -> None:
    visit(world, "completed", days=-30)
    run = visit(world, reason)
    row = of(world)
    assert (row.status, row.run_id, row.run_reason) == (status, run, reason)


def test_a_challenge_is_shown_by_its_capture(world: Any, capture: Any) -> None:
    run = visit(world, "challenge")
    shell = replace(capture("shell"), run_id=run, status=412)
    number, _ = store_capture(world, shell)
    world.execute("update captures set verdict = 'challenge' where id = %s", (number,))
    assert of(world).challenge_capture_id == number


def test_a_portal_never_visited_is_our_fault(world: Any) -> None:
    row = of(world)
    assert (row.status, row.detail) == ("our_fault", "never visited")


def test_who_owes_nothing_is_not_asked(world: Any) -> None:
    assert "党员网" not in {row.body for row in list_coverage(world)}


def test_one_miss_is_no_removal(world: Any, capture: Any, record: Any) -> None:
    publish(world, capture, record, published_at="2025-03-01")
    missed(world, 1)
    assert of(world).status == "on_time"


def test_misses_on_two_days_with_the_portal_alive_are_a_removal(
    world: Any, capture: Any, record: Any
) -> None:
    publish(world, capture, record, published_at="2025-03-01")
    runs = [missed(world, 1), missed(world, 9)]
    assert of(world).status == "removed"
    (found,) = world.execute("select missed_by_runs from report_presence where removed").fetchone()
    assert found == runs
    events = world.execute("select event from report_timeline order by at").fetchall()
    assert [event for (event,) in events] == ["published", "first version", "missed", "removed"]


def test_two_misses_on_one_day_are_none_of_two_days(world: Any, capture: Any, record: Any) -> None:
    publish(world, capture, record, published_at="2025-03-01")
    missed(world, 1)
    missed(world, 1.2)
    assert of(world).status == "on_time"


def test_a_portal_that_is_down_removes_nothing(world: Any, capture: Any, record: Any) -> None:
    publish(world, capture, record, published_at="2025-03-01")
    for day in (1, 2, 3):
        missed(world, day, listings=0)
    assert of(world).status == "on_time"


def test_a_report_that_is_back_is_not_removed(world: Any, capture: Any, record: Any) -> None:
    publish(world, capture, record, published_at="2025-03-01")
    missed(world, 1)
    missed(world, 9)
    back = replace(capture("1.html", days=60), portal_id=COUNTY.id)
    store_capture(world, back)
    assert of(world).status == "on_time"


def test_every_reason_is_blamed_on_somebody(connection: Any) -> None:
    for reason in Reason:
        (blamed,) = connection.execute("select blame(%s)", (reason.value,)).fetchone()
        assert blamed in STATUSES, reason


def test_a_list_is_narrowed_by_level_region_and_status(world: Any) -> None:
    assert {row.body for row in list_coverage(world, level="department")} >= {BUREAU.name}
    assert list_coverage(world, region="370000", level="department") == []
    assert {row.status for row in list_coverage(world, status="our_fault")} == {"our_fault"}


def test_the_years_owed_begin_with_the_rule(connection: Any) -> None:
    (duty, *_) = load_duties()
    years = owed_years(connection)
    assert years[0] == duty.first_year and years == list(range(years[0], years[-1] + 1))
