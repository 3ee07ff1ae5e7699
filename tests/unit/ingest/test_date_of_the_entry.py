"""A file shows no date of publication; the listing that led to it may."""

from __future__ import annotations

import pytest

from crawler.capture import Finding
from ingest.entry import WHY, dated_by_entry
from ingest.records import Record, Verdict

LISTING = "https://www.example.gov.cn/fzzf/"


def report(published_at: str | None = None, **more: object) -> Record:
    fields = {"report_year": 2024, "signed_on": "2025-03-06", **more}
    return Record(
        "a.pdf", None, "fazhi", Verdict.REPORT, "title:x",
        published_at=published_at, why=(("published_at", "no date on the page"),),
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_report_without_a_date_has_that_of_its_entry_and_says_so() -> None:
    record = dated_by_entry(report(), Finding(LISTING, "报告", "2025-03-12"))
    assert record.published_at == "2025-03-12"
    assert dict(record.why)["published_at"] == WHY


def test_the_date_that_the_document_shows_weighs_more() -> None:
    record = report("2025-03-10T09:00:00+08:00")
    assert dated_by_entry(record, Finding(LISTING, "报告", "2025-03-12")) == record


@pytest.mark.parametrize(
    ("day", "more"),
    [
        (None, {}),
        ("03-12", {}),
        ("2025-03-01", {}),  # before the signature
        ("2023-03-12", {"signed_on": None}),  # before the year reported on
    ],
)
def test_a_date_that_cannot_be_its_own_is_not_taken(
    day: str | None, more: dict[str, object]
) -> None:
    record = report(**more)
    assert dated_by_entry(record, Finding(LISTING, "报告", day)) == record
    assert dated_by_entry(record, None) == record


def test_a_capture_that_is_no_report_stays_as_it_is() -> None:
    near = Record("a.pdf", None, "fazhi", Verdict.NOT_REPORT, "title:plan")
    assert dated_by_entry(near, Finding(LISTING, "要点", "2025-03-12")) == near
