"""Numbering to sections: the outline of a report, with offsets into its body and roles.

A paragraph that begins with a number in one of the styles below opens a section; its heading ends
at the first full stop (a run-in heading) or with the paragraph. Levels follow the order in which
styles first appear, so that a report that begins with （一） has its first level there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from crawler.errors import SeedError
from crawler.seeds import SEEDS
from ingest.records import Role, Section
from ingest.rules import read_toml

_HAN = "一二三四五六七八九十"
STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"第[{_HAN}]{{1,3}}(?:部分|章|编)\s*[:：、.]?")),
    ("cn_dun", re.compile(rf"[{_HAN}]{{1,3}}\s*[、.．]")),
    ("cn_paren", re.compile(rf"[（(]\s*[{_HAN}]{{1,3}}\s*[）)]\s*[、.．]?")),
    ("arabic", re.compile(r"\d{1,2}\s*(?:[.．、](?!\d)|(?<=\d)[.．](?=\d{4}年))")),
    ("arabic_paren", re.compile(r"[（(]\s*\d{1,2}\s*[）)]\s*[、.．]?")),
    ("circled", re.compile(r"[①-⑳]")),
    ("ordinal", re.compile(rf"第[{_HAN}]{{1,3}}\s*[，,、:：]")),
    ("item", re.compile(rf"[{_HAN}]{{1,2}}(?:是要|是|要|则)(?![否非])")),
)
"""Numbering styles from the outermost down; the pattern is the number as printed."""
NUMBERED = frozenset({"part", "cn_dun", "cn_paren", "arabic", "arabic_paren"})
"""Styles that make sections; the others number items of a list within one."""
UNHEADED = "unheaded"
_RANK = {name: rank for rank, (name, _) in enumerate(STYLES)}
OPENING = 120
"""Characters of a paragraph without a number in which it says that a part begins."""
LONGEST_HEADING = 60
"""Characters; a longer first sentence is text, not a heading."""

LONG_HEADING = 45
"""Characters from which a heading is cut at its first pause: it has run into its text."""

_STOP = re.compile(r"[。；;！？]")
_PAUSE = re.compile(r"[，,、]")
_SUBJECT = re.compile(r"(?<=.{4})我(?:省|市|区|县|旗|州|盟|镇|乡|街道|局|委|办|厅|部|院|中心)")
"""Where the text begins that follows a heading without a stop: reports speak of "our county"."""
_CLOSING = "：:。 \u3000"


@dataclass(frozen=True, slots=True)
class RoleRule:
    """One rule of outline.toml: what matches the pattern has the role.

    ``unheaded`` rules are for paragraphs that open a part of the report without number or heading.
    """

    id: str
    role: Role
    pattern: re.Pattern[str]
    unheaded: bool = False


@dataclass(frozen=True, slots=True)
class _Opening:
    style: str
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
    openings = _openings(paragraphs, roles)
    ranks = _ranks(openings)
    sections: list[Section] = []
    for index, opening in enumerate(openings):
        rank = ranks[opening.style]
        later = (o.start for o in openings[index + 1 :] if ranks[o.style] <= rank)
        until = min(next(later, end), end)
        role = (opening.role or Role.ACHIEVEMENTS) if rank == 1 else None
        sections.append(Section(rank, opening.number, opening.heading, role, opening.start, until))
    return tuple(sections)


def _openings(paragraphs: Sequence[str], roles: Sequence[RoleRule]) -> list[_Opening]:
    """Numbered sections, and parts without a heading for the roles that no heading names."""
    headed = [rule for rule in roles if not rule.unheaded]
    openings: list[_Opening] = []
    unheaded: list[_Opening] = []
    start = 0
    for paragraph in paragraphs:
        opening = _open(paragraph, start)
        if opening is not None:
            openings.append(replace(opening, role=_role(opening.heading or "", headed)))
        elif openings:
            role = _role(paragraph[:OPENING], [rule for rule in roles if rule.unheaded])
            if role is not None:
                unheaded.append(_Opening(UNHEADED, None, None, start, role))
        start += len(paragraph) + 1
    outermost = min((_RANK[o.style] for o in openings), default=0)
    named = {o.role for o in openings if _RANK[o.style] == outermost}
    for part in unheaded:
        if part.role not in named and all(part.start > o.start for o in openings):
            named.add(part.role)
            openings.append(part)
    return openings


def _open(paragraph: str, start: int) -> _Opening | None:
    """The section that a paragraph opens, if it does."""
    for style, pattern in STYLES:
        match = pattern.match(paragraph)
        if match is None:
            continue
        if style not in NUMBERED:
            return None
        heading = _heading(paragraph[match.end() :])
        return None if heading is None else _Opening(style, match.group().strip(), heading, start)
    return None


def _heading(rest: str) -> str | None:
    """The heading after a number: to the first full stop, or the whole of a short paragraph.

    A first sentence too long for a heading has run into its text: it is cut where that begins.
    """
    stop = _STOP.search(rest)
    text = rest[: stop.start()] if stop else rest
    subject = _SUBJECT.search(text, 0, LONGEST_HEADING)
    if subject:
        text = text[: subject.start()].rstrip("，,、")
    pause = _PAUSE.search(text) if len(text) > LONG_HEADING else None
    if pause:
        text = text[: pause.start()]
    text = text.strip(_CLOSING)
    return text if 2 <= len(text) <= LONGEST_HEADING else None


def _ranks(openings: Sequence[_Opening]) -> dict[str, int]:
    """Level of each style that occurs: 1 for the outermost of them, and for unheaded parts."""
    used = sorted({o.style for o in openings} - {UNHEADED}, key=_RANK.__getitem__)
    return {UNHEADED: 1} | {style: rank for rank, style in enumerate(used, start=1)}


def _role(text: str, roles: Sequence[RoleRule]) -> Role | None:
    return next((rule.role for rule in roles if rule.pattern.search(text)), None)
