"""What another reading changes: by field and by indicator, with few examples."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from ingest.differences import EXAMPLES, Differences, Reading, restored

VALUE = {
    "code": "accepted",
    "value": 10,
    "unit": "件",
    "period": "this_year",
    "evidence": "受理10件",
    "start": 5,
    "end": 10,
    "rule": "r",
    "section": 0,
}


def reading(verdict: str = "report", parts: Any = None, **fields: Any) -> Reading:
    return Reading(verdict, "rule", 7, {"title": "题", "body": "文", **fields}, parts or {})


def values(*items: dict[str, Any]) -> Reading:
    return reading(parts={"indicator_values": list(items)})


def compared(before: Reading, after: Reading) -> Differences:
    found = Differences()
    found.compare(1, before, after)
    return found


def numbers(tally: Any) -> tuple[int, int, int, int]:
    return tally.added, tally.gone, tally.changed, tally.otherwise


def test_the_same_reading_differs_in_nothing() -> None:
    found = compared(values(VALUE), values({**VALUE, "rule": "r2", "section": 1, "new": None}))
    assert (found.captures, found.changed, found.fields, found.indicators) == (1, 0, {}, {})


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([], [VALUE], (1, 0, 0, 0)),
        ([VALUE], [], (0, 1, 0, 0)),
        ([VALUE], [{**VALUE, "value": 11}], (0, 0, 1, 0)),
        ([VALUE], [{**VALUE, "period": "cumulative"}], (0, 0, 0, 1)),
        ([VALUE], [{**VALUE, "doubtful": "parts"}], (0, 0, 0, 1)),
        ([VALUE], [VALUE, {**VALUE, "value": 11}], (1, 0, 0, 0)),
        ([{**VALUE, "value": 9}, VALUE], [VALUE, {**VALUE, "value": 11}], (0, 0, 1, 0)),
        ([VALUE, VALUE], [VALUE], (0, 1, 0, 0)),
        ([VALUE, {**VALUE, "value": 3}], [{**VALUE, "value": 3}, VALUE], (0, 0, 0, 0)),
    ],
)
def test_values_of_a_code_are_added_gone_changed_or_otherwise(
    before: list[Any], after: list[Any], told: tuple[int, int, int, int]
) -> None:
    found = compared(values(*before), values(*after))
    tally = found.indicators.get("accepted")
    assert (numbers(tally) if tally else (0, 0, 0, 0)) == told
    assert found.changed == (told != (0, 0, 0, 0))


def test_a_code_does_not_stand_in_for_another() -> None:
    found = compared(values(VALUE), values({**VALUE, "code": "concluded"}))
    assert numbers(found.indicators["accepted"]) == (0, 1, 0, 0)
    assert numbers(found.indicators["concluded"]) == (1, 0, 0, 0)


def test_fields_are_added_gone_or_changed() -> None:
    found = compared(
        reading(issuer=None, icp="备1号", title="甲", contacts=[]),
        reading(issuer="县政府", icp=None, title="乙", contacts=None, later={}),
    )
    assert {name: numbers(tally) for name, tally in found.fields.items()} == {
        "issuer": (1, 0, 0, 0),
        "icp": (0, 1, 0, 0),
        "title": (0, 0, 1, 0),
    }
    (example,) = found.fields["title"].examples
    assert (example.report_id, example.before, example.after) == (7, "甲", "乙")


def test_of_a_long_text_the_place_where_it_parts_is_shown() -> None:
    found = compared(reading(body="一" * 500 + "甲"), reading(body="一" * 500 + "乙"))
    (example,) = found.fields["body"].examples
    assert example.after == "..." + "一" * 40 + "乙..."


def test_other_parts_count_as_fields_and_facts_apart() -> None:
    fact = {"value": 3, "unit": "件", "evidence": "3件", "start": 0, "end": 2}
    found = compared(
        reading(parts={"removals": [], "figures": [fact]}),
        reading(parts={"removals": [{"rule": "a", "text": "b"}], "figures": []}),
    )
    assert numbers(found.fields["removed"]) == (0, 0, 1, 0)
    assert numbers(found.facts) == (0, 1, 0, 0)


def test_another_verdict_is_told_and_nothing_else() -> None:
    rejected = Reading("not_report", "near_miss.plan", None, None, None)
    found = compared(values(VALUE), rejected)
    assert found.verdicts == {"report -> not_report": 1}
    assert (found.changed, found.fields, found.indicators) == (1, {}, {})
    assert found.verdict_examples[0].after == "near_miss.plan"


def test_a_capture_without_a_version_of_its_own_is_compared_by_its_verdict() -> None:
    assert compared(Reading("report", "rule", 7, None, None), reading()).changed == 0


def test_examples_stay_few_however_much_differs() -> None:
    found = Differences()
    for number in range(50):
        found.compare(number, reading(title="甲"), reading(title="乙"))
    assert numbers(found.fields["title"]) == (0, 0, 50, 0)
    assert len(found.fields["title"].examples) == EXAMPLES


def test_what_was_compared_apart_and_written_down_adds_up_to_the_same() -> None:
    pairs = [
        (values(VALUE), values({**VALUE, "value": 11})),
        (reading(title="旧"), reading(title="新", issuer="某局")),
        (reading(), reading("not_report")),
        (reading(parts={"figures": [{"value": 1}]}), reading(parts={"figures": []})),
        (reading(), reading()),
        (values(), values(VALUE, VALUE, VALUE, VALUE)),
    ]
    together, apart = Differences(), Differences()
    for number, pair in enumerate(pairs):
        together.compare(number, *pair)
        alone = Differences()
        alone.compare(number, *pair)
        apart.add(restored(json.loads(json.dumps(asdict(alone)))))
    assert asdict(apart) == asdict(together)
    assert (apart.captures, apart.changed) == (6, 5)
