from __future__ import annotations

from typing import Any

import pytest

from crawler.families import loose_json
from crawler.families.base import Page
from crawler.families.records import entries_of, number, with_parameter


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, true, null]}', {"a": [1, 2.5, True, None]}),
        ("{'a': 'it\\'s', b: None,}", {"a": "it's", "b": None}),
        ("[{'t': '\\u7532\\n'}, ]", [{"t": "甲\n"}]),
        ('{"a":\'###py###\', // why\n "b" /* so */ : -1}', {"a": "###py###", "b": -1}),
        ('{"a": "line\nbreak\t"}', {"a": "line\nbreak\t"}),
        ("{page: index + 1}", None),
        ("{a: $index}", {"a": "$index"}),
        ("not json", None),
        ("", None),
        ("{", None),
        ("[" * 100_000, None),
        ("{'a':" * 100_000, None),
        ("[" + "'\\" * 50_000, None),
        ("[/*" * 50_000, None),
    ],
)
def test_what_portals_write_is_read_and_what_is_broken_is_nothing(text: str, value: Any) -> None:
    assert loose_json.parse(text) == value


def test_a_value_in_a_script_is_read_up_to_its_end() -> None:
    text = "window.x = {TREE: [{id: 1}], f: go()}; more()"
    assert loose_json.read(text, text.index("[")) == [{"id": 1}]


@pytest.mark.parametrize(
    ("row", "date"),
    [
        ({"date": "2024-03-01 10:00"}, "2024-03-01"),
        ({"display_publish_time": 1709222400}, "2024-03-01"),
        ({"pubtime": "1709222400000"}, "2024-03-01"),
        ({"PUBDATE": "2024年3月1日"}, "2024-03-01"),
        ({"date": "", "time": 7}, None),
    ],
)
def test_a_date_is_read_as_text_or_as_seconds_in_chinas_time(
    row: dict[str, object], date: str | None
) -> None:
    (entry,) = entries_of(Page("http://a.gov.cn/", ""), [{"title": "甲", "url": "/1", **row}])
    assert entry.date == date


def test_records_without_title_or_address_are_passed_over_and_doubles_are_one() -> None:
    rows = [{"title": "甲"}, {"url": "/1"}, None, {"title": "甲\ud800", "url": "/1"}] * 2
    rows.append({"title": "<em>乙</em>&amp;", "url": "javascript:go()"})
    (entry,) = entries_of(Page("http://a.gov.cn/x/", ""), rows)
    assert (entry.url, entry.title) == ("http://a.gov.cn/1", "甲?")
    assert entries_of(Page("http://a.gov.cn/x/", ""), {"no": "list"}) == ()


def test_one_parameter_is_changed_and_the_others_stay_to_the_letter() -> None:
    url = "http://a.gov.cn/s?b=%E7%94%B2&page=1&c[d]=2"
    assert with_parameter(url, "page", 2) == "http://a.gov.cn/s?b=%E7%94%B2&page=2&c[d]=2"
    assert with_parameter("http://a.gov.cn/s", "page", 2) == "http://a.gov.cn/s?page=2"


@pytest.mark.parametrize("value", [None, "", "x", -1, 1e300, True, "１２", "9" * 5000, [1]])
def test_what_is_no_count_counts_nothing(value: object) -> None:
    assert number(value) == 0
