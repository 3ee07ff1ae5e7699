"""Which division a document is of: the issuer's or title's place, ambiguity settled by evidence.

The order of trust is issuer, title, names in the context, site code, ICP number, host. The site's
evidence never names the place by itself: reports are published on other bodies' sites too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.gazetteer.evidence import CentralBodies, Hint
from ingest.gazetteer.names import ZONE_SUFFIX, stem
from ingest.gazetteer.places import Places
from ingest.gazetteer.scanner import township_at
from ingest.gazetteer.table import Division
from ingest.records import Region

NATIONAL = "000000"
# A stem such as 北京 may stand for the place only in short texts: prose is full of 北京冬奥会.
_SHORT_TEXT = 200
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=\s*年)")
# After a place without suffix at the start of a title: what makes it the place reported on.
_AFTER_STEM = re.compile(r"\s*(?:\d{4}|二〇|法治|推进|关于)")
_OPENING = re.compile(r"\s*(?:中共)?")


@dataclass(frozen=True, slots=True)
class Resolution:
    """``region`` or None, one line why, and the divisions that were considered."""

    region: Region | None
    why: str
    candidates: tuple[Division, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known beside the place's own name. ``texts`` are (label, text) by trust."""

    texts: tuple[tuple[str, str], ...]
    context: tuple[str, ...]
    hints: tuple[Hint, ...]
    year: int | None


@dataclass(frozen=True, slots=True)
class Claim:
    """The place a text speaks for, as far as its name tells."""

    source: str
    text: str
    candidates: tuple[Division, ...]
    reasons: tuple[str, ...] = field(default=())

    def narrowed(self, to: Iterable[Division], reason: str) -> Claim:
        """This claim with fewer candidates, or itself when none or all would be left."""
        kept = tuple(to)
        if not kept or len(kept) == len(self.candidates):
            return self
        return Claim(self.source, self.text, kept, (*self.reasons, reason))


def report_year(title: str | None) -> int | None:
    """The first year a title speaks of."""
    match = _YEAR.search(title or "")
    return int(match[0]) if match else None


class Resolver:
    """Weighs evidence against the table."""

    def __init__(self, places: Places, central: CentralBodies) -> None:
        self._places, self._central = places, central

    def resolve(self, evidence: Evidence) -> Resolution:
        """The region of a document, or None where the evidence leaves more than one or none."""
        readers: Sequence[Callable[[str, str, Evidence], Claim | None]] = (
            self._named,
            self._bare_zone,
            self._bare_township,
        )
        for source, text in evidence.texts:
            for read in readers:
                claim = read(source, text, evidence)
                if claim is not None:
                    return self._settle(claim, evidence)
        return self._agreement(evidence)

    def _named(self, source: str, text: str, evidence: Evidence) -> Claim | None:
        """The first place named; for a central body's local office the place, else the centre."""
        central = self._central.at_start(text)
        mentions = self._places.scan(text, year=evidence.year)
        if mentions:
            return Claim(source, mentions[0].text, mentions[0].divisions)
        office = self._office(source, text, central, evidence)
        if office is not None or central is None:
            return office
        nation = self._places.by_adcode(NATIONAL)
        return Claim(source, central["name"], (nation,) if nation else ())

    def _office(
        self, source: str, text: str, central: re.Match[str] | None, evidence: Evidence
    ) -> Claim | None:
        """A place without suffix at the start: 上海海关, 国家统计局常州调查队, 安康2023年度...

        A county's stem is too often a common word (公安, 平安) to count without a central body.
        """
        start = central.end() if central else _end(_OPENING, text)
        found = self._places.stem_at(text, start, year=evidence.year)
        if found is None or (source != "issuer" and not _AFTER_STEM.match(text, found.end)):
            return None
        outer = _outermost(found.divisions, self._places)
        if central is None and any(d.level not in ("province", "prefecture") for d in outer):
            return None
        return Claim(source, found.text, outer)

    def _bare_zone(self, source: str, text: str, _: Evidence) -> Claim | None:
        """高新区管委会: the zone of that kind whose parent the other evidence names."""
        suffix = ZONE_SUFFIX.match(text, _end(_OPENING, text))
        if suffix is None:
            return None
        listed = self._places.zones_like(suffix["suffix"])
        return Claim(source, suffix[0], listed) if listed else None

    def _bare_township(self, source: str, text: str, evidence: Evidence) -> Claim | None:
        """X镇 without its county: the one county the context names, else the site's own."""
        match = township_at(text, _end(_OPENING, text))
        if match is None:
            return None
        parents = {
            division
            for mention in self._context_mentions(evidence)
            if len(mention) == 1
            for division in mention
            if division.level == "county"
        }
        reason = "the only county in the context"
        if len(parents) != 1:
            parents, reason = set(), ""
            for hint in evidence.hints:
                owner = self._places.by_adcode(hint.prefix)
                if owner is not None and not parents:
                    parents, reason = {owner}, hint.source
        found = [self._places.township_of(parent, match["name"]) for parent in parents]
        townships = tuple(township for township in found if township is not None)
        return Claim(source, match[0], townships, (reason,) if reason else ())

    def _settle(self, claim: Claim, evidence: Evidence) -> Resolution:
        texts = [*evidence.texts, *(("context", text) for text in evidence.context)]
        for label, text in texts:
            if len(claim.candidates) > 1:
                named = (c for c in claim.candidates if self._parent_named(c, text))
                claim = claim.narrowed(named, f"its parent is in the {label}")
        for hint in evidence.hints:
            if len(claim.candidates) > 1:
                claim = claim.narrowed(self._matching(claim.candidates, hint), hint.source)
        if len(claim.candidates) == 1:
            return Resolution(_region(claim.candidates[0]), self._why(claim), claim.candidates)
        count = len(claim.candidates)
        trouble = f"may be {count} places" if count else "is below no known county"
        why = f"{claim.source}: {claim.text} {trouble}, and nothing decides"
        return Resolution(None, why, claim.candidates)

    def _parent_named(self, candidate: Division, text: str) -> bool:
        for name in candidate.path[:-1]:
            short = stem(name)
            if name in text or (short and short in text and len(text) <= _SHORT_TEXT):
                return True
        return False

    @staticmethod
    def _matching(candidates: Sequence[Division], hint: Hint) -> tuple[Division, ...]:
        """Candidates that share the most digits with the hint, of six, four and two."""
        for digits in (6, 4, 2):
            prefix = hint.prefix[:digits]
            found = tuple(c for c in candidates if c.adcode.startswith(prefix))
            if len(prefix) == digits and found:
                return found
        return ()

    def _context_mentions(self, evidence: Evidence) -> Iterator[tuple[Division, ...]]:
        for text in evidence.context:
            for mention in self._places.scan(text, year=evidence.year):
                yield mention.divisions

    def _agreement(self, evidence: Evidence) -> Resolution:
        """No name in issuer or title: only a place that context and site code both give."""
        mentioned = {d for divisions in self._context_mentions(evidence) for d in divisions}
        for hint in evidence.hints:
            agreed = [d for d in mentioned if d.adcode == hint.prefix and d.level != "township"]
            if len(agreed) == 1:
                why = f"context: {agreed[0].name}; {hint.source}"
                return Resolution(_region(agreed[0]), why, tuple(agreed))
        candidates = tuple(sorted(mentioned, key=lambda d: (d.adcode, d.name)))
        return Resolution(None, "neither issuer nor title names a place", candidates)

    def _why(self, claim: Claim) -> str:
        division = claim.candidates[0]
        parts = [f"{claim.source}: {claim.text}", *claim.reasons]
        if division.zone and not self._places.is_listed(division):
            parts.append("zone not in zones.csv, named by its parent")
        if division.level == "township":
            parts.append("township, with its county's code")
        if division.valid_to is not None:
            heir = self._places.successor_of(division)
            parts.append(f"until {division.valid_to}" + (f", now {heir.name}" if heir else ""))
        return "; ".join(parts)


def _outermost(divisions: tuple[Division, ...], places: Places) -> tuple[Division, ...]:
    return tuple(d for d in divisions if not any(places.within(d, other) for other in divisions))


def _region(division: Division) -> Region:
    return Region(division.adcode, division.name, division.path, division.level, division.zone)


def _end(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0
