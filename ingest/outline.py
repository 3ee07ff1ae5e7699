"""Numbering to sections: the outline of a report, with offsets into its body and roles.

A section's level is its depth: one more than that of the section it stands in. Numbering styles
have a fixed order, so that 1. stands in （一）, or in 一、 where there is no （一）.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from crawler.errors import SeedError
from crawler.seeds import SEEDS
from ingest.numbering import RANK, Opening, openings
from ingest.records import Role, Section
from ingest.rules import read_toml

LEAD = 120
"""Characters of a paragraph without a number in which it says that a part begins."""
MOSTLY = 0.5
"""Share of a style's numbers with a heading, from which one without is taken to have lost it."""
UNHEADED = "unheaded"


@dataclass(frozen=True, slots=True)
class RoleRule:
    """One rule of outline.toml: what matches the pattern has the role.

    ``unheaded`` rules are for paragraphs that open a part of the report without number or heading.
    """

    id: str
    role: Role
    pattern: re.Pattern[str]
    unheaded: bool = False


class _Entry(NamedTuple):
    """A section before its level and its end are known; ``rank`` orders numbering styles."""

    rank: int
    number: str | None
    heading: str | None
    start: int
    role: Role | None = None


@cache
def load_roles(kind: str, seeds: Path = SEEDS) -> tuple[RoleRule, ...]:
    """The heading roles of a kind: seeds/kinds/<kind>/outline.toml, tried in file order."""
    path = seeds / "kinds" / kind / "outline.toml"
    rules = []
    for entry in read_toml(path).get("role", []):
        try:
            pattern = re.compile(entry["pattern"])
            unheaded = bool(entry.get("unheaded", False))
            rules.append(RoleRule(entry["id"], Role(entry["role"]), pattern, unheaded))
        except (KeyError, ValueError, re.error) as error:
            raise SeedError(f"{path}: role {entry.get('id')!r}: {error!r}; correct it") from None
    return tuple(rules)


def outline(paragraphs: Sequence[str], end: int, roles: Sequence[RoleRule]) -> tuple[Section, ...]:
    """Sections of a body made of these paragraphs joined by newlines.

    ``end`` is where the last section ends: the offset of the signature, or the body's length.
    First-level sections have a role; one that is neither problems nor plan tells of achievements.
    """
    numbered = [entry for entry in _numbered(paragraphs, roles) if entry.start < end]
    entries = numbered + _unheaded(paragraphs, numbered, roles)
    sections: list[Section] = []
    above: list[int] = []
    for entry, until in zip(entries, _ends(entries, end), strict=True):
        while above and above[-1] >= entry.rank:
            above.pop()
        role = None if above else entry.role or Role.ACHIEVEMENTS
        above.append(entry.rank)
        sections.append(Section(len(above), entry.number, entry.heading, role, entry.start, until))
    return tuple(sections)


def _ends(entries: Sequence[_Entry], end: int) -> list[int]:
    """Where each section ends: where the next of its rank or of one above it begins."""
    ends = [end] * len(entries)
    later: list[_Entry] = []
    for index in range(len(entries) - 1, -1, -1):
        while later and later[-1].rank > entries[index].rank:
            later.pop()
        if later:
            ends[index] = min(later[-1].start, end)
        later.append(entries[index])
    return ends


def _numbered(paragraphs: Iterable[str], roles: Sequence[RoleRule]) -> list[_Entry]:
    """The sections that numbers open. A heading that ran into its text is cut out of it where
    most numbers of its style have a heading."""
    headed = [rule for rule in roles if not rule.unheaded]
    found: list[Opening] = []
    start = 0
    for paragraph in paragraphs:
        found += openings(paragraph, start)
        start += len(paragraph) + 1
    outermost = min((RANK[opening.style] for opening in found), default=0)
    whole = Counter(opening.style for opening in found if opening.heading)
    total = Counter(opening.style for opening in found)
    entries = []
    for opening in found:
        heading = opening.heading or opening.label
        if heading is None and whole[opening.style] > MOSTLY * total[opening.style]:
            heading = opening.cut
        rank = RANK[opening.style]
        role = _role(heading or opening.text[:LEAD], headed) if rank == outermost else None
        entries.append(_Entry(rank, opening.number, heading, opening.start, role))
    return entries


def _unheaded(
    paragraphs: Iterable[str], numbered: Sequence[_Entry], roles: Sequence[RoleRule]
) -> list[_Entry]:
    """Parts without number or heading after the last section, for roles that no heading names."""
    if not numbered:
        return []
    rules = [rule for rule in roles if rule.unheaded]
    outermost = min(entry.rank for entry in numbered)
    named = {entry.role for entry in numbered if entry.rank == outermost}
    parts: list[_Entry] = []
    start = 0
    for paragraph in paragraphs:
        role = _role(paragraph[:LEAD], rules) if start > numbered[-1].start else None
        if role is not None and role not in named:
            named.add(role)
            parts.append(_Entry(-1, None, None, start, role))
        start += len(paragraph) + 1
    return parts


def _role(text: str, roles: Iterable[RoleRule]) -> Role | None:
    return next((rule.role for rule in roles if rule.pattern.search(text)), None)
