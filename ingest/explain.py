"""What was decided about a document and why, for a person to see at a glance.

``story`` is the plain account that both views show; ``as_html`` renders it as one page without
outside resources.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from importlib import resources
from string import Template

from ingest.extract import Understood
from ingest.figures.marks import Mark, marks
from ingest.pieces import Place
from ingest.records import Record, Section, as_json

_SHOWN = (
    "title", "report_year", "issuer", "region", "published_at", "signed_on", "document_number",
    "index_number", "subject", "addressee", "source", "disclosure", "site_code", "icp", "contacts",
    "attachments",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the article with what it became.

    ``label`` names the rule or field, or the section that begins here, whose number and heading
    are the first ``heading`` characters; ``role`` is that of the first-level section around it;
    ``marks`` are figures, as offsets into ``text``.
    """

    text: str
    place: Place
    label: str
    role: str
    heading: int = 0
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of the record, its value as text ("" for none), and the evidence that decided."""

    name: str
    value: str
    why: str


def story(understood: Understood) -> tuple[Passage, ...]:
    """The article from its first line to its last."""
    return tuple(_passages(understood))


def field_lines(record: Record) -> tuple[FieldLine, ...]:
    """The fields of the record and why each has its value."""
    why = dict(record.why)
    plain = as_json(record)
    return tuple(
        FieldLine(name, _text(plain[name]), why.get(name, "")) for name in _SHOWN if name in plain
    )


def as_html(understood: Understood) -> str:
    """One HTML page: the article with each removal, field and section, beside the fields."""
    record = understood.record
    template = Template(
        (resources.files("ingest") / "templates" / "explain.html").read_text(encoding="utf-8")
    )
    return template.substitute(
        name=escape(record.input),
        title=escape(record.title or record.input),
        verdict=escape(f"{record.verdict.value}: {record.verdict_reason}"),
        pieces="\n".join(_passage_html(passage) for passage in story(understood)),
        fields="\n".join(
            f"<tr><th>{line.name}<td>{escape(line.value)}<td>{escape(line.why)}"
            for line in field_lines(record)
        ),
    )


def _passages(understood: Understood) -> Iterator[Passage]:
    record = understood.record
    figures = marks(record)
    opened = {section.start: section for section in record.sections}
    offset = 0
    for piece in understood.pieces:
        if piece.place is not Place.BODY:
            yield Passage(piece.text, piece.place, piece.name, "")
            continue
        end = offset + len(piece.text)
        section = opened.get(offset)
        yield Passage(
            piece.text,
            piece.place,
            f"{section.level} {section.number or ''}".strip() if section else "",
            _role(record.sections, offset),
            _heading_end(piece.text, section),
            marks=tuple(
                mark._replace(start=mark.start - offset, end=mark.end - offset)
                for mark in figures
                if offset <= mark.start and mark.end <= end
            ),
        )
        offset = end + 1


def _heading_end(text: str, section: Section | None) -> int:
    if section is None or not section.heading:
        return 0
    return text.find(section.heading) + len(section.heading)


def _role(sections: tuple[Section, ...], offset: int) -> str:
    return next(
        (s.role.value for s in sections if s.role and s.start <= offset < s.end),
        "",
    )


def _passage_html(passage: Passage) -> str:
    classes = " ".join(filter(None, ("piece", passage.place.value, passage.role)))
    text, position = f"<strong>{escape(passage.text[: passage.heading])}</strong>", passage.heading
    for mark in passage.marks:
        if mark.start < position:
            continue
        text += (
            f"{escape(passage.text[position : mark.start])}"
            f'<mark class="{mark.kind}" title="{escape(mark.note)}">'
            f"{escape(passage.text[mark.start : mark.end])}</mark>"
        )
        position = mark.end
    text += escape(passage.text[position:])
    label = escape(passage.label)
    return f'<div class="{classes}"><b>{label}</b><p>{text}</p></div>'


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        if "path" in value:
            return " / ".join(value["path"])
        return ", ".join(str(item) for item in value.values() if item is not None)
    if isinstance(value, list):
        return "; ".join(_text(item) for item in value)
    return str(value)
