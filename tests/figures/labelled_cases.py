"""Scores figures against labelled cases: an indicator is right with the same code and value."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.extract import extract
from ingest.records import Record

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/gold.json"))


@dataclass
class Score:
    """Counts over cases; ``faults`` say what is missing or too much, ``look_alikes`` how many of
    the ``traps`` were walked into."""

    right: int = 0
    found: int = 0
    gold: int = 0
    periods: int = 0
    units: int = 0
    qualifiers: int = 0
    look_alikes: int = 0
    traps: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found."""
        return self.right / self.gold if self.gold else 1.0


def read_case(case: Path) -> tuple[Record, dict[str, Any]]:
    """The record of a case and its gold."""
    record = extract((case / "report.txt").read_bytes(), name=case.name)
    return record, json.loads((case / "gold.json").read_text(encoding="utf-8"))


def score_indicators(cases: Iterable[Path]) -> Score:
    """The indicators of all cases together."""
    score = Score()
    for case in cases:
        record, gold = read_case(case)
        left = list(record.indicators)
        score.found += len(left)
        score.gold += len(gold["indicators"])
        for item in gold["indicators"]:
            same = [x for x in left if x.code == item["code"] and _same(x.value, item["value"])]
            if not same:
                score.faults.append(f"{case.name}: missed {item['code']} {item['evidence']}")
                continue
            own = min(same, key=lambda x: abs(x.end - item["end"]))
            left.remove(own)
            score.right += 1
            score.periods += own.period == item["period"]
            score.units += own.unit == item["unit"]
            score.qualifiers += own.qualifier == item["qualifier"]
        for x in left:
            score.faults.append(f"{case.name}: {x.rule} took {x.code} {x.evidence}")
        score.traps += len(gold["look_alikes"])
        for trap in gold["look_alikes"]:
            score.look_alikes += any(x.start < trap["end"] and trap["start"] < x.end for x in left)
    return score


def score_facts(cases: Iterable[Path]) -> Score:
    """The facts of the cases where they are labelled."""
    score = Score()
    for case in cases:
        record, gold = read_case(case)
        if gold["facts"] is None:
            continue
        left = list(record.facts)
        score.found += len(left)
        score.gold += len(gold["facts"])
        for item in gold["facts"]:
            same = [
                x
                for x in left
                if _same(abs(x.value), abs(item["value"])) and x.unit == item["unit"]
            ]
            if same:
                left.remove(same[0])
                score.right += 1
            else:
                score.faults.append(f"{case.name}: missed {item['evidence']}")
        score.faults += [f"{case.name}: took {x.evidence}" for x in left]
    return score


def _same(first: float, second: float) -> bool:
    return abs(first - second) <= 1e-6 * max(1, abs(second))
