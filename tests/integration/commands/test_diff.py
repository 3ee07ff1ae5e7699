"""`fazhi diff`: what was altered, by section, with the reason for the verdict."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.capture import Capture
from ingest.records import Record, Section
from ingest.store.captures import store_capture
from ingest.store.database import Database
from ingest.store.reports import store_record
from tests.integration.commands.invented import make_record

OPENING = "2025年,清河县全面推进法治建设。"
BODY = f"{OPENING}\n一、主要成效\n办理行政复议案件12件。\n二、下一步打算\n继续努力。"
SECTIONS = (
    Section(1, "一", "主要成效", None, BODY.index("一、"), BODY.index("二、")),
    Section(1, "二", "下一步打算", None, BODY.index("二、"), len(BODY)),
)
Altered = Callable[..., int]


def page_record(body: str = BODY, **changes: Any) -> Record:
    return make_record(2025, 1, body=body, sections=SECTIONS, indicators=(), **changes)


@pytest.fixture
def altered(database: Database) -> Altered:
    """Keeps records as the versions of one page, a day apart; the number of the report."""

    def keep(*records: Record, rules: tuple[str, ...] = ()) -> int:
        with database.connect() as connection:
            for day, record in enumerate(records):
                seen = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=day)
                url = "http://www.qinghe.gov.test/1.html"
                page = Capture(url, url, 200, (), str(day).encode(), seen)
                number, _ = store_capture(connection, page)
                store_record(connection, number, page, record, rules[day] if rules else "rules")
            (report,) = connection.execute("select id from reports").fetchone() or (0,)
            connection.commit()
        return int(report)

    return keep


def test_a_cosmetic_change_is_shown_with_its_reason(altered: Altered, fazhi: Any) -> None:
    report = altered(page_record(), page_record(BODY.replace("2025年,", "2025年\uff0c")))
    answer = fazhi("diff", str(report))
    assert (answer.code, answer.err) == (0, "")
    assert "verdict: cosmetic: only width, punctuation width, spaces" in answer.out
    assert "== before the first section" in answer.out
    assert "2025年[-,-]{+\uff0c+}清河县" in answer.out


def test_a_substantive_change_is_shown_by_section(altered: Altered, fazhi: Any) -> None:
    after = page_record(BODY.replace("12件", "21件"), document_number="清政发〔2026〕3号")
    answer = fazhi("diff", str(altered(page_record(), after)))
    lines = answer.out.splitlines()
    assert "verdict: substantive: document_number; paragraphs: 1 changed; " in answer.out
    place = lines.index("== 一主要成效  ")
    assert lines[place + 1] == "~ substantive: the text says something else"
    assert lines[place + 2].startswith("  办理行政复议案件")
    assert "[-" in lines[place + 2] and "{+" in lines[place + 2]
    assert "== document_number  substantive: the document says something else" in lines
    assert "+ 清政发〔2026〕3号" in lines
    assert "二下一步打算" not in answer.out


def test_json_says_the_same_for_programs(altered: Altered, fazhi: Any) -> None:
    after = page_record(f"{BODY}\n新增一段。")
    answer = json.loads(fazhi("diff", str(altered(page_record(), after)), "--json").out)
    assert (answer["from"]["version"], answer["to"]["version"]) == (1, 2)
    assert (answer["verdict"], answer["same_rules"]) == ("substantive", True)
    assert answer["reason"] == "paragraphs: 1 added; 5 characters added, 0 removed"
    [paragraph] = answer["paragraphs"]
    assert paragraph["reason"] == "a paragraph was added"
    assert paragraph["runs"] == [{"kind": "added", "text": "新增一段。"}]


def test_any_two_versions_can_be_chosen(altered: Altered, fazhi: Any) -> None:
    bodies = (BODY, BODY.replace("12", "13"), BODY.replace("12", "14"))
    report = str(altered(*map(page_record, bodies)))

    def compared(*options: str) -> tuple[int, int]:
        told = json.loads(fazhi("diff", report, "--json", *options).out)
        return told["from"]["version"], told["to"]["version"]

    assert compared() == (2, 3)
    assert compared("--to", "2") == (1, 2)
    assert compared("--from", "1") == (1, 3)
    assert compared("--from", "3", "--to", "1") == (3, 1)


def test_other_rules_are_named_as_a_possible_cause(altered: Altered, fazhi: Any) -> None:
    after = page_record(BODY.replace("12", "21"))
    report = altered(page_record(), after, rules=("old", "new"))
    assert f"'fazhi reingest --report {report}' settles it" in fazhi("diff", str(report)).out


def test_what_was_not_altered_is_shortened_unless_all_is_asked_for(
    altered: Altered, fazhi: Any
) -> None:
    long = BODY.replace("办理", "全县上下扎实推进各项工作" * 20 + "办理")
    report = str(altered(page_record(long), page_record(long.replace("12件", "21件"))))
    assert "  …" in fazhi("diff", report).out
    assert "全县上下扎实推进各项工作" * 20 in fazhi("diff", report, "--full").out


def test_what_cannot_be_compared_is_refused_in_one_line(altered: Altered, refused: Any) -> None:
    report = str(altered(page_record()))
    assert "no report has the number 999" in refused("diff", "999")
    assert f"report {report} has one version only" in refused("diff", report)
    assert "has no version 7: it has 1" in refused("diff", report, "--to", "7")


def test_one_version_on_both_sides_or_none_before_it_is_refused(
    altered: Altered, refused: Any
) -> None:
    report = str(altered(page_record(), page_record(BODY.replace("12", "13"))))
    assert "is its first: choose a later one" in refused("diff", report, "--to", "1")
    assert "choose two of 1, 2" in refused("diff", report, "--from", "2")
