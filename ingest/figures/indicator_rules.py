"""Reads seeds/kinds/<kind>/indicators/*.toml: the words, and the rules that name an indicator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from crawler.errors import SeedError
from crawler.seeds import SEEDS
from ingest.figures.words import Lexicon, Word
from ingest.rules import read_toml

BARE = "bare"
"""The unit class of a number that is printed without a unit."""
REMEMBERED = 1 << 14
"""Sets of classes and units whose rules are kept at hand."""
_REQUIRED = ("id", "code", "reason", "units", "key", "matches", "spares")
_KNOWN = frozenset(
    (*_REQUIRED, "topic", "with", "without", "around", "follows", "part", "stock", "shares",
     "priority", "subtypes", "least", "near", "not_around", "not_topic", "reach")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """One rule; the form is described at the head of words.toml. Groups hold alternatives."""

    id: str
    code: str
    units: frozenset[str]
    key: frozenset[str]
    topic: frozenset[str]
    not_topic: frozenset[str]
    with_: tuple[frozenset[str], ...]
    without: frozenset[str]
    around: tuple[frozenset[str], ...]
    not_around: frozenset[str]
    follows: frozenset[str]
    part: bool
    stock: bool
    shares: bool
    priority: int
    least: float
    near: int | None
    reach: str
    subtypes: tuple[tuple[str, str], ...]
    matches: tuple[str, ...]
    spares: tuple[str, ...]


@dataclass(frozen=True)
class IndicatorRules:
    """The words and rules of a kind."""

    lexicon: Lexicon
    rules: tuple[IndicatorRule, ...]

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], tuple[IndicatorRule, ...]]:
        by_key: defaultdict[tuple[str, str], list[IndicatorRule]] = defaultdict(list)
        for rule in self.rules:
            for key in rule.key:
                for unit in rule.units:
                    by_key[(key, unit)].append(rule)
        return {at: tuple(rules) for at, rules in by_key.items()}

    @cached_property
    def units(self) -> frozenset[str]:
        """The classes of units that any rule takes."""
        return frozenset(unit for rule in self.rules for unit in rule.units)

    @cached_property
    def _order(self) -> dict[str, int]:
        return {rule.id: place for place, rule in enumerate(self.rules)}

    @cached_property
    def _asked(self) -> dict[tuple[frozenset[str], frozenset[str]], tuple[IndicatorRule, ...]]:
        return {}

    def asked(self, classes: frozenset[str], units: frozenset[str]) -> tuple[IndicatorRule, ...]:
        """The rules keyed on one of the classes that take one of the classes of units, in the
        order of the files."""
        rules = self._asked.get((classes, units))  # texts repeat what they count
        if rules is None:
            rules = self._keyed(classes, units)
            if len(self._asked) < REMEMBERED:
                self._asked[(classes, units)] = rules
        return rules

    def _keyed(self, classes: frozenset[str], units: frozenset[str]) -> tuple[IndicatorRule, ...]:
        by_key = self._by_key
        found = {
            rule.id: rule
            for unit in units
            for name in classes
            for rule in by_key.get((name, unit), ())
        }
        return tuple(sorted(found.values(), key=lambda rule: self._order[rule.id]))


@cache
def load_indicator_rules(kind: str, seeds: Path = SEEDS) -> IndicatorRules:
    """The rules of a kind; SeedError naming file and rule if one breaks its form."""
    folder = seeds / "kinds" / kind / "indicators"
    words = _words(folder / "words.toml")
    classes = frozenset(name for word in words.values() for name in word.classes)
    topics = frozenset(word.topic for word in words.values() if word.topic)
    rules: list[IndicatorRule] = []
    for path in sorted(folder.glob("*.toml")):
        rules += [_rule(path, entry, classes, topics) for entry in read_toml(path).get("rule", [])]
    ids = [rule.id for rule in rules]
    for twice in {identity for identity in ids if ids.count(identity) > 1}:
        raise SeedError(f"{folder}: two rules have the id {twice!r}; rename one")
    return IndicatorRules(Lexicon(words), tuple(rules))


def _words(path: Path) -> dict[str, Word]:
    if not path.is_file():
        return {}
    data = read_toml(path)
    classes: defaultdict[str, set[str]] = defaultdict(set)
    topics: dict[str, str] = {}
    for name, words in data.get("classes", {}).items():
        for word in words:
            classes[word].add(name)
    for name, words in data.get("topics", {}).items():
        for word in words:
            if topics.setdefault(word, name) != name:
                raise SeedError(f"{path}: {word!r} brings up two topics; leave it in one")
            classes[word].add(name)
    for name, topic in data.get("implies", {}).items():
        for word in data["classes"][name]:
            if word not in topics:
                topics[word] = topic
                classes[word].add(topic)
    short = [word for word in classes if len(word) < 2]
    if short:
        raise SeedError(f"{path}: words of one character: {short}; make them longer")
    known = {text: Word(frozenset(names), topics.get(text)) for text, names in classes.items()}
    return _rates(known) | known


def _rates(words: Mapping[str, Word]) -> dict[str, Word]:
    """Other ways of writing a rate: “一网通办”率, 纠错比例, 出庭占比."""
    return {
        f"{text[:-1]}{ending}": word
        for text, word in words.items()
        if text.endswith("率") and len(text) > 2
        for ending in ("”率", '"率', "比例", "比率", "占比")
    }


def _rule(
    path: Path, entry: dict[str, Any], classes: frozenset[str], topics: frozenset[str]
) -> IndicatorRule:
    where = f"{path}: rule {entry.get('id', '(without id)')!r}"
    unknown = set(entry) - _KNOWN
    if unknown:
        raise SeedError(f"{where} has unknown keys {sorted(unknown)}; correct the spelling")
    for key in _REQUIRED:
        if not entry.get(key):
            raise SeedError(f"{where} has no {key}; every rule needs one")
    rule = IndicatorRule(
        id=entry["id"],
        code=entry["code"],
        units=frozenset(entry["units"]),
        key=frozenset(entry["key"]),
        topic=frozenset(entry.get("topic", ())),
        not_topic=frozenset(entry.get("not_topic", ())),
        with_=_groups(entry.get("with", ())),
        without=frozenset(entry.get("without", ())),
        around=_groups(entry.get("around", ())),
        not_around=frozenset(entry.get("not_around", ())),
        follows=frozenset(entry.get("follows", ())),
        part=bool(entry.get("part", True)),
        stock=bool(entry.get("stock", False)),
        shares=bool(entry.get("shares", False)),
        priority=int(entry.get("priority", 0)),
        least=float(entry.get("least", 0)),
        near=entry.get("near"),
        reach=entry.get("reach", "paragraph"),
        subtypes=tuple(entry.get("subtypes", {}).items()),
        matches=tuple(entry["matches"]),
        spares=tuple(entry["spares"]),
    )
    used = (
        rule.key
        | rule.without
        | rule.follows
        | rule.not_around
        | {name for name, _ in rule.subtypes}
    )
    used = used.union(*rule.with_, *rule.around)
    for missing in sorted((used - classes) | ((rule.topic | rule.not_topic) - topics)):
        raise SeedError(f"{where} names {missing!r}, which words.toml does not know")
    return rule


def _groups(groups: Iterable[str]) -> tuple[frozenset[str], ...]:
    """``a|b`` is one group of alternatives."""
    return tuple(frozenset(group.split("|")) for group in groups)
