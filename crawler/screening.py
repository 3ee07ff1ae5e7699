"""Screening: what a title says its page is, and the rule that said so.

A kind of yearly report is a folder below seeds/kinds; its ``titles.toml`` holds the rules. They are
written for titles in one normal form (see ``normal``), and tried in the order of the file: near
misses first, because a near miss quotes the title of a report more often than the other way round.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from crawler.errors import SeedError
from crawler.seeds import SEEDS

TITLES = "titles.toml"
Kind = Literal["report", "near_miss", "unknown"]
_SPACE_OR_QUOTE = re.compile(r"[\s“”‘’\"']+")
_CUT = re.compile(r"(\.{2,}|…+|⋯+|。{3,})$")


@dataclass(frozen=True, slots=True)
class TitleRule:
    """One rule: a pattern with its reason, one title it must match and one it must not."""

    id: str
    reason: str
    pattern: re.Pattern[str]
    match: str
    no_match: str
    weight: int = 1
    """How strongly a column rule speaks for a link; 1 for rules on titles."""


@dataclass(frozen=True, slots=True)
class TitleVerdict:
    """What a title says. ``rule`` is the id of the rule that decided, or "none"."""

    kind: Kind
    rule: str

    @property
    def names_document(self) -> bool:
        """Whether any rule knew it: a report's, a near miss's, or one that may be a report's."""
        return self.rule != "none"


@dataclass(frozen=True, slots=True)
class EntryVerdict:
    """Whether a listing entry is worth fetching, and the rule that said so."""

    fetch: bool
    rule: str


@dataclass(frozen=True, slots=True, eq=False)
class TitleRules:
    """The title rules of one kind of yearly report. There is one object a file: what it said is
    remembered by it."""

    kind: str
    near_misses: tuple[TitleRule, ...]
    reports: tuple[TitleRule, ...]
    candidates: tuple[TitleRule, ...]
    fragments: tuple[TitleRule, ...]
    columns: tuple[TitleRule, ...]
    slugs: tuple[TitleRule, ...]
    dead_ends: tuple[TitleRule, ...] = ()
    search: tuple[str, ...] = ()
    """Words that a site's own search is asked for."""

    @classmethod
    def load(cls, seeds: Path = SEEDS, kind: str | None = None) -> TitleRules:
        """The rules of a kind; it need not be named while there is only one."""
        kinds = load_kinds(seeds)
        if kind is None and len(kinds) == 1:
            return next(iter(kinds.values()))
        if kind is None or kind not in kinds:
            raise SeedError(f"{seeds / 'kinds'}: name one of {', '.join(kinds)}, not {kind}")
        return kinds[kind]

    def judge(self, title: str) -> TitleVerdict:
        """Verdict on a complete title."""
        text = normal(title)
        if rule := _first(self.near_misses, text):
            return TitleVerdict("near_miss", rule.id)
        if rule := _first(self.reports, text):
            return TitleVerdict("report", rule.id)
        rule = _first(self.candidates, text)
        return TitleVerdict("unknown", rule.id if rule else "none")

    def screen_entry(self, text: str) -> EntryVerdict:
        """Is a listing entry worth fetching, given its text, which may be cut short?

        A text that says neither is fetched when its page may be a report all the same, and a cut
        one (it ends in an ellipsis) when it could still become a report's title: the page itself
        then says what it is.
        """
        verdict = self.judge(text)
        if verdict.kind != "unknown":
            return EntryVerdict(verdict.kind == "report", verdict.rule)
        if not is_cut(text):
            return EntryVerdict(verdict.names_document, verdict.rule)
        rule = _first(self.fragments, _CUT.sub("", normal(text)))
        return EntryVerdict(True, rule.id) if rule else EntryVerdict(False, verdict.rule)

    def score_column(self, text: str, slug: str) -> int:
        """How strongly a link's text and the last part of its path promise the right column."""
        return max(_weight_of_name(self, text), _weight(self.slugs, slug.lower()))

    def is_dead_end(self, text: str) -> bool:
        """True for the name of a place where no report is to be expected."""
        return _is_dead_end(self, text)


def normal(title: str) -> str:
    """Compatibility forms folded (full-width digits, brackets); no white space, no quotes."""
    return _SPACE_OR_QUOTE.sub("", unicodedata.normalize("NFKC", title))


def is_cut(text: str) -> bool:
    """True if a title ends in an ellipsis, as listings write it when they cut one short."""
    return _CUT.search(normal(text)) is not None


def load_kinds(seeds: Path = SEEDS) -> Mapping[str, TitleRules]:
    """The title rules of every kind: the folders of seeds/kinds that have a titles.toml."""
    files = sorted((seeds / "kinds").glob(f"*/{TITLES}"))
    if not files:
        raise SeedError(f"no kind of report in {seeds / 'kinds'}: restore the seeds")
    return {path.parent.name: _read(path, path.stat().st_mtime_ns) for path in files}


@lru_cache(maxsize=32)
def _read(path: Path, _as_of: int) -> TitleRules:
    """The rules of a file. Every crawl asks for them, and reading takes as long as three pages."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SeedError(f"{path}: cannot be read as TOML: {error}") from error
    groups = ("near_miss", "report", "candidate", "fragment", "column", "slug", "dead_end")
    search = data.pop("search", [])
    if not isinstance(search, list) or not all(isinstance(words, str) for words in search):
        raise SeedError(f"{path}: search must be a list of words")
    if unknown := set(data) - set(groups):
        raise SeedError(f"{path}: unknown table {', '.join(sorted(unknown))}")
    seen: set[str] = set()
    rules = {name: tuple(_rule(path, seen, row) for row in data.get(name, ())) for name in groups}
    return TitleRules(
        kind=path.parent.name,
        near_misses=rules["near_miss"],
        reports=rules["report"],
        candidates=rules["candidate"],
        fragments=rules["fragment"],
        columns=rules["column"],
        slugs=rules["slug"],
        dead_ends=rules["dead_end"],
        search=tuple(search),
    )


def _rule(path: Path, seen: set[str], row: Mapping[str, object]) -> TitleRule:
    name = str(row.get("id", "?"))
    if name in seen:
        raise SeedError(f"{path}: rule {name!r} is there twice")
    seen.add(name)
    try:
        texts = {key: row[key] for key in ("id", "reason", "pattern", "match", "no_match")}
        weight = row.get("weight", 1)
        if not all(isinstance(text, str) and text for text in texts.values()):
            raise ValueError("id, reason, pattern, match and no_match must be non-empty strings")
        if not isinstance(weight, int) or len(row) != len(texts) + ("weight" in row):
            raise ValueError("only a whole-number weight may be there beside them")
        return TitleRule(
            id=name,
            reason=str(texts["reason"]),
            pattern=re.compile(str(texts["pattern"])),
            match=str(texts["match"]),
            no_match=str(texts["no_match"]),
            weight=weight,
        )
    except (KeyError, ValueError, re.error) as error:
        raise SeedError(f"{path}: rule {name!r}: {error}") from error


def _first(rules: Iterable[TitleRule], text: str) -> TitleRule | None:
    return next((rule for rule in rules if rule.pattern.search(text)), None)


def _weight(rules: Iterable[TitleRule], text: str) -> int:
    return max((rule.weight for rule in rules if rule.pattern.search(text)), default=0)


@lru_cache(maxsize=8192)  # portals call their columns by the same names
def _weight_of_name(rules: TitleRules, text: str) -> int:
    return _weight(rules.columns, normal(text))


@lru_cache(maxsize=8192)
def _is_dead_end(rules: TitleRules, text: str) -> bool:
    return _first(rules.dead_ends, normal(text)) is not None
