"""The rules of indicators hold on their own examples, and their files are read strictly."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crawler.errors import SeedError
from crawler.seeds import SEEDS
from ingest.figures.indicator_rules import IndicatorRule, load_indicator_rules
from ingest.figures.reader import FigureReader
from ingest.rules import read_toml

RULES = load_indicator_rules("fazhi").rules
READER = FigureReader("fazhi")
YEAR = 2023


def found_by(rule: IndicatorRule, text: str) -> list[str]:
    return [
        item.evidence
        for item in READER.read(text, year=YEAR).indicators
        if item.rule == rule.id and item.code == rule.code
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_finds_the_number_in_each_text_it_must_match(rule: IndicatorRule) -> None:
    for text in rule.matches:
        assert len(found_by(rule, text)) == 1, text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_finds_nothing_in_the_texts_it_must_spare(rule: IndicatorRule) -> None:
    for text in rule.spares:
        assert found_by(rule, text) == [], text


def folder_with(tmp_path: Path, rule: str) -> Path:
    folder = tmp_path / "kinds" / "fazhi" / "indicators"
    folder.mkdir(parents=True)
    shutil.copy(SEEDS / "kinds" / "fazhi" / "indicators" / "words.toml", folder)
    (folder / "own.toml").write_text(rule, encoding="utf-8")
    return tmp_path


WHOLE = """[[rule]]
id = "own"
code = "legal_publicity_events"
reason = "a reason"
units = ["session"]
key = ["publicity_event"]
matches = ["开展普法活动3场。"]
spares = ["召开会议3次。"]
"""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("publicity_event", "no_such_class"), "no_such_class"),
        (('reason = "a reason"\n', ""), "reason"),
        (("key =", "keys ="), "keys"),
    ],
)
def test_a_rule_that_breaks_its_form_is_refused_by_name(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    seeds = folder_with(tmp_path, WHOLE.replace(*change))
    with pytest.raises(SeedError, match="'own'") as error:
        load_indicator_rules("fazhi", seeds)
    assert said in str(error.value)


def test_two_rules_cannot_share_an_id(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match="two rules"):
        load_indicator_rules("fazhi", folder_with(tmp_path, WHOLE + WHOLE))


def test_a_kind_without_rules_has_no_indicators() -> None:
    assert load_indicator_rules("no-such-kind").rules == ()


def test_every_defined_indicator_has_a_rule_and_every_rule_a_definition() -> None:
    defined = read_toml(SEEDS / "kinds" / "fazhi" / "definitions.toml")["indicator"]
    assert {rule.code for rule in RULES} == {entry["code"] for entry in defined}
