"""Scores records against gold: indicators by code, look-alikes, facts. Pure.

An indicator is right when code and value are; a fact when value and unit are and it stands where
gold says, or one's evidence holds the other's. Each prediction is matched once. Places are compared
in characters that are not white, so that spacing of a body does not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.likeness import Item, folded, in_sentence, matched, overlap, place, same
from ingest.records import Record, as_json

NEAR = 3
"""Characters by which the places of a fact may differ: a particle more or less."""


@dataclass(slots=True)
class Tally:
    """How many there are in gold, how many were found, how many of these are right."""

    gold: int = 0
    pred: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.pred)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.gold)

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that is wrong: ``missed`` or ``not in gold``, or a ``look-alike taken``."""

    document: str
    what: str
    name: str
    """Code of an indicator, unit of a fact."""
    value: float | None
    evidence: str
    context: str
    """The sentence, with the evidence in 【】."""
    why: str | None = None
    """Of a look-alike."""


@dataclass(slots=True)
class Score:
    """The sum over all documents; ``fact_documents`` counts those whose facts were labelled."""

    documents: int = 0
    indicators: Tally = field(default_factory=Tally)
    by_code: dict[str, Tally] = field(default_factory=dict)
    attributes: Counter[str] = field(default_factory=Counter)
    """Of the right indicators, how many have the right unit, qualifier, period."""
    look_alikes: int = 0
    look_alikes_taken: int = 0
    fact_documents: int = 0
    facts: Tally = field(default_factory=Tally)
    misses: list[Miss] = field(default_factory=list)


def score(documents: Iterable[tuple[str, Item, Record]]) -> Score:
    """Of named documents, each with its gold and the record of the present rules.

    Documents that gold takes for something else than a report have no figures and do not count.
    """
    total = Score()
    for name, gold, record in documents:
        if gold.get("verdict") == "report":
            _Document(name, gold, as_json(record), total).score()
    return total


class _Document:
    """One document's share of the score."""

    def __init__(self, name: str, gold: Item, record: Item, total: Score) -> None:
        self._name = name
        self._gold = gold
        self._record = record
        self._total = total
        self._gold_body = str(gold.get("body") or "")
        self._body = str(record.get("body") or "")

    def score(self) -> None:
        self._total.documents += 1
        found, wanted = self._record["indicators"], self._gold.get("indicators") or []
        right = self._indicators(found, wanted)
        self._look_alikes([item for n, item in enumerate(found) if n not in right])
        if self._gold.get("facts") is not None:
            self._facts(self._record["facts"], self._gold["facts"])

    def _indicators(self, found: Sequence[Item], wanted: Sequence[Item]) -> set[int]:
        total = self._total
        pairs = matched(
            found, wanted, lambda p, g: p["code"] == g["code"] and same(p["value"], g["value"])
        )
        for item in found:
            total.by_code.setdefault(item["code"], Tally()).pred += 1
        for item in wanted:
            total.by_code.setdefault(item["code"], Tally()).gold += 1
        for number, other in pairs.items():
            total.by_code[wanted[number]["code"]].right += 1
            total.attributes.update(_agreeing(found[other], wanted[number]))
        return self._count(total.indicators, "indicator", found, wanted, pairs)

    def _facts(self, found: Sequence[Item], wanted: Sequence[Item]) -> None:
        self._total.fact_documents += 1
        pairs = matched(found, wanted, self._same_fact)
        self._count(self._total.facts, "fact", found, wanted, pairs)

    def _count(
        self,
        tally: Tally,
        kind: str,
        found: Sequence[Item],
        wanted: Sequence[Item],
        pairs: Mapping[int, int],
    ) -> set[int]:
        right = set(pairs.values())
        tally.gold += len(wanted)
        tally.pred += len(found)
        tally.right += len(pairs)
        for number, item in enumerate(wanted):
            if number not in pairs:
                self._miss(f"{kind} missed", item, self._gold_body)
        for number, item in enumerate(found):
            if number not in right:
                self._miss(f"{kind} not in gold", item, self._body)
        return right

    def _look_alikes(self, wrong: Sequence[Item]) -> None:
        for item in self._gold.get("look_alikes") or []:
            self._total.look_alikes += 1
            labelled = place(self._gold_body, item)
            taker = next((w for w in wrong if overlap(place(self._body, w), labelled)), None)
            if taker is not None:
                self._total.look_alikes_taken += 1
                self._miss("look-alike taken", taker, self._body, why=item.get("why"))

    def _same_fact(self, found: Item, wanted: Item) -> bool:
        if not same(abs(found["value"]), abs(wanted["value"])):
            return False
        if folded(found["unit"]) == folded(wanted["unit"]):
            stands = place(self._body, found)
            return stands is None or overlap(stands, place(self._gold_body, wanted), NEAR)
        one, other = folded(found["evidence"]), folded(wanted["evidence"])
        return bool(one) and (one in other or other in one)

    def _miss(self, what: str, item: Item, body: str, why: str | None = None) -> None:
        self._total.misses.append(
            Miss(
                document=self._name,
                what=what,
                name=str(item.get("code") or item.get("unit") or ""),
                value=item.get("value"),
                evidence=str(item["evidence"]),
                context=in_sentence(body, item.get("start"), item.get("end")),
                why=why,
            )
        )


def _agreeing(found: Item, wanted: Item) -> Iterable[str]:
    if folded(found.get("unit")) == folded(wanted.get("unit")):
        yield "unit"
    if (found.get("qualifier") or None) == (wanted.get("qualifier") or None):
        yield "qualifier"
    if (found.get("period") or "this_year") == (wanted.get("period") or "this_year"):
        yield "period"
