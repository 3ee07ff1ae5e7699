"""Files handed in by a person: kept, ingested, and told of one by one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stand_in import Chain

from crawler.errors import UnreadableInputError
from ingest.files import ingest_files
from ingest.store.database import Database
from ingest.store.outcome import IngestSummary

SEEDS = Path(__file__).parents[4] / "shared" / "seeds"


def test_files_are_taken_in_and_the_same_file_again_changes_nothing(
    database: Database, tmp_path: Path, chain: Chain
) -> None:
    report, other = tmp_path / "a.txt", tmp_path / "b.txt"
    report.write_text("report 报告")
    other.write_text("verdict not_report")
    summary = ingest_files(database, [report, other], extract=chain)
    assert replace(summary, files=()) == IngestSummary(captures=2, reports=1, rejects=1)
    assert [(file.path, file.new, file.verdict) for file in summary.files] == [
        (report, True, "report"),
        (other, True, "not_report"),
    ]
    assert summary.files[0].title == "报告"
    assert summary.files[0].report_id is not None
    again = ingest_files(database, [report, other], extract=chain)
    assert replace(again, files=()) == IngestSummary(captures=2, unchanged=2)
    assert [file.new for file in again.files] == [False, False]
    assert again.files[0].report_id == summary.files[0].report_id


def test_an_unreadable_file_is_one_line_and_nothing_is_kept(
    database: Database, connection: Any, tmp_path: Path, chain: Chain
) -> None:
    good = tmp_path / "a.txt"
    good.write_text("report a")
    for bad in (tmp_path / "missing.txt", tmp_path):
        with pytest.raises(UnreadableInputError, match="check the path and its permissions"):
            ingest_files(database, [good, bad], extract=chain)
    assert connection.execute("select count(*) from captures").fetchone() == (0,)


def test_the_five_real_documents_are_kept_as_reports(database: Database) -> None:
    if not SEEDS.is_dir():
        pytest.skip("the five documents are not beside this checkout")
    summary = ingest_files(database, sorted(SEEDS.glob("*.txt")))
    assert replace(summary, files=()) == IngestSummary(captures=5, reports=5)
    with database.connect() as connection:
        rows = connection.execute(
            "select report_year, adcode, region_zone from reports order by id"
        ).fetchall()
    assert rows[0] == (2023, "350100", True)
    assert rows[2] == (2024, "350581", False)
