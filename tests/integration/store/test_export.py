"""What is exported: cited rows in one snapshot, filtered, in batches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from ingest.export.errors import ExportError
from ingest.export.table import Kind
from ingest.records import Fact, Indicator, Region
from ingest.store.captures import store_capture
from ingest.store.export import (
    VIEWS,
    Selection,
    captures,
    check_since,
    describe,
    measure,
    next_since,
    rows,
    snapshot,
)
from ingest.store.reports import store_record

EVIDENCE = "办理行政复议案件12件"


@pytest.fixture
def stored(connection: Any, capture: Any, record: Any) -> Any:
    """Two reports of a county and one of a province."""
    body = record().body
    start = body.index(EVIDENCE)
    end = start + len(EVIDENCE)
    figures = {
        "facts": (Fact(12, "件", "行政复议案件", EVIDENCE, start, end),),
        "indicators": (
            Indicator(
                *("reconsideration_cases_handled", 12, "件", None, "this_year", EVIDENCE),
                *(start, end, "test-rule"),
            ),
        ),
    }
    shandong = Region("370000", "山东省", ("山东省",), "province")
    for number, changes in enumerate(
        [
            {"report_year": 2024, **figures},
            {"report_year": 2023, "title": None, "issuer": None},
            {"region": shandong, "report_year": 2024, "issuer": "山东省人民政府"},
        ]
    ):
        taken = capture(f"fzzf/{number}.html", body=str(number).encode())
        capture_id, _ = store_capture(connection, taken)
        store_record(connection, capture_id, taken, replace(record(), **changes), "rules")
    connection.commit()
    return connection


def exported(connection: Any, name: str, **selection: Any) -> list[dict[str, Any]]:
    table = describe(connection, name)
    names = [column.name for column in table.columns]
    found = rows(connection, table, Selection(**selection))
    return [dict(zip(names, row, strict=True)) for batch in found for row in batch]


@pytest.mark.parametrize("name", VIEWS)
def test_every_column_has_a_type_we_know_and_a_meaning(connection: Any, name: str) -> None:
    table = describe(connection, name)
    assert table.meaning
    assert all(column.meaning for column in table.columns)
    assert {"citation", "sha256", "captured_at", "url"} <= {c.name for c in table.columns}
    assert {"report_year", "adcode", "region_path", "changed_at"} <= {c.name for c in table.columns}


def test_every_row_says_how_to_cite_it(stored: Any, capture: Any) -> None:
    first = next(row for row in exported(stored, "reports") if row["report_year"] == 2024)
    sha256 = capture(body=b"0").sha256
    assert first["citation"] == (
        "清河县人民政府. 清河县2025年度法治政府建设情况报告. 2026-01-20. "
        f"http://www.qinghe.gov.test/fzzf/0.html. fazhi report {first['report_id']}, version 1, "
        f"captured 2026-03-01T08:30:00Z, sha256 {sha256}"
    )


def test_a_report_without_title_or_issuer_can_be_cited(stored: Any) -> None:
    row = next(row for row in exported(stored, "reports", year=2023))
    assert row["title"] is None and row["citation"].startswith("[untitled]. 2026-01-20. http")


def test_the_text_of_a_section_is_cut_by_its_offsets(stored: Any, record: Any) -> None:
    found = exported(stored, "sections", year=2023)
    body = record().body
    assert [row["heading"] for row in found] == ["主要成效", "下一步打算"]
    assert all(row["text"] == body[row["start_offset"] : row["end_offset"]] for row in found)


def test_figures_indicators_and_the_panel_carry_their_proof(stored: Any) -> None:
    for name in ("figures", "indicators", "panel"):
        (row,) = exported(stored, name)
        assert row["evidence"] == EVIDENCE
        assert row["value"] == 12 and row["citation"] and row["region_path"].endswith("清河县")


@pytest.mark.parametrize(
    ("selection", "count"),
    [
        ({}, 3),
        ({"year": 2024}, 2),
        ({"region": "370000"}, 1),
        ({"region": "河北"}, 2),
        ({"region": "清河县", "year": 2023}, 1),
        ({"since": datetime(2999, 1, 1, tzinfo=UTC)}, 0),
        ({"since": datetime(2020, 1, 1, tzinfo=UTC)}, 3),
    ],
)
def test_an_export_is_narrowed(stored: Any, selection: dict[str, Any], count: int) -> None:
    assert len(exported(stored, "reports", **selection)) == count


def test_the_longest_texts_are_measured_in_characters_and_bytes(stored: Any) -> None:
    table = measure(stored, describe(stored, "reports"), Selection())
    sizes = {column.name: (column.characters, column.bytes) for column in table.columns}
    assert sizes["issuer"] == (7, 21)
    assert sizes["subject"] == (0, 0)
    assert next(c for c in table.columns if c.name == "signed_on").kind is Kind.DAY


def test_the_next_since_reaches_back_before_what_others_have_not_committed(
    stored: Any, database: Any
) -> None:
    """A row that becomes visible later carries an earlier time: it must not be missed."""
    with database.connect() as busy:
        (began,) = busy.execute("select now()").fetchone()
        stored.commit()
        assert next_since(stored) <= began
    stored.commit()


def test_a_since_in_the_future_is_refused(stored: Any) -> None:
    with pytest.raises(ExportError, match="in the future"):
        check_since(stored, datetime.now(UTC) + timedelta(days=1))
    check_since(stored, datetime.now(UTC) - timedelta(days=1))


def test_coverage_is_taken_home_with_the_citation_of_the_report(stored: Any) -> None:
    found = exported(stored, "coverage", year=2024, region="130534")
    (row,) = [row for row in found if row["status"] == "late" or row["report_id"]]
    assert row["body"] == "清河县人民政府" and row["citation"].startswith("清河县人民政府. ")


def test_an_export_sees_one_moment_and_writes_nothing(database: Any) -> None:
    with snapshot(database) as frozen, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        frozen.execute("delete from reports")


def test_captures_come_with_their_bytes_oldest_first(stored: Any) -> None:
    found = list(captures(stored, Selection()))
    assert [capture.body for _, capture in found] == [b"0", b"1", b"2"]
    assert [number for number, _ in found] == sorted(number for number, _ in found)
    assert [c.body for _, c in captures(stored, Selection(year=2023))] == [b"1"]
    assert found[0][1].headers[1:] == (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
