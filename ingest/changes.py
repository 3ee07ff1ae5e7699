"""What changed between two versions of a report, by section, and whether it matters. Pure.

Texts are compared in canonical characters: NFKC, so that width does not count; quotation marks and
dashes of every kind alike; no spaces. What differs beyond that is substantive: somebody altered
what the report says. What differs only in that, or only around the text (the source line, the
site's code, where a file lies), is cosmetic. Nothing is read into a change: a digit is as much a
change as a paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cache
from itertools import pairwise
from re import compile as pattern
from typing import Any

from ingest.likeness import folded
from ingest.records import Section

SAYING = (
    *("title", "report_year", "issuer", "addressee", "published_at", "signed_on"),
    *("document_number", "index_number"),
)
"""Fields by which a document says something; the others are furniture, or follow from these."""
AROUND_THE_TEXT = ("subject", "source", "disclosure", "site_code", "icp")
ALIKE = 0.4
"""Share of neighbouring characters in common from which two paragraphs are one that was changed."""
MOST_PAIRS = 20_000
"""Paragraphs times paragraphs that are weighed against each other; beyond, by their order."""
MOST_CHARACTERS = 250_000
"""Characters times characters of a run that are matched; a longer run is replaced whole."""
_ENDS = ",\uff0c\u3002;\uff1b:\uff1a!\uff01?\uff1f\u3001"
_CLAUSE = pattern(f"[^{_ENDS}]*[{_ENDS}]?")


class Weight(StrEnum):
    """What a change is."""

    COSMETIC = "cosmetic"
    SUBSTANTIVE = "substantive"


class Kind(StrEnum):
    """What became of a paragraph, a field or a run of characters."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Text:
    """A version as far as it is compared: ``fields`` as stored, names of the attached files."""

    body: str
    sections: tuple[Section, ...]
    fields: Mapping[str, Any]
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Characters as printed that are the same on both sides, or on one side only."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """One paragraph; ``section`` names the parts that it lies in, from the highest rank down."""

    kind: Kind
    weight: Weight
    section: tuple[str, ...]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with another value."""

    name: str
    weight: Weight
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs, in the order of the newer version."""

    fields: tuple[FieldChange, ...]
    paragraphs: tuple[ParagraphChange, ...]

    @property
    def weight(self) -> Weight:
        weights = [*(f.weight for f in self.fields), *(p.weight for p in self.paragraphs)]
        return _weight(Weight.SUBSTANTIVE in weights)

    @property
    def sections(self) -> tuple[str, ...]:
        """Sections of the highest rank whose text was altered, the text before the first apart."""
        heavy = (p for p in self.paragraphs if p.weight is Weight.SUBSTANTIVE and p.section)
        return tuple(dict.fromkeys(paragraph.section[0] for paragraph in heavy))

    def characters(self, kind: Kind) -> int:
        """Characters added or removed by substantive changes, spaces and variants not counted."""
        heavy = (p for p in self.paragraphs if p.weight is Weight.SUBSTANTIVE)
        return sum(len(canonical(r.text)) for p in heavy for r in p.runs if r.kind is kind)


def compare(before: Text, after: Text) -> Changes:
    """What differs between two versions."""
    return Changes(tuple(_fields(before, after)), tuple(_paragraphs(before, after)))


def canonical(text: str) -> str:
    """The text as it is compared."""
    return "".join(map(_canonical, text)).replace("--", "-")


@cache
def _canonical(character: str) -> str:
    return folded(character)


def paragraphs_of(body: str) -> list[tuple[int, str]]:
    """Paragraphs that are not blank, each with the offset of its first character."""
    found, start = [], 0
    for line in body.split("\n"):
        if line.strip():
            found.append((start, line))
        start += len(line) + 1
    return found


def _fields(before: Text, after: Text) -> Iterator[FieldChange]:
    for name in (*SAYING, *AROUND_THE_TEXT):
        old, new = before.fields.get(name), after.fields.get(name)
        if old != new:
            saying = name in SAYING and _said(name, old) != _said(name, new)
            yield FieldChange(name, _weight(saying), old, new)
    if before.attachments != after.attachments:
        old_names, new_names = (sorted(map(canonical, t.attachments)) for t in (before, after))
        yield FieldChange(
            "attachments", _weight(old_names != new_names), before.attachments, after.attachments
        )


def _said(name: str, value: Any) -> str:
    """A time of day beside a date says nothing new."""
    return canonical("" if value is None else str(value)[: 10 if name == "published_at" else None])


def _weight(substantive: bool) -> Weight:
    return Weight.SUBSTANTIVE if substantive else Weight.COSMETIC


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    canonical: str
    section: tuple[str, ...]


def _paragraphs(before: Text, after: Text) -> Iterator[ParagraphChange]:
    old, new = _read(before), _read(after)
    keys = [[paragraph.canonical for paragraph in side] for side in (old, new)]
    for _, start, end, new_start, new_end in _opcodes(*keys):
        yield from _block(old[start:end], new[new_start:new_end])


def _read(version: Text) -> list[_Paragraph]:
    return [
        _Paragraph(text, key, _section(version.sections, start))
        for start, text in paragraphs_of(version.body)
        if (key := canonical(text))
    ]


def _section(sections: Sequence[Section], place: int) -> tuple[str, ...]:
    around = sorted((s for s in sections if s.start <= place < s.end), key=lambda s: s.level)
    return tuple(name for s in around if (name := f"{s.number or ''}{s.heading or ''}".strip()))


def _block(old: list[_Paragraph], new: list[_Paragraph]) -> Iterator[ParagraphChange]:
    """Neighbouring paragraphs of both sides; broken into lines otherwise, they say the same."""
    broken = len(old) != len(new) and _joined(old) == _joined(new)
    if broken:
        return
    for one, other in _pairs(old, new):
        if one is not None and other is not None:
            if one.text != other.text:
                saying = one.canonical != other.canonical
                runs = tuple(_runs(one.text, other.text, exact=not saying))
                yield ParagraphChange(Kind.CHANGED, _weight(saying), other.section, runs)
        elif one is not None:
            runs = (Run(Kind.REMOVED, one.text),)
            yield ParagraphChange(Kind.REMOVED, Weight.SUBSTANTIVE, one.section, runs)
        elif other is not None:
            runs = (Run(Kind.ADDED, other.text),)
            yield ParagraphChange(Kind.ADDED, Weight.SUBSTANTIVE, other.section, runs)


def _joined(paragraphs: list[_Paragraph]) -> str:
    return "".join(paragraph.canonical for paragraph in paragraphs)


def _pairs(
    old: list[_Paragraph], new: list[_Paragraph]
) -> Iterator[tuple[_Paragraph | None, _Paragraph | None]]:
    """Which paragraph became which, in order; None where there is no counterpart."""
    if [p.canonical for p in old] == [p.canonical for p in new]:
        yield from zip(old, new, strict=True)
        return
    place, other = 0, 0
    for first, second in (*_matches(old, new), (len(old), len(new))):
        yield from ((paragraph, None) for paragraph in old[place:first])
        yield from ((None, paragraph) for paragraph in new[other:second])
        if first < len(old):
            yield old[first], new[second]
        place, other = first + 1, second + 1


def _matches(old: list[_Paragraph], new: list[_Paragraph]) -> list[tuple[int, int]]:
    """Pairs in order whose likenesses have the largest sum."""
    if len(old) * len(new) > MOST_PAIRS:
        return [(n, n) for n in range(min(len(old), len(new))) if _alike(old[n], new[n]) >= ALIKE]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    paired = {}
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            alike = _alike(old[i], new[j])
            with_pair = best[i + 1][j + 1] + alike if alike >= ALIKE else -1.0
            best[i][j] = max(with_pair, best[i + 1][j], best[i][j + 1])
            paired[i, j] = with_pair == best[i][j]
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if paired[i, j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _alike(one: _Paragraph, other: _Paragraph) -> float:
    """Share of pairs of neighbouring characters that the shorter has in common with the longer."""
    pairs, others = _neighbours(one.canonical), _neighbours(other.canonical)
    return len(pairs & others) / max(1, min(len(pairs), len(others)))


def _neighbours(text: str) -> set[tuple[str, str]]:
    return set(pairwise(text))


def _runs(before: str, after: str, *, exact: bool) -> Iterator[Run]:
    """Runs of characters, clauses first, so that a body in one paragraph is not matched character
    by character; ``exact`` counts variants of a character too."""
    old, new = _CLAUSE.findall(before), _CLAUSE.findall(after)
    keys = [[clause if exact else canonical(clause) for clause in side] for side in (old, new)]
    for tag, i, j, k, m in _opcodes(*keys):
        one, other = "".join(old[i:j]), "".join(new[k:m])
        if tag == "equal":
            yield Run(Kind.SAME, other)
        elif one and other and len(one) * len(other) <= MOST_CHARACTERS:
            yield from _characters(one, other, exact=exact)
        else:
            yield from _sides(one, other)


def _characters(before: str, after: str, *, exact: bool) -> Iterator[Run]:
    keys = [
        list(side) if exact else [_canonical(c) or " " for c in side] for side in (before, after)
    ]
    for tag, i, j, k, m in _opcodes(*keys):
        if tag == "equal" or (not exact and canonical(before[i:j]) == canonical(after[k:m])):
            yield Run(Kind.SAME, after[k:m])
        else:
            yield from _sides(before[i:j], after[k:m])


def _opcodes(before: list[str], after: list[str]) -> list[tuple[str, int, int, int, int]]:
    return list(SequenceMatcher(None, before, after, autojunk=False).get_opcodes())


def _sides(before: str, after: str) -> Iterator[Run]:
    if before:
        yield Run(Kind.REMOVED, before)
    if after:
        yield Run(Kind.ADDED, after)
