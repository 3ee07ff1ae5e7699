"""Why a change counts as it does, in words."""

from __future__ import annotations

from typing import Any

from ingest.changes import Changes, Text, compare
from ingest.reasons import ONLY_FORM, why, why_field, why_paragraph
from ingest.records import Section

BODY = "开头。\n一、主要成效\n办案12件,满意度90%。\n培训8次。"
SECTIONS = (Section(1, "一", "主要成效", None, 4, len(BODY)),)


def changes(body: str = BODY, attachments: tuple[str, ...] = (), **fields: Any) -> Changes:
    """Against a version whose only field is its title."""
    before = Text(BODY, SECTIONS, {"title": "清河县报告", "published_at": "2026-01-20"})
    said = {**before.fields, **fields}
    return compare(before, Text(body, SECTIONS, said, attachments))


def test_a_cosmetic_change_is_said_to_be_one_of_form() -> None:
    found = changes(BODY.replace(",", "\uff0c"))
    assert why(found) == ONLY_FORM
    assert [why_paragraph(paragraph) for paragraph in found.paragraphs] == [ONLY_FORM]


def test_furniture_is_said_to_stand_around_the_text() -> None:
    found = changes(source="县司法局")
    assert [why_field(field) for field in found.fields] == ["stands around the text"]
    assert why(found).endswith(", or what stands around the text")


def test_a_time_of_day_beside_the_same_date_is_told_as_that() -> None:
    [field] = changes(published_at="2026-01-20T09:00:00+08:00").fields
    assert why_field(field) == "the same date; only the time of day beside it"


def test_a_substantive_change_counts_fields_paragraphs_and_characters() -> None:
    found = changes(
        BODY.replace("12", "21").replace("培训8次。", "一段全新的文字。"),
        title="清河县情况报告",
        attachments=("附表.xlsx",),
    )
    assert why(found) == (
        "title, attachments; paragraphs: 1 changed, 1 removed, 1 added; "
        "9 characters added, 6 removed"
    )
    assert {why_paragraph(paragraph) for paragraph in found.paragraphs} == {
        "the text says something else",
        "a paragraph was removed",
        "a paragraph was added",
    }


def test_lines_broken_otherwise_leave_nothing_that_differs() -> None:
    found = changes(BODY.replace(",", ",\n"))
    assert (found.fields, found.paragraphs) == ((), ())
    assert why(found).startswith("no word of the text or its fields differs")
