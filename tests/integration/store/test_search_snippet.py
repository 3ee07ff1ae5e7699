"""The text around a hit, cut out and marked by the database."""

from __future__ import annotations

from typing import Any

import pytest

LONG = "，".join(f"第{nth}件案件已经办结" for nth in range(100))


def snippet(connection: Any, text: str, needles: list[str], at: int) -> str:
    row = connection.execute(
        "select search_snippet(%s, %s, %s, %s)", (text, text, needles, at)
    ).fetchone()
    return str(row[0])


@pytest.mark.parametrize(
    ("text", "needles", "shown"),
    [
        ("办理信访。", ["信访"], "办理«信访»。"),
        ("全年平稳。办理信访。", ["信访"], "…办理«信访»。"),
        ("办理\n\n信访 12件", ["信访"], "…«信访» 12件"),
        ("信访，信访；信访", ["信访"], "«信访»，«信访»；«信访»"),
        ("行政复议申请", ["行政", "行政复议"], "«行政复议»申请"),
        ("行政复议申请", ["复议申请", "行政复议"], "«行政复议»申请"),
        ("信访信访", ["信访"], "«信访»«信访»"),
    ],
)
def test_a_snippet_begins_with_the_sentence_and_marks_every_needle(
    connection: Any, text: str, needles: list[str], shown: str
) -> None:
    assert snippet(connection, text, needles, text.index(needles[-1]) + 1) == shown


def test_a_snippet_of_a_long_text_has_thirty_characters_before_and_ninety_after(
    connection: Any,
) -> None:
    at = LONG.index("第50件") + 1
    shown = snippet(connection, LONG, ["第50件"], at)
    before, after = LONG[at - 31 : at - 1], LONG[at + 3 : at + 90]
    assert shown == f"…{before}«第50件»{after}…"


def test_a_snippet_says_that_the_text_goes_on_only_where_it_does(connection: Any) -> None:
    for length in (90, 91, 92):
        text = "甲" + "乙" * (length - 1)
        shown = snippet(connection, text, ["甲"], 1)
        assert shown == f"«甲»{'乙' * min(length - 1, 90)}{'…' if length > 91 else ''}"


def test_a_needle_that_is_cut_off_at_the_end_is_shown_unmarked(connection: Any) -> None:
    text = "甲" + "乙" * 89 + "丙丁戊"
    assert snippet(connection, text, ["甲", "丙丁"], 1) == f"«甲»{'乙' * 89}丙…"
