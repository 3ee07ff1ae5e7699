"""Records of the gold pages: the figures that extraction must reach, by the gold's own scorer."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ingest.extract import Rules, extract
from ingest.records import as_json

SHARED = Path(__file__).resolve().parents[4] / "shared"
SCORER = SHARED / "corpus" / "score.py"
SETS = {
    "dev": (SHARED / "corpus" / "dev" / "pages", SHARED / "corpus" / "dev" / "gold"),
    "seeds": (SHARED / "seeds", SHARED / "gold" / "seeds"),
}
pytestmark = pytest.mark.skipif(
    not SCORER.is_file(), reason=f"{SHARED} is not here: the gold pages stay outside the project"
)


@cache
def scores(name: str) -> dict[str, Any]:
    """score.py's result for a set; its faults without those on indicators and facts."""
    spec = importlib.util.spec_from_file_location("score", SCORER)
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    pages, gold = SETS[name]
    rules = Rules.load()
    _, golds = score.load("/dev/null", str(gold))
    records = {
        page.stem: as_json(extract(page.read_bytes(), name=page.name, rules=rules))
        for page in sorted(pages.iterdir())
        if page.stem in golds
    }
    result: dict[str, Any] = score.score(records, golds)
    assert result["pages"] == len(golds) > 0
    return result


@pytest.fixture(params=SETS)
def result(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    yield scores(request.param)


def faults(result: dict[str, Any]) -> list[str]:
    other = ("indicator", "look-alike")
    return [f"{page}: {fault}" for page, fault in result["_bad"] if not fault.startswith(other)]


def test_no_page_has_a_fault(result: dict[str, Any]) -> None:
    assert faults(result) == []


def test_bodies_are_whole_and_hold_nothing_else(result: dict[str, Any]) -> None:
    body = result["body"]
    assert body["F1"] >= 0.9995
    assert body["share_995"] == 1
    assert body["paragraph_F1"] >= 0.995
    assert body["residue_rate"] == 0
    assert body["edge_rate"] == 0
    assert body["lost_paragraphs"] == 0


def test_each_field_is_right_and_none_is_invented(result: dict[str, Any]) -> None:
    wrong = {name: f for name, f in result["fields"].items() if f["n"] and f["acc"] < 0.98}
    assert wrong == {}
    assert result["fields_all"]["false_fill_rate"] <= 0.005


def test_sections_roles_and_offsets_are_right(result: dict[str, Any]) -> None:
    sections = result["sections"]
    assert min(sections["P"], sections["R"], sections["role_acc"]) >= 0.98
    assert min(sections["start_ok"], sections["end_ok"]) >= 0.98


def test_verdicts_are_right(result: dict[str, Any]) -> None:
    assert result["verdict"]["accepted"] >= 0.99
