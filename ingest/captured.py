"""A stored capture read by the chain: what the worker, reading again and proofs have in common."""

from __future__ import annotations

from typing import Protocol

from structlog.typing import FilteringBoundLogger

from ingest.deadline import within
from ingest.differences import Reading
from ingest.entry import dated_by_entry
from ingest.extract import Rules
from ingest.records import Record, Verdict
from ingest.store.captures import PendingCapture
from ingest.store.text import storable
from ingest.store.versions import contents


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


def read_in_time(
    pending: PendingCapture,
    extract: Extract,
    rules: Rules,
    *,
    limit: float | None,
    told: FilteringBoundLogger,
) -> Record:
    """As ``read_capture``; what takes longer than ``limit`` (seconds) ends this process, which is
    ``told`` first. None for no limit."""

    def tell(where: str) -> None:
        told.error("capture takes too long: this worker ends", seconds=limit, at=where)

    with within(limit, tell):
        return read_capture(pending, extract, rules)


def name_of(pending: PendingCapture) -> str:
    """What a capture is called where people read of it."""
    return pending.capture.file_name or pending.capture.url or f"capture {pending.id}"


def reading_of(record: Record) -> Reading:
    """A record as it would be stored, to be compared with what is."""
    if record.verdict is not Verdict.REPORT:
        said = (record.verdict.value, storable(record.verdict_reason), storable(record.title))
        digest = "|".join(part for part in said if part is not None)
        return Reading(record.verdict.value, record.verdict_reason, None, None, None, digest)
    content = contents(record)
    fields = {**content.fields, "body": content.body}
    return Reading(
        record.verdict.value,
        record.verdict_reason,
        None,
        fields,
        content.parts,
        content.extraction_sha256,
    )
