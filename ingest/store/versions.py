"""When a report has a new version. Pure: digests in, a decision out.

A version stands for what the document said at one time. Another capture makes a new one only when
the document's own content differs; what stood around it (a hit counter, links) does not count.
Better rules that read the same capture differently replace its version: the publisher changed
nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from crawler.capture import Capture
from ingest.records import Record, as_json
from ingest.store.text import storable_json

OWN_TABLES = ("body", "removed", "sections", "contacts", "attachments", "indicators", "facts")
DERIVED = ("checklist",)
"""Fields that follow from the body by our rules: another rule is no change of the document."""
LAYOUT = 2
"""Counted up when more of a record is stored than before, so that reading again fills it in."""
ABOUT_US = ("input", "verdict", "verdict_reason", "kind", "why")


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
    why: dict[str, str]
    parts: dict[str, list[dict[str, Any]]]
    """By table: sections, removals, attachments, contacts, figures, indicator_values."""
    content_sha256: str
    extraction_sha256: str


def contents(record: Record) -> Contents:
    """What of the record is stored, in text that PostgreSQL can hold."""
    plain: dict[str, Any] = storable_json(as_json(record))
    fields = {key: plain[key] for key in plain if key not in (*OWN_TABLES, *ABOUT_US)}
    body = plain["body"]
    own = {key: fields[key] for key in fields if key not in DERIVED}
    said = {"fields": own, **{key: plain[key] for key in ("body", "contacts", "attachments")}}
    return Contents(
        fields=fields,
        body=body,
        body_sha256=None if body is None else hashlib.sha256(body.encode()).hexdigest(),
        why=plain["why"],
        parts={
            "sections": plain["sections"],
            "removals": plain["removed"],
            "attachments": plain["attachments"],
            "contacts": plain["contacts"],
            "figures": plain["facts"],
            "indicator_values": plain["indicators"],
        },
        content_sha256=_digest(said),
        extraction_sha256=_digest(
            {"layout": LAYOUT, **{key: plain[key] for key in plain if key != "input"}}
        ),
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


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
