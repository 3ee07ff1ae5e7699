"""What a pattern can begin with is told from its beginning, or not at all."""

from __future__ import annotations

import re

import pytest

from ingest.beginnings import first_characters
from ingest.rules import LineRule, load_line_rules

RULES = [rule for rule in load_line_rules() if rule.patterns]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("打印(?:本页)?", "打"),
        ("已?归档", "已归"),
        ("(?:我要)?打印", "我打"),
        ("(?:正在|文档)?加载", "正文加"),
        ("[Cc]opyright", "Cc"),
        ("(?:微博|微信)(?:好友)?", "微"),
    ],
)
def test_plain_and_optional_beginnings_are_told(pattern: str, expected: str) -> None:
    assert first_characters(pattern) == frozenset(expected)


@pytest.mark.parametrize(
    "pattern",
    [r"\d{1,3}", "[^。]{0,9}所有", "打印|保存", "第*页", "(?:第(?:一)?)页", "(?=页)页", "大?"],
)
def test_a_beginning_that_could_be_anything_is_not_told(pattern: str) -> None:
    assert first_characters(pattern) is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_match_of_a_rule_begins_with_another_character(rule: LineRule) -> None:
    text = "\n".join(example for each in RULES for example in (*each.matches, *each.spares))
    for pattern in rule.patterns:
        told = first_characters(pattern)
        for match in re.finditer(f"(?=({pattern}))", text):
            assert told is None or not match[1] or match[1][0] in told
