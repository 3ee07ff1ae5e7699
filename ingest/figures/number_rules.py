"""Reads seeds/rules/numbers.toml: units, qualifiers, and numbers that count nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crawler.errors import SeedError
from crawler.seeds import SEEDS
from ingest.rules import read_toml

BEFORE, AFTER = 12, 24
"""Characters around a number that a rule for numbers that count nothing may look at."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A rule of numbers that count nothing; what is None is not asked."""

    id: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    unit: re.Pattern[str] | None
    numeral: bool | None
    value: float | None
    least: float | None
    matches: tuple[str, ...]
    spares: tuple[str, ...]

    def concerns(self, unit: str, han: bool) -> bool:
        """Whether numbers of this unit, in Chinese numerals or not, are asked about at all."""
        if self.numeral is not None and self.numeral is not han:
            return False
        return self.unit is None or bool(self.unit.fullmatch(unit))

    def holds(self, text: str, start: int, end: int, value: float) -> bool:
        """``start`` and ``end`` are the span of number and unit in the text."""
        if self.value is not None and value != self.value:
            return False
        if self.least is not None and value < self.least:
            return False
        if self.before is not None and not self.before.search(text[max(0, start - BEFORE) : start]):
            return False
        return self.after is None or bool(self.after.match(text[end : end + AFTER]))


@dataclass(frozen=True, slots=True)
class NumberRules:
    """How numbers are printed."""

    classes: Mapping[str, frozenset[str]]
    """By unit, the classes that it stands in."""
    units: str
    """A pattern for any unit, the longest first."""
    numeral_units: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    inner: str
    nothing: tuple[Nothing, ...]

    def of_class(self, name: str) -> frozenset[str]:
        """The units of a class."""
        return frozenset(unit for unit, names in self.classes.items() if name in names)


@cache
def load_number_rules(seeds: Path = SEEDS) -> NumberRules:
    """The rules of numbers.toml; SeedError if the file breaks its form."""
    path = seeds / "rules" / "numbers.toml"
    data = read_toml(path)
    try:
        return _number_rules(data)
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise SeedError(f"{path}: {error!r}; correct the file") from None


def _number_rules(data: dict[str, Any]) -> NumberRules:
    classes: defaultdict[str, set[str]] = defaultdict(set)
    for name, units in data["units"].items():
        for unit in units:
            classes[unit].add(name)
    guards = data["guards"]
    return NumberRules(
        classes={unit: frozenset(names) for unit, names in classes.items()},
        units=_alternatives(classes, guards),
        numeral_units=_alternatives(data["numeral"]["units"], guards),
        before=_longest_first(data["qualifiers"]["before"]),
        after=_longest_first(data["qualifiers"]["after"]),
        inner="".join(data["qualifiers"]["inner"]),
        nothing=tuple(_nothing(entry) for entry in data["nothing"]),
    )


def _nothing(entry: dict[str, Any]) -> Nothing:
    return Nothing(
        id=entry["id"],
        before=_pattern(entry, "before"),
        after=_pattern(entry, "after"),
        unit=_pattern(entry, "unit"),
        numeral=entry.get("numeral"),
        value=entry.get("value"),
        least=entry.get("least"),
        matches=tuple(entry["matches"]),
        spares=tuple(entry["spares"]),
    )


def _pattern(entry: dict[str, Any], key: str) -> re.Pattern[str] | None:
    return re.compile(entry[key]) if key in entry else None


def _longest_first(words: Any) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _alternatives(units: Any, guards: Mapping[str, str]) -> str:
    """A pattern for the units; a guarded one is none where it is the beginning of a word."""
    parts = (
        re.escape(unit) + (f"(?!{guards[unit]})" if unit in guards else "")
        for unit in _longest_first(units)
    )
    return "|".join(parts)
