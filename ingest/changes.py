"""What changed between two versions of a report, by section, and whether it matters. Pure.

Texts are compared in canonical characters (character_runs.py). What differs in them is
substantive: somebody altered what the report says. What differs only in width, spaces and marks,
or only around the text (the source line, the site's code, where a file lies), is cosmetic. Nothing
is read into a change: a digit is as much a change as a paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ingest.character_runs import Kind, Run, canonical, opcodes, runs_of
from ingest.pairing import Paragraph, pairs
from ingest.records import Section

SAYING = (
    *("title", "report_year", "issuer", "addressee", "published_at", "signed_on"),
    *("document_number", "index_number"),
)
"""Fields by which a document says something; the others are furniture, or follow from these."""
AROUND_THE_TEXT = ("subject", "source", "disclosure", "site_code", "icp")


class Weight(StrEnum):
    """What a change is."""

    COSMETIC = "cosmetic"
    SUBSTANTIVE = "substantive"


@dataclass(frozen=True, slots=True)
class Text:
    """A version as far as it is compared: ``fields`` as stored, names of the attached files."""

    body: str
    sections: tuple[Section, ...]
    fields: Mapping[str, Any]
    attachments: tuple[str, ...] = ()


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


def _paragraphs(before: Text, after: Text) -> Iterator[ParagraphChange]:
    old, new = _read(before), _read(after)
    keys = [[paragraph.canonical for paragraph in side] for side in (old, new)]
    for _, start, end, new_start, new_end in opcodes(*keys):
        yield from _block(old[start:end], new[new_start:new_end])


def _read(version: Text) -> list[Paragraph]:
    return [
        Paragraph(text, key, _section(version.sections, start))
        for start, text in paragraphs_of(version.body)
        if (key := canonical(text))
    ]


def _section(sections: Sequence[Section], place: int) -> tuple[str, ...]:
    around = sorted((s for s in sections if s.start <= place < s.end), key=lambda s: s.level)
    return tuple(name for s in around if (name := f"{s.number or ''}{s.heading or ''}".strip()))


def _block(old: list[Paragraph], new: list[Paragraph]) -> Iterator[ParagraphChange]:
    """Neighbouring paragraphs of both sides; broken into lines otherwise, they say the same."""
    broken = len(old) != len(new) and _joined(old) == _joined(new)
    if broken:
        return
    for one, other in pairs(old, new):
        if one is not None and other is not None:
            if one.text != other.text:
                saying = one.canonical != other.canonical
                runs = tuple(runs_of(one.text, other.text, exact=not saying))
                yield ParagraphChange(Kind.CHANGED, _weight(saying), other.section, runs)
        elif one is not None:
            runs = (Run(Kind.REMOVED, one.text),)
            yield ParagraphChange(Kind.REMOVED, Weight.SUBSTANTIVE, one.section, runs)
        elif other is not None:
            runs = (Run(Kind.ADDED, other.text),)
            yield ParagraphChange(Kind.ADDED, Weight.SUBSTANTIVE, other.section, runs)


def _joined(paragraphs: list[Paragraph]) -> str:
    return "".join(paragraph.canonical for paragraph in paragraphs)
