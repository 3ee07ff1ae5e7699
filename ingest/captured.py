"""A stored capture read by the chain: what the worker, reading again and proofs have in common."""

from __future__ import annotations

from typing import Protocol

from ingest.entry import dated_by_entry
from ingest.extract import Rules
from ingest.records import Record
from ingest.store.captures import PendingCapture


class Extract(Protocol):
    """The chain, as ``ingest.extract.extract``."""

    def __call__(
        self, content: bytes, *, name: str, url: str | None, media_type: str | None, rules: Rules
    ) -> Record: ...


def read_capture(pending: PendingCapture, extract: Extract, rules: Rules) -> Record:
    """What the chain makes of a capture, and of the listing that led to it."""
    capture = pending.capture
    record = extract(
        capture.body,
        name=name_of(pending),
        url=capture.url,
        media_type=capture.header("content-type"),
        rules=rules,
    )
    return dated_by_entry(record, capture.finding)


def name_of(pending: PendingCapture) -> str:
    """What a capture is called where people read of it."""
    return pending.capture.file_name or pending.capture.url or f"capture {pending.id}"
