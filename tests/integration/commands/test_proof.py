"""`fazhi cite` and `fazhi verify`: how a report is cited, and what tampering is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest.extract import Rules, extract
from ingest.store.database import Database
from ingest.verifying import verify

# The store is tried on both servers elsewhere.
pytestmark = pytest.mark.parametrize("server", ["embedded"], indirect=True, scope="session")
PAGE = """清河县人民政府{year}年度法治政府建设情况报告

{year}年,清河县深入推进法治政府建设,现将有关情况报告如下。
一、主要成效
全年制定行政规范性文件12件,办理行政复议案件{cases}件。
二、存在问题
一是执法力量不足。
三、下一步打算
一是加强队伍建设。

清河县人民政府
{next}年1月15日
"""


def page(year: int, cases: int = 30) -> bytes:
    return PAGE.format(year=year, next=year + 1, cases=cases).encode()


@pytest.fixture
def filled(stored: Any) -> None:
    """Two reports, as the present rules read them."""
    for year in (2022, 2023):
        record = extract(page(year), name=f"{year}.txt")
        stored(record, page(year), Rules.load().version)


def execute(database: Database, statement: str) -> None:
    with database.connect() as connection:
        connection.execute(statement)  # type: ignore[arg-type]
        connection.commit()


@pytest.mark.usefixtures("filled")
def test_what_was_stored_is_recomputed_and_found_the_same(fazhi: Any) -> None:
    answer = fazhi("verify", "--all")
    assert answer.code == 0, answer.out
    assert [line.split(": ")[1] for line in answer.out.splitlines()] == ["same", "same"]
    assert answer.err.rstrip() == "2 checked: same 2"
    assert len(json.loads(fazhi("verify", "1", "--json").out)) == 1


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("tampering", "finding", "named"),
    [
        (
            "alter table capture_contents disable trigger user; "
            "update capture_contents set body = set_byte(body, 9, 65) "
            "where sha256 = (select sha256 from captures where id = 1)",
            "bytes_altered",
            "restore a backup",
        ),
        ("update report_versions set body = replace(body, '30', '31')", "record_altered", "body"),
        (
            "update report_versions set fields = jsonb_set(fields, '{issuer}', '\"别县\"')",
            "record_altered",
            "issuer: stored 别县, recomputed 清河县人民政府",
        ),
        (
            "update indicator_values set value = value + 1",
            "record_altered",
            "reconsideration_cases_handled: stored 31件",
        ),
        ("delete from figures", "record_altered", "facts: stored nothing, recomputed 12件"),
        ("update sections set role = null where role is not null", "record_altered", "sections"),
        (
            "update report_versions set extraction_sha256 = repeat('0', 64)",
            "read_otherwise",
            "rows and digest were changed",
        ),
        (
            "update report_versions set ruleset = 'of old', extraction_sha256 = repeat('0', 64)",
            "read_otherwise",
            "it was read by rules of old",
        ),
        ("update reports set title = '别的'", "shown_otherwise", "title: stored 别的"),
    ],
)
def test_tampering_is_told_and_where(
    fazhi: Any, database: Database, tampering: str, finding: str, named: str
) -> None:
    execute(database, tampering)
    answer = fazhi("verify", "1")
    assert answer.code == 1
    assert f": {finding}: " in answer.out
    assert named in answer.out
    assert finding in answer.err


@pytest.mark.usefixtures("filled")
def test_bytes_that_are_gone_are_told(fazhi: Any, database: Database) -> None:
    execute(
        database,
        "alter table captures drop constraint captures_sha256_fkey; delete from capture_contents",
    )
    answer = fazhi("verify", "2", "--json")
    assert answer.code == 1
    assert [row["finding"] for row in json.loads(answer.out)] == ["bytes_missing"]


@pytest.mark.usefixtures("filled")
def test_a_capture_that_breaks_the_program_is_told_and_the_others_are_checked(
    database: Database,
) -> None:
    def fails_once(content: bytes, *, name: str, **rest: Any) -> Any:
        if name == "2022.txt":
            raise RecursionError
        return extract(content, name=name, **rest)

    with database.connect() as connection:
        found = list(verify(connection, Rules.load(), [1, 2], extract=fails_once))
    assert [result.finding.value for result in found] == ["breaks_the_chain", "same"]
    assert "RecursionError" in found[0].because


@pytest.mark.usefixtures("filled")
def test_a_citation_names_who_what_when_and_the_capture(fazhi: Any, database: Database) -> None:
    with database.connect() as connection:
        (text,) = connection.execute(
            "select citation from cited_reports where report_id = 1"
        ).fetchone() or ("",)
    assert fazhi("cite", "1").out.rstrip("\n") == text
    assert fazhi("cite", "1", "--version", "1").out.rstrip("\n") == text
    assert "清河县人民政府2022年度法治政府建设情况报告" in text
    for style in ("bibtex", "ris"):
        assert "fazhi-1-v1" in fazhi("cite", "1", "--format", style).out
    [item] = json.loads(fazhi("cite", "1", "--format", "csl-json").out)
    assert item["author"] == [{"literal": "清河县人民政府"}]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify"], "name the reports to verify, or say --all"),
        (["verify", "1", "--all"], "not both"),
        (["verify", "1", "77", "78"], "no report has the number 77, 78"),
        (["cite", "77"], "no report has the number 77"),
        (["cite", "1", "--version", "5"], "report 1 has no version 5"),
        (["cite", "1", "--version", "99999999999"], "report 1 has no version 99999999999"),
        (["cite", "99999999999999999999"], "no report has the number 99999999999999999999"),
        (["show", "77"], "no report has the number 77"),
        (["cite", "1", "--format", "apa"], "no format is called 'apa'"),
    ],
)
def test_what_cannot_be_done_is_one_line(refused: Any, arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)
