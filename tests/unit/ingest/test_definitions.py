"""The definitions of indicators: complete, strict, and equal to the shared list of codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.errors import SeedError
from ingest.definitions import load_definitions

SHARED = Path(__file__).resolve().parents[4] / "shared" / "indicators" / "indicators.json"
ENTRY = """[[indicator]]
code = "a_count"
theme = "甲"
name_zh = "甲数"
name_en = "Number of A"
unit = "件"
tier = "core"
definition = "All A."
"""


def written(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "kinds" / "invented"
    folder.mkdir(parents=True)
    (folder / "definitions.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_an_entry_becomes_a_definition(tmp_path: Path) -> None:
    (found,) = load_definitions("invented", written(tmp_path, ENTRY))
    assert (found.code, found.unit, found.pitfalls) == ("a_count", "件", None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ENTRY.replace('unit = "件"\n', ""), "'a_count' has no unit"),
        (ENTRY.replace("core", "main"), "tier 'main' is none of core, extended"),
        (ENTRY + 'colour = "red"\n', r"unknown keys \['colour'\]"),
        (ENTRY + ENTRY, "two indicators have the code 'a_count'"),
        ("[[indicator]\n", "definitions.toml"),
    ],
)
def test_a_file_that_breaks_its_form_names_the_indicator(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(SeedError, match=told):
        load_definitions("invented", written(tmp_path, text))


def test_a_kind_without_indicators_has_none(tmp_path: Path) -> None:
    assert load_definitions("other", tmp_path) == ()


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/indicators")
def test_the_codes_names_units_and_tiers_are_those_agreed_on() -> None:
    agreed = json.loads(SHARED.read_text(encoding="utf-8"))["indicators"]
    keys = ("code", "theme", "name_zh", "unit", "tier")
    ours = [{key: getattr(found, key) for key in keys} for found in load_definitions("fazhi")]
    assert ours == [{key: item[key] for key in keys} for item in agreed]
