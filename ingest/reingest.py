"""Reads stored captures again by the present rules, and tells what that changes.

Captures are read in batches in the order of their numbers, each batch one transaction, so that a
report is replaced whole or not at all. A capture that the present rules have read is done: a run
that was interrupted goes on where it stopped. A capture that breaks the chain keeps what is stored
of it, for a fault of the program must not take a report away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import structlog

from ingest.differences import Differences, Reading
from ingest.extract import Rules
from ingest.extract import extract as extract_record
from ingest.records import Record, Verdict
from ingest.store.again import Scope, count_again, stored_readings, take_again
from ingest.store.captures import PendingCapture
from ingest.store.comparing import compare_due
from ingest.store.connection import LOST_RACE, SERVER_TROUBLE, Connection
from ingest.store.database import Database, storage_errors
from ingest.store.jumps import marking_jumps
from ingest.store.panel import keep_panel
from ingest.store.reports import claim_identities, store_record
from ingest.store.versions import contents, identity
from ingest.worker import BATCH, RACES, Extract, read_capture

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Reread:
    """What a run did, or would do when it is dry. ``left`` counts what is still to be read then:
    captures that broke the chain, or that another worker held."""

    ruleset: str
    dry: bool
    to_read: int
    differences: Differences = field(default_factory=Differences)
    broken: list[str] = field(default_factory=list)
    """Names of captures that broke the chain."""
    left: int = 0


Told = Callable[[Reread], None]
"""Called with the run so far, after every batch."""


def reingest(
    database: Database,
    scope: Scope,
    *,
    dry: bool = False,
    again: bool = False,
    batch: int = BATCH,
    told: Told | None = None,
    extract: Extract = extract_record,
) -> Reread:
    """Read the captures of a scope again; store what they say now, unless ``dry``.

    ``again`` also reads those that the present rules have read. Errors: StorageError; what was not
    committed by then is as it was, and the same call goes on from there.
    """
    rules = Rules.load()
    unread = replace(scope, ruleset=rules.version)
    chosen = scope if again else unread
    with storage_errors(database), database.connect() as connection:
        run = Reread(rules.version, dry, count_again(connection, chosen))
        connection.rollback()
        reader = _Reader(connection, run, rules, extract)
        after = 0
        while (last := _with_patience(reader, chosen, after, batch)) is not None:
            after = last
            if told:
                told(run)
        if not dry:
            compare_due(connection)
            keep_panel(connection)
        run.left = 0 if dry else count_again(connection, unread)
        connection.rollback()
    return run


def _with_patience(reader: _Reader, scope: Scope, after: int, limit: int) -> int | None:
    """One batch, tried again when two workers met at the same report."""
    for race in range(RACES + 1):
        try:
            return reader.read_batch(scope, after, limit)
        except LOST_RACE:
            if race == RACES:
                raise
    raise AssertionError("unreachable")


class _Reader:
    """One connection's work; ``run`` learns of a batch when it is committed."""

    def __init__(self, connection: Connection, run: Reread, rules: Rules, extract: Extract) -> None:
        self._connection = connection
        self._run = run
        self._rules = rules
        self._extract = extract

    def read_batch(self, scope: Scope, after: int, limit: int) -> int | None:
        """The next captures after a number; the last one's, or None when there are no more."""
        try:
            taken = take_again(self._connection, scope, after, limit)
            ids = [pending.id for pending in taken]
            before = stored_readings(self._connection, ids)
            records = {p.id: record for p in taken if (record := self._read(p)) is not None}
            if not self._run.dry:
                self._store([pending for pending in taken if pending.id in records], records)
                self._connection.commit()
        finally:
            self._connection.rollback()
        for number, record in records.items():
            self._run.differences.compare(number, before[number], reading_of(record))
        self._run.broken += [_named(p) for p in taken if p.id not in records]
        return ids[-1] if ids else None

    def _read(self, pending: PendingCapture) -> Record | None:
        try:
            return read_capture(pending, self._extract, self._rules)
        except Exception:
            log.exception(
                "capture breaks the chain, what is stored of it stays",
                capture=pending.id,
                url=pending.capture.url,
            )
            return None

    def _store(self, taken: list[PendingCapture], records: dict[int, Record]) -> None:
        claim_identities(self._connection, [identity(pending.capture) for pending in taken])
        with marking_jumps(self._connection, [pending.id for pending in taken]):
            for pending in taken:
                if not self._store_one(pending, records[pending.id]):
                    del records[pending.id]

    def _store_one(self, pending: PendingCapture, record: Record) -> bool:
        try:
            with self._connection.transaction():
                store_record(
                    self._connection, pending.id, pending.capture, record, self._rules.version
                )
        except SERVER_TROUBLE:
            raise
        except Exception:
            log.exception("a record cannot be stored, what was stays", capture=pending.id)
            return False
        return True


def reading_of(record: Record) -> Reading:
    """A record as it would be stored, to be compared with what is."""
    if record.verdict is not Verdict.REPORT:
        return Reading(record.verdict.value, record.verdict_reason, None, None, None)
    content = contents(record)
    fields = {**content.fields, "body": content.body}
    return Reading(record.verdict.value, record.verdict_reason, None, fields, content.parts)


def _named(pending: PendingCapture) -> str:
    return f"capture {pending.id} ({pending.capture.url or pending.capture.file_name})"
