"""Reports: what the chain made of a capture, kept as a version of a report or as a reject."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from crawler.capture import Capture
from ingest.records import Record, Verdict
from ingest.store.captures import mark_ingested
from ingest.store.connection import Connection
from ingest.store.entries import renew_entry, write_entry
from ingest.store.outcome import StoreOutcome
from ingest.store.sql import load_queries
from ingest.store.text import storable
from ingest.store.versions import Contents, Decision, Stored, contents, decide, identity

SQL = load_queries("reports")


def store_record(
    connection: Connection, capture_id: int, capture: Capture, record: Record, ruleset: str
) -> StoreOutcome:
    """Keep what was understood of a capture, and note that the capture is done.

    Storing the same again changes nothing. The caller commits.
    """
    if record.verdict is not Verdict.REPORT:
        return store_reject(connection, capture_id, record, ruleset)
    content = contents(record)
    seen_at = capture_last_seen(connection, capture_id)
    report_id, new = claim_report(connection, record.kind, identity(capture), capture.fetched_at)
    versions = versions_at_stake(connection, report_id, capture_id)
    decision, replaced = decide(versions, seen_at, content)
    values = _version(content, record, ruleset) | {
        "report_id": report_id,
        "capture_id": capture_id,
        "captured_at": seen_at,
        "version_id": replaced,
    }
    with connection.pipeline():  # ten statements that nobody waits for one by one
        _write(connection, decision, values, record, content, new=new)
        drop_reject(connection, capture_id)
        mark_ingested(
            connection, capture_id, ruleset=ruleset, verdict=record.verdict, report_id=report_id
        )
    return _outcome(decision, new=new)


def _write(
    connection: Connection,
    decision: Decision,
    values: dict[str, Any],
    record: Record,
    content: Contents,
    *,
    new: bool,
) -> None:
    """The version, its parts, and what of the report follows from them."""
    report_id, written, ruleset = values["report_id"], values["version_id"], values["ruleset"]
    if decision is Decision.ADD:
        written = insert_version(connection, values)
        _write_parts(connection, written, record.kind, ruleset, content)
    elif written is not None:
        replace_version(connection, values)
        drop_parts(connection, written)
        _write_parts(connection, written, record.kind, ruleset, content)
    if new and written is not None:
        publish_newest(connection, report_id)
        write_entry(connection, report_id, written, record)
    elif decision is not Decision.KEEP:
        publish_newest(connection, report_id)
        renew_entry(connection, report_id)


def store_reject(
    connection: Connection, capture_id: int, record: Record, ruleset: str
) -> StoreOutcome:
    """Keep why a capture is no report. What was taken from it as a report goes."""
    upsert_reject(connection, capture_id, record, ruleset)
    for report_id in withdraw_versions(connection, capture_id):
        drop_empty_report(connection, report_id)
        publish_newest(connection, report_id)
        renew_entry(connection, report_id)
    mark_ingested(connection, capture_id, ruleset=ruleset, verdict=record.verdict, report_id=None)
    return StoreOutcome.REJECTED


def claim_identities(connection: Connection, identities: Iterable[str]) -> None:
    """Keep other workers from these reports until the transaction ends.

    All claim in one order, so that no two wait for each other in a circle.
    """
    digests = [hashlib.sha256(item.encode("utf-8", "replace")).digest() for item in identities]
    keys = sorted({int.from_bytes(digest[:8], signed=True) for digest in digests})
    connection.execute(SQL["claim_identities"], {"keys": keys})


def claim_report(
    connection: Connection, kind: str, report_identity: str, seen_at: datetime
) -> tuple[int, bool]:
    """The report of this identity, made when missing, and locked; its id, and whether it is new."""
    values = {"kind": kind, "identity": storable(report_identity), "seen_at": seen_at}
    row = connection.execute(SQL["claim_report"], values).fetchone()
    assert row is not None
    return row[0], row[1]


def versions_at_stake(connection: Connection, report_id: int, capture_id: int) -> list[Stored]:
    """The current version of a report and those made of one capture, in the order of storing."""
    values = {"report_id": report_id, "capture_id": capture_id}
    return [Stored(*row) for row in connection.execute(SQL["versions_at_stake"], values)]


def capture_last_seen(connection: Connection, capture_id: int) -> datetime:
    """When the bytes of a capture were last met."""
    row = connection.execute(SQL["capture_last_seen"], {"capture_id": capture_id}).fetchone()
    assert row is not None, f"there is no capture {capture_id}"
    seen_at: datetime = row[0]
    return seen_at


def insert_version(connection: Connection, values: dict[str, Any]) -> int:
    """The next version of a report; its id."""
    row = connection.execute(SQL["insert_version"], values).fetchone()
    assert row is not None
    return int(row[0])


def replace_version(connection: Connection, values: dict[str, Any]) -> None:
    """What better rules made of the same capture."""
    connection.execute(SQL["replace_version"], values)


def drop_parts(connection: Connection, version_id: int) -> None:
    """Before the parts of a version are written anew."""
    connection.execute(SQL["drop_parts"], {"version_id": version_id})


def publish_newest(connection: Connection, report_id: int) -> None:
    """Make the version that is newest in time the current one, and show its fields."""
    connection.execute(SQL["publish_newest"], {"report_id": report_id})


def withdraw_versions(connection: Connection, capture_id: int) -> list[int]:
    """Take back what a capture was wrongly taken for; the reports concerned."""
    rows = connection.execute(SQL["withdraw_versions"], {"capture_id": capture_id})
    return sorted({report_id for (report_id,) in rows})


def drop_empty_report(connection: Connection, report_id: int) -> None:
    """Remove a report none of whose captures is a report."""
    connection.execute(SQL["drop_empty_report"], {"report_id": report_id})


def upsert_reject(connection: Connection, capture_id: int, record: Record, ruleset: str) -> None:
    """Why a capture is no report."""
    values = {
        "capture_id": capture_id,
        "kind": record.kind,
        "verdict": record.verdict,
        "reason": storable(record.verdict_reason),
        "title": storable(record.title),
        "ruleset": ruleset,
    }
    connection.execute(SQL["upsert_reject"], values)


def drop_reject(connection: Connection, capture_id: int) -> None:
    """A capture that is a report after all."""
    connection.execute(SQL["drop_reject"], {"capture_id": capture_id})


def _version(content: Contents, record: Record, ruleset: str) -> dict[str, Any]:
    return {
        "ruleset": ruleset,
        "verdict_reason": storable(record.verdict_reason),
        "fields": _json(content.fields_json),
        "body": content.body,
        "body_sha256": content.body_sha256,
        "why": _json(content.why_json),
        "content_sha256": content.content_sha256,
        "extraction_sha256": content.extraction_sha256,
    }


def _write_parts(
    connection: Connection, version_id: int, kind: str, ruleset: str, content: Contents
) -> None:
    shared = {"version_id": version_id, "kind": kind, "ruleset": ruleset}
    for table, parts in content.parts_json.items():
        connection.execute(SQL[f"insert_{table}"], {**shared, "parts": _json(parts)})


def _json(text: str) -> Jsonb:
    """A value whose JSON text was made before."""
    return Jsonb(text, dumps=str)


def _outcome(decision: Decision, *, new: bool) -> StoreOutcome:
    if decision is Decision.KEEP:
        return StoreOutcome.UNCHANGED
    if decision is Decision.REPLACE:
        return StoreOutcome.RE_EXTRACTED
    return StoreOutcome.NEW_REPORT if new else StoreOutcome.NEW_VERSION
