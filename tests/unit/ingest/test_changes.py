"""What changed between two versions, and whether it matters."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.changes import Changes, Text, Weight, compare
from ingest.character_runs import Kind, canonical, canonical_lines
from ingest.likeness import folded
from ingest.records import Section

BODY = """2025年,清河县全面推进法治建设,现将有关情况报告如下。
一、主要成效
办理行政复议案件12件,纠错率为5.6%。
二、存在问题
一是“放管服”改革还不够深入;二是执法力量不足。
三、下一步打算
继续加强队伍建设,加大执法监督力度。"""


def text(body: str = BODY, **fields: Any) -> Text:
    attachments = fields.pop("attachments", ())
    marks = [body.index(mark) for mark in ("一、主", "二、存", "三、下") if mark in body]
    sections = tuple(
        Section(1, body[start : start + 2], body[start + 2 :].split("\n")[0], None, start, end)
        for start, end in zip(marks, [*marks[1:], len(body)], strict=True)
    )
    return Text(body, sections, {"title": "清河县2025年度报告", **fields}, attachments)


def changes(before: str, after: str) -> Changes:
    return compare(text(), text(BODY.replace(before, after)))


def test_the_same_text_has_no_changes() -> None:
    assert compare(text(), text()) == Changes((), ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("12件", "\uff11\uff12件"),
        (",", "\uff0c"),
        ("5.6%", "5.6\uff05"),
        ("\u201c放管服\u201d", '"放管服"'),
        ("2025年", "  2025 年 "),
        ("报告如下。\n", "报告如下。\n\n\n"),
        (",加大", ",\n加大"),
    ],
)
def test_width_punctuation_width_spaces_quotes_and_breaks_are_cosmetic(
    before: str, after: str
) -> None:
    found = changes(before, after)
    assert BODY.replace(before, after) != BODY
    assert found.weight is Weight.COSMETIC
    assert found.sections == ()
    assert found.characters(Kind.ADDED) == found.characters(Kind.REMOVED) == 0


def test_a_cosmetic_change_is_shown_with_its_characters() -> None:
    (paragraph,) = changes("“放管服”", '"放管服"').paragraphs
    assert paragraph.section == ("二、存在问题",)
    assert [run.text for run in paragraph.runs if run.kind is Kind.ADDED] == ['"', '"']


def test_a_number_that_was_altered_is_substantive_and_shown_by_section() -> None:
    found = changes("12件", "21件")
    assert (found.weight, found.sections) == (Weight.SUBSTANTIVE, ("一、主要成效",))
    (paragraph,) = found.paragraphs
    assert paragraph.kind is Kind.CHANGED
    assert "".join(r.text for r in paragraph.runs if r.kind is not Kind.REMOVED) == (
        "办理行政复议案件21件,纠错率为5.6%。"
    )
    assert found.characters(Kind.ADDED) == found.characters(Kind.REMOVED) == 1


def test_a_shortcoming_that_was_taken_out_is_shown() -> None:
    found = changes(";二是执法力量不足", "")
    (paragraph,) = found.paragraphs
    assert paragraph.section == ("二、存在问题",)
    assert found.characters(Kind.ADDED) == 0
    removed = "".join(run.text for run in paragraph.runs if run.kind is Kind.REMOVED)
    assert canonical(removed) == ";二是执法力量不足"
    assert found.characters(Kind.REMOVED) == 9


def test_paragraphs_come_and_go_between_those_that_stay() -> None:
    after = BODY.replace("二、存在问题\n", "二、存在问题\n三是基层基础薄弱,经费保障不到位。\n")
    found = compare(text(), text(after))
    (added,) = found.paragraphs
    assert (added.kind, added.section) == (Kind.ADDED, ("二、存在问题",))
    (gone,) = compare(text(after), text()).paragraphs
    assert (gone.kind, gone.runs[0].text) == (Kind.REMOVED, added.runs[0].text)


def test_a_changed_paragraph_among_new_ones_finds_its_counterpart() -> None:
    new = "完善制度体系。\n继续加强队伍建设,加大执法监督的力度。\n强化责任落实。"
    found = changes("继续加强队伍建设,加大执法监督力度。", new)
    assert [p.kind for p in found.paragraphs] == [Kind.ADDED, Kind.CHANGED, Kind.ADDED]


@pytest.mark.parametrize(
    ("name", "before", "after", "weight"),
    [
        ("title", "甲", "乙", Weight.SUBSTANTIVE),
        ("title", "报告(2025)", "报告\uff082025\uff09", Weight.COSMETIC),
        ("published_at", "2026-01-20", "2026-04-20", Weight.SUBSTANTIVE),
        ("published_at", "2026-01-20", "2026-01-20T10:00:00+08:00", Weight.COSMETIC),
        ("source", "县司法局", "本站", Weight.COSMETIC),
        ("signed_on", "2026-01-18", None, Weight.SUBSTANTIVE),
    ],
)
def test_fields_weigh_by_what_they_say(name: str, before: Any, after: Any, weight: Weight) -> None:
    found = compare(text(**{name: before}), text(**{name: after}))
    assert [(f.name, f.weight) for f in found.fields] == [(name, weight)]
    assert found.weight is weight


def test_an_attached_file_that_is_gone_is_substantive() -> None:
    found = compare(text(attachments=("附件1.pdf",)), text())
    assert (found.weight, found.fields[0].name) == (Weight.SUBSTANTIVE, "attachments")


@pytest.mark.parametrize("ending", ["。\n", "。", ""])
def test_the_time_for_a_long_body_stays_short_even_without_breaks(ending: str) -> None:
    body = ending.join(f"第{n}项工作稳步推进,全县共办理各类案件{n * 7}件" for n in range(1300))
    after = body.replace("稳步推进", "扎实推进").replace("1407件", "9件")
    began = time.process_time()
    found = compare(Text(body, (), {}), Text(after, (), {}))
    assert time.process_time() - began < 15
    assert found.weight is Weight.SUBSTANTIVE


@given(st.text(st.sampled_from('法１一-–—~ \n\u3000\u200b¨㈠（(，,”"…ﷺ\ud800A'), max_size=30))
def test_a_text_is_compared_character_by_character(text: str) -> None:
    one_by_one = "".join(map(folded, text)).replace("--", "-")
    assert canonical(text) == one_by_one
    assert canonical_lines(text) == [canonical(line) for line in text.split("\n")]
