"""Which division a document is of: the issuer's or title's place, doubt settled by evidence.

The order of trust is issuer, title, names in the context, site code, ICP number, host. The site's
evidence never names the place by itself: reports are published on other bodies' sites too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.gazetteer.claims import Claim, ClaimReader, Evidence, is_named
from ingest.gazetteer.evidence import CentralBodies, Hint
from ingest.gazetteer.places import Places
from ingest.gazetteer.table import Division
from ingest.records import Region

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=\s*年)")


@dataclass(frozen=True, slots=True)
class Resolution:
    """``region`` or None, one line why, and the divisions that were considered."""

    region: Region | None
    why: str
    candidates: tuple[Division, ...] = ()


def report_year(title: str | None) -> int | None:
    """The first year a title speaks of."""
    match = _YEAR.search(title or "")
    return int(match[0]) if match else None


class Resolver:
    """Weighs the evidence of one document against the table."""

    def __init__(self, places: Places, central: CentralBodies) -> None:
        self._places = places
        self._reader = ClaimReader(places, central)

    def resolve(self, evidence: Evidence) -> Resolution:
        """The region of a document, or None where the evidence leaves more than one or none."""
        for source, text in evidence.texts:
            claim = self._reader.read(source, text, evidence)
            if claim is not None:
                return self._verdict(claim if claim.final else _settled(claim, evidence))
        return self._agreement(evidence)

    def _verdict(self, claim: Claim) -> Resolution:
        if len(claim.candidates) == 1:
            return Resolution(_region(claim.candidates[0]), self._why(claim), claim.candidates)
        count = len(claim.candidates)
        doubt = f"may be {count} places" if count else "is in no known county"
        why = f"{claim.source}: {claim.text} {doubt}, and nothing decides"
        return Resolution(None, why, claim.candidates)

    def _agreement(self, evidence: Evidence) -> Resolution:
        """No place in issuer or title: only one that context and site code both give."""
        mentioned = {d for divisions in self._reader.in_context(evidence) for d in divisions}
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
            parts.append("zone not in zones.csv, named after its parent")
        if division.level == "township":
            parts.append("township, with its county's code")
        if division.valid_to is not None:
            heir = self._places.successor_of(division)
            parts.append(f"until {division.valid_to}" + (f", now {heir.name}" if heir else ""))
        return "; ".join(parts)


def _settled(claim: Claim, evidence: Evidence) -> Claim:
    """The claim after each piece of evidence, in order of trust, has ruled out what it can."""
    if len(claim.candidates) < 2:  # nothing to rule out, as for most names
        return claim
    for label, text in evidence.labelled():
        nearest = [c for c in claim.candidates if any(is_named(n, text) for n in c.path[-2:-1])]
        named = [c for c in claim.candidates if any(is_named(n, text) for n in c.path[:-1])]
        claim = claim.narrowed(nearest or named, f"its parent is in the {label}")
    for hint in evidence.hints:
        claim = claim.narrowed(_owned(claim.candidates, hint), hint.source)
    return claim


def _owned(candidates: Sequence[Division], hint: Hint) -> tuple[Division, ...]:
    """Candidates whose code shares most digits with the hint, of six, four and two."""
    for digits in (6, 4, 2):
        prefix = hint.prefix[:digits]
        found = tuple(c for c in candidates if c.adcode.startswith(prefix))
        if len(prefix) == digits and found:
            return found
    return ()


def _region(division: Division) -> Region:
    return Region(division.adcode, division.name, division.path, division.level, division.zone)
