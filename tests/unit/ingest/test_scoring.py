"""Scores: what counts as right, what as taken by mistake, and agreement with the shared scorer."""

from __future__ import annotations

import importlib.util
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.extract import extract
from ingest.gold import prefilled
from ingest.likeness import in_sentence
from ingest.records import Fact, Indicator, Record, Verdict, as_json
from ingest.scoring import Score, score

SHARED = Path(__file__).resolve().parents[4] / "shared"
needs_shared = pytest.mark.skipif(
    not (SHARED / "corpus" / "score.py").exists(), reason="needs ../shared/corpus/score.py"
)
BODY = "收到复议申请12件,受理10件。办结率98%。\n下一步受理200件。"


def indicator(code: str, value: float, evidence: str, **changes: Any) -> Indicator:
    start = BODY.index(evidence)
    given = {"unit": "件", "qualifier": None, "period": "this_year", **changes}
    return Indicator(
        code, value, evidence=evidence, start=start, end=start + len(evidence), rule="r", **given
    )


def record(*indicators: Indicator, facts: tuple[Fact, ...] = ()) -> Record:
    return Record(
        *("a.txt", None, "fazhi", Verdict.REPORT, "rule"),
        body=BODY,
        indicators=indicators,
        facts=facts,
    )


RECEIVED = indicator("received", 12, "收到复议申请12件")
ACCEPTED = indicator("accepted", 10, "受理10件")
TARGET = indicator("accepted", 200, "受理200件")
LOOK_ALIKE = {"evidence": "受理200件", "why": "target", "start": TARGET.start, "end": TARGET.end}


def scored(found: Record, **gold: Any) -> Score:
    wanted = {**prefilled(record(RECEIVED, ACCEPTED)), "facts": None, **gold}
    return score([("a", wanted, found)])


def test_what_gold_says_is_right() -> None:
    found = scored(record(ACCEPTED, RECEIVED))
    assert (found.indicators.precision, found.indicators.recall, found.indicators.f1) == (1, 1, 1)
    assert found.attributes == {"unit": 2, "qualifier": 2, "period": 2}
    assert found.misses == []


def test_a_miss_is_told_in_its_sentence() -> None:
    found = scored(record(RECEIVED))
    assert (found.indicators.gold, found.indicators.pred, found.indicators.right) == (2, 1, 1)
    (miss,) = found.misses
    assert (miss.what, miss.name) == ("indicator missed", "accepted")
    assert miss.context == "收到复议申请12件,【受理10件】。"


def test_what_is_not_in_gold_and_stands_on_a_look_alike_is_both() -> None:
    found = scored(record(RECEIVED, ACCEPTED, TARGET), look_alikes=[LOOK_ALIKE])
    assert (found.look_alikes, found.look_alikes_taken) == (1, 1)
    assert [(miss.what, miss.why) for miss in found.misses] == [
        ("indicator not in gold", None),
        ("look-alike taken", "target"),
    ]
    assert found.by_code["accepted"].precision == 0.5


def test_the_same_value_twice_is_right_once() -> None:
    found = scored(record(RECEIVED, ACCEPTED, ACCEPTED))
    assert (found.indicators.right, found.indicators.pred) == (2, 3)


def test_another_unit_qualifier_or_period_is_counted_apart() -> None:
    other = indicator("received", 12, "收到复议申请12件", unit="宗", qualifier="余", period="event")
    found = scored(record(other, ACCEPTED))
    assert found.indicators.f1 == 1
    assert found.attributes == {"unit": 1, "qualifier": 1, "period": 1}


@pytest.mark.parametrize(
    ("fact", "right"),
    [
        (Fact(12, "件", None, "12件", 6, 9), 1),
        (Fact(12, "件", None, "12件", 17, 20), 0),
        (Fact(12, "宗", None, "复议申请12件", 2, 9), 1),
        (Fact(12, "宗", None, "12宗", 6, 9), 0),
        (Fact(13, "件", None, "12件", 6, 9), 0),
    ],
)
def test_a_fact_is_right_by_value_unit_and_place_or_by_its_evidence(fact: Fact, right: int) -> None:
    wanted = [{"value": 12, "unit": "件", "evidence": "收到复议申请12件", "start": 0, "end": 9}]
    assert scored(record(facts=(fact,)), facts=wanted).facts.right == right


def test_facts_that_were_not_labelled_do_not_count() -> None:
    found = scored(record(facts=(Fact(1, "件", None, "1件", 0, 2),)))
    assert (found.fact_documents, found.facts.pred) == (0, 0)


def test_a_document_that_is_no_report_does_not_count() -> None:
    assert scored(record(RECEIVED), verdict="not_report").documents == 0


def test_a_place_outside_the_body_has_no_sentence() -> None:
    assert in_sentence(BODY, 3, 10_000) == ""
    assert in_sentence(BODY, None, None) == ""
    assert in_sentence("没有句号", 0, 2) == "【没有】句号"


def test_a_prefilled_gold_scores_full_marks() -> None:
    made = record(RECEIVED, ACCEPTED, facts=(Fact(12, "件", "申请", "12件", 6, 9),))
    gold = prefilled(made)
    assert gold["look_alikes"] == []
    found = score([("a", json.loads(json.dumps(gold)), made)])
    assert (found.indicators.f1, found.facts.f1, found.misses) == (1, 1, [])


@needs_shared
def test_a_gold_file_has_the_shape_of_the_shared_ones() -> None:
    shared = json.loads((SHARED / "gold" / "seeds" / "004.json").read_text(encoding="utf-8"))
    gold = prefilled(extract((SHARED / "seeds" / "004.txt").read_bytes(), name="004.txt"))
    assert list(gold) == list(shared)
    assert set(shared["sections"][0]) - set(gold["sections"][0]) <= {"style"}


def agreement(golds: dict[str, Any], records: dict[str, Record]) -> None:
    """Ours against ../shared/corpus/score.py on the same records."""
    spec = importlib.util.spec_from_file_location("shared_score", SHARED / "corpus" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    theirs = module.score({name: as_json(made) for name, made in records.items()}, golds)
    ours = score((name, golds[name], records[name]) for name in golds)
    right = max(1, ours.indicators.right)
    for mine, key in (
        (ours.indicators.precision, "P"),
        (ours.indicators.recall, "R"),
        (ours.indicators.f1, "F1"),
        (ours.attributes["unit"] / right, "unit_ok"),
        (ours.attributes["qualifier"] / right, "qualifier_ok"),
        (ours.attributes["period"] / right, "period_ok"),
    ):
        assert mine == pytest.approx(theirs["indicators"][key]), key
    assert {code: (t.gold, t.pred, t.right) for code, t in ours.by_code.items()} == {
        code: (t["gold"], t["pred"], t["tp"])
        for code, t in theirs["indicators"]["per_code"].items()
    }
    assert (ours.look_alikes, ours.look_alikes_taken) == (
        theirs["look_alikes"]["n"],
        theirs["look_alikes"]["taken"],
    )
    assert ours.fact_documents == theirs["facts"]["docs"]
    assert ours.facts.precision == pytest.approx(theirs["facts"]["precision"])
    assert ours.facts.recall == pytest.approx(theirs["facts"]["recall"])


def shared_golds() -> dict[str, Any]:
    files = sorted((SHARED / "gold" / "seeds").glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


@needs_shared
def test_the_present_rules_score_as_the_shared_scorer_says() -> None:
    golds = shared_golds()
    agreement(
        golds,
        {
            name: extract((SHARED / "seeds" / f"{name}.txt").read_bytes(), name=f"{name}.txt")
            for name in golds
        },
    )


@needs_shared
@pytest.mark.parametrize("seed", range(8))
def test_disturbed_answers_score_as_the_shared_scorer_says(seed: int) -> None:
    chance = random.Random(seed)
    golds = shared_golds()
    agreement(golds, {name: disturbed(gold, chance) for name, gold in golds.items()})


def disturbed(gold: Any, chance: random.Random) -> Record:
    """Gold as a record, with items lost, doubled, altered, and look-alikes taken."""
    indicators: list[Indicator] = []
    for item in gold["indicators"]:
        keys = ("code", "value", "unit", "qualifier", "period", "evidence", "start", "end")
        made = Indicator(*(item[key] for key in keys), rule="r")
        change = chance.choice(["", "", "", "lost", "doubled", "value", "unit", "period", "code"])
        indicators += {
            "lost": [],
            "doubled": [made, made],
            "value": [replace(made, value=made.value + 1)],
            "unit": [replace(made, unit="％" if made.unit == "%" else "宗")],
            "period": [replace(made, period="event", qualifier="余")],
            "code": [replace(made, code="other")],
        }.get(change, [made])
    for item in gold["look_alikes"]:
        if chance.random() < 0.5:
            place = (item["evidence"], item["start"], item["end"])
            indicators.append(Indicator("taken", 1, "件", None, "this_year", *place, "r"))
    facts = [
        Fact(
            *(item["value"], chance.choice([item["unit"], "宗"]), None),
            *(item["evidence"][chance.choice([0, 0, 1]) :], item["start"], item["end"]),
        )
        for item in gold["facts"] or []
        if chance.random() < 0.8
    ]
    return Record(
        *(gold["input"], None, "fazhi", Verdict.REPORT, "rule"),
        body=gold["body"],
        indicators=tuple(indicators),
        facts=tuple(facts),
    )
