"""When a report has a new version. Pure: digests in, a decision out.

A version stands for what the document said at one time. Another capture makes a new one only when
the document's own content differs; what stood around it (a hit counter, links) does not count.
Better rules that read the same capture differently replace its version: the publisher changed
nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from crawler.capture import Capture
from ingest.records import Record, as_json
from ingest.store.text import json_object, json_text, storable_fields

TABLES = {
    "sections": "sections",
    "removals": "removed",
    "attachments": "attachments",
    "contacts": "contacts",
    "figures": "facts",
    "indicator_values": "indicators",
}
"""By table, the field whose items are its rows."""
OWN_TABLES = ("body", *TABLES.values())
DERIVED = ("checklist",)
"""Fields that follow from the body by our rules: another rule is no change of the document."""
LAYOUT = 2
"""Counted up when more of a record is stored than before, so that reading again fills it in."""
ABOUT_US = ("verdict", "verdict_reason", "kind", "why")


class Decision(StrEnum):
    """What is to be done with a record of a known report."""

    ADD = "add"
    REPLACE = "replace"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Stored:
    """A version in the database, as far as the decision needs it."""

    id: int
    of_this_capture: bool
    current: bool
    captured_at: datetime
    content_sha256: str
    extraction_sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """A record as it is stored: single-valued fields, parts, and digests."""

    fields: dict[str, Any]
    body: str | None
    body_sha256: str | None
    parts: dict[str, list[dict[str, Any]]]
    """By table."""
    fields_json: str
    why_json: str
    parts_json: dict[str, str]
    """By table, of those that are not empty."""
    content_sha256: str
    extraction_sha256: str


def contents(record: Record) -> Contents:
    """What of the record is stored, in text that PostgreSQL can hold."""
    plain: dict[str, Any] = as_json(record)
    del plain["input"]
    plain, texts = storable_fields(plain)  # JSON is made once of each, for digests and storing
    names = [key for key in plain if key not in (*OWN_TABLES, *ABOUT_US)]
    own = json_object({key: texts[key] for key in names if key not in DERIVED})
    said = {"fields": own, **{key: texts[key] for key in ("body", "contacts", "attachments")}}
    body = plain["body"]
    return Contents(
        fields={key: plain[key] for key in names},
        body=body,
        body_sha256=None if body is None else _digest(body),
        parts={table: plain[key] for table, key in TABLES.items()},
        fields_json=json_object({key: texts[key] for key in names}),
        why_json=texts["why"],
        parts_json={table: texts[key] for table, key in TABLES.items() if plain[key]},
        content_sha256=_digest(json_object(said)),
        extraction_sha256=_digest(json_object({"layout": json_text(LAYOUT), **texts})),
    )


def identity(capture: Capture) -> str:
    """What makes it the same report again: address without scheme and fragment, or the bytes."""
    if capture.url is None:
        return f"sha256:{capture.sha256}"
    parts = urlsplit(capture.url)
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.hostname or ''}{port}{parts.path or '/'}{query}"


def decide(
    versions: Sequence[Stored], seen_at: datetime, content: Contents
) -> tuple[Decision, int | None]:
    """What to do, and the version to replace. ``seen_at`` is when the capture was last seen."""
    current = next((version for version in versions if version.current), None)
    own = next((version for version in reversed(versions) if version.of_this_capture), None)
    if current is None:
        return Decision.ADD, None
    went_back = own is not None and not own.current and seen_at > current.captured_at
    if own is not None and not went_back:
        same = own.extraction_sha256 == content.extraction_sha256
        return (Decision.KEEP, None) if same else (Decision.REPLACE, own.id)
    same = current.content_sha256 == content.content_sha256
    return (Decision.KEEP if same else Decision.ADD), None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
