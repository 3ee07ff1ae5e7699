"""How a version of a report is cited. Pure.

A citation names who, what, when and where, and the capture that proves it: its digest and when it
was taken. What the document does not say is left out, never guessed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

UNTITLED = "[untitled]"


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited. ``text`` is the same line as `cite()` gives in SQL; ``url`` is None for a
    file that was handed in."""

    report_id: int
    version_number: int
    issuer: str | None
    title: str | None
    report_year: int | None
    published_at: date | None
    url: str | None
    sha256: str
    captured_at: datetime
    text: str

    @property
    def key(self) -> str:
        return f"fazhi-{self.report_id}-v{self.version_number}"

    @property
    def note(self) -> str:
        moment = self.captured_at.astimezone(UTC)
        return (
            f"fazhi report {self.report_id}, version {self.version_number}, "
            f"captured {moment:%Y-%m-%dT%H:%M:%SZ}, sha256 {self.sha256}"
        )


def bibtex(cited: Citation) -> str:
    """An entry for BibLaTeX; braces around names keep a body's name from being split."""
    fields = {
        "author": f"{{{_tex(cited.issuer)}}}" if cited.issuer else None,
        "title": _tex(cited.title or UNTITLED),
        "date": cited.published_at.isoformat() if cited.published_at else None,
        "url": cited.url.translate(_BRACES) if cited.url else None,
        "urldate": f"{cited.captured_at.astimezone(UTC):%Y-%m-%d}",
        "langid": "chinese",
        "note": cited.note,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@online{{{cited.key},", *lines, "}"])


def ris(cited: Citation) -> str:
    """A record of type GOVDOC for reference managers."""
    published = cited.published_at
    fields = [
        ("TY", "GOVDOC"),
        ("ID", cited.key),
        ("AU", cited.issuer),
        ("TI", cited.title or UNTITLED),
        ("PY", str(published.year) if published else None),
        ("DA", f"{published:%Y/%m/%d}" if published else None),
        ("UR", cited.url),
        ("Y2", f"{cited.captured_at.astimezone(UTC):%Y/%m/%d}"),
        ("LA", "zh-CN"),
        ("N1", cited.note),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\n".join([*lines, "ER  - "])


def csl_json(cited: Citation) -> str:
    """CSL-JSON: a list of one item."""
    captured = cited.captured_at.astimezone(UTC).date()
    item: dict[str, Any] = {
        "id": cited.key,
        "type": "report",
        "author": [{"literal": cited.issuer}] if cited.issuer else None,
        "title": cited.title or UNTITLED,
        "issued": _parts(cited.published_at) if cited.published_at else None,
        "URL": cited.url,
        "accessed": _parts(captured),
        "language": "zh-CN",
        "note": cited.note,
    }
    present = {name: value for name, value in item.items() if value is not None}
    return json.dumps([present], ensure_ascii=False, indent=2)


STYLES: Mapping[str, Callable[[Citation], str]] = {
    "text": lambda cited: cited.text,
    "bibtex": bibtex,
    "ris": ris,
    "csl-json": csl_json,
}
"""By the name that a user gives."""


def _parts(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


_TEX = str.maketrans(
    {"\\": r"\textbackslash{}", **{c: f"\\{c}" for c in "{}%&$#_"}, "\n": " ", "\r": " "}
)
_BRACES = str.maketrans({"{": "%7B", "}": "%7D"})
"""A brace in an address would end the field; escaped otherwise, it would be another address."""


def _tex(text: str) -> str:
    return text.translate(_TEX)
