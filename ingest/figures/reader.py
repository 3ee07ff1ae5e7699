"""From a body to its facts and indicators: the whole way, for one report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from crawler.seeds import SEEDS
from ingest.figures.facts import facts
from ingest.figures.indicator_rules import IndicatorRules, load_indicator_rules
from ingest.figures.indicators import Matcher
from ingest.figures.mentions import mentions
from ingest.figures.number_rules import NumberRules, load_number_rules
from ingest.figures.numbers import NumberReader
from ingest.figures.plausibility import checked
from ingest.records import Fact, Indicator, Section


@dataclass(frozen=True, slots=True)
class Figures:
    """What the numbers of a report say, in order."""

    indicators: tuple[Indicator, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class FigureReader:
    """Reads figures by the rules of one kind; the rules are loaded at the first body."""

    kind: str
    seeds: Path = SEEDS

    @cached_property
    def _numbers(self) -> NumberRules:
        return load_number_rules(self.seeds)

    @cached_property
    def _indicators(self) -> IndicatorRules:
        return load_indicator_rules(self.kind, self.seeds)

    @cached_property
    def _reader(self) -> NumberReader:
        return NumberReader(self._numbers)

    @cached_property
    def _measures(self) -> frozenset[str]:
        return self._numbers.of_class("time") | {"倍"}

    def read(
        self, body: str, sections: tuple[Section, ...] = (), year: int | None = None
    ) -> Figures:
        """The figures of a body. ``year`` is the year reported on, if known."""
        numbers = self._reader.read(body)
        found = mentions(body, numbers, self._measures)
        matcher = Matcher(self._indicators, dict(self._numbers.classes), body, year, sections)
        indicators = checked(body, matcher.find(found), found)
        return Figures(tuple(indicators), tuple(facts(body, found, sections)))
