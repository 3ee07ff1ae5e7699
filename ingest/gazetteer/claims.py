"""What place an issuer's name or a title claims to speak for, before any doubt is settled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.gazetteer.evidence import CentralBodies, Hint
from ingest.gazetteer.names import ZONE_SUFFIX, stem
from ingest.gazetteer.places import Places
from ingest.gazetteer.scanner import township_at
from ingest.gazetteer.table import Division

NATIONAL = "000000"
# A stem such as 北京 stands for the place only in short texts: prose is full of 北京冬奥会.
_SHORT_TEXT = 200
# After a stem at the start of a title: what makes it the place reported on.
_AFTER_STEM = re.compile(r"\s*(?:\d{4}|二〇|法治|推进|关于)")
# A part of the place that no table knows: the report is not its parent's.
_UNKNOWN_PART = re.compile(
    r"[^\W\d_局委厅院办部关年的及和与推建加对在省市县区旗]{1,6}[县市旗]"
    r"(?=人民政府|政府|委员会|关于|法治|依法|推进|\W|\d|二〇|$)"
)
_OPENING = re.compile(r"\s*(?:中共)?")


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a document. ``texts`` are (label, text), the most trusted first."""

    texts: tuple[tuple[str, str], ...]
    context: tuple[str, ...]
    hints: tuple[Hint, ...]
    year: int | None

    def labelled(self) -> Iterator[tuple[str, str]]:
        """Issuer and title, then the context."""
        yield from self.texts
        yield from (("context", text) for text in self.context)


@dataclass(frozen=True, slots=True)
class Claim:
    """A place as far as its name tells; ``final`` when no more evidence may be weighed."""

    source: str
    text: str
    candidates: tuple[Division, ...]
    reasons: tuple[str, ...] = ()
    final: bool = False

    def narrowed(self, to: Iterable[Division], reason: str) -> Claim:
        """This claim with fewer candidates, or itself when none or all would be left."""
        kept = tuple(to)
        if not kept or len(kept) == len(self.candidates):
            return self
        return Claim(self.source, self.text, kept, (*self.reasons, reason), self.final)


class ClaimReader:
    """Reads claims off texts by the table's names."""

    def __init__(self, places: Places, central: CentralBodies) -> None:
        self._places, self._central = places, central

    def read(self, source: str, text: str, evidence: Evidence) -> Claim | None:
        """The claim of one text, or None when it names no place at all."""
        return (
            self._named(source, text, evidence.year)
            or self._bare_zone(source, text, evidence)
            or self._bare_township(source, text, evidence)
        )

    def _named(self, source: str, text: str, year: int | None) -> Claim | None:
        """The first place named; for a central body's local office its place, else the centre."""
        central = self._central.at_start(text)
        start = central.end() if central else _end(_OPENING, text)
        mentions = self._places.scan(text, year=year)
        if mentions and (central is None or mentions[0].start == start):
            unknown = _UNKNOWN_PART.match(text, mentions[0].end)
            if unknown:
                return Claim(source, text[mentions[0].start : unknown.end()], (), final=True)
            return Claim(source, mentions[0].text, mentions[0].divisions)
        office = self._places.stem_at(text, start, year=year)
        if office is not None and (source == "issuer" or _AFTER_STEM.match(text, office.end)):
            outer = self._outermost(office.divisions)
            # A county's stem is too often a common word (公安, 平安) to count by itself.
            if central or all(d.level in ("province", "prefecture") for d in outer):
                return Claim(source, office.text, outer)
        nation = self._places.by_adcode(NATIONAL) if central else None
        return Claim(source, central["name"], (nation,)) if central and nation else None

    def _bare_zone(self, source: str, text: str, evidence: Evidence) -> Claim | None:
        """高新区管委会: the listed zone whose very parent is named, or owns the site."""
        suffix = ZONE_SUFFIX.match(text, _end(_OPENING, text))
        zones = self._places.zones_like(suffix["suffix"]) if suffix else ()
        if suffix is None or not zones:
            return None
        for label, other in evidence.labelled():
            named = tuple(zone for zone in zones if is_named(zone.path[-2], other))
            if len(named) == 1:
                return Claim(source, suffix[0], named, (f"its parent is in the {label}",), True)
        for hint in evidence.hints:
            owned = tuple(zone for zone in zones if zone.adcode == hint.prefix)
            if len(owned) == 1:
                return Claim(source, suffix[0], owned, (hint.source,), True)
        return Claim(source, suffix[0], zones, final=True)

    def _bare_township(self, source: str, text: str, evidence: Evidence) -> Claim | None:
        """X镇 without its county: in the one county the context names, or that owns the site."""
        match = township_at(text, _end(_OPENING, text))
        if match is None:
            return None
        parents = {
            divisions[0]
            for divisions in self.in_context(evidence)
            if len(divisions) == 1 and divisions[0].level == "county"
        }
        owners = ((self._places.by_adcode(hint.prefix), hint.source) for hint in evidence.hints)
        choices: Sequence[tuple[Division | None, str]] = (
            *((parent, "the only county in the context") for parent in parents),
            *(owners if not parents else ()),
        )
        for parent, reason in choices if len(parents) <= 1 else ():
            town = self._places.township_in(parent, match["name"]) if parent else None
            if town is not None:
                return Claim(source, match[0], (town,), (reason,), True)
        return Claim(source, match[0], (), final=True)

    def in_context(self, evidence: Evidence) -> Iterator[tuple[Division, ...]]:
        """What each mention in the context may mean."""
        for text in evidence.context:
            for mention in self._places.scan(text, year=evidence.year):
                yield mention.divisions

    def _outermost(self, divisions: tuple[Division, ...]) -> tuple[Division, ...]:
        within = self._places.within
        return tuple(d for d in divisions if not any(within(d, other) for other in divisions))


def is_named(name: str, text: str) -> bool:
    """Whether a division's name, or in a short text its stem, stands in the text."""
    if name in text:
        return True
    bare = stem(name) if len(text) <= _SHORT_TEXT else None
    return bare is not None and bare in text


def _end(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0
