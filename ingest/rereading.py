"""The work of reading stored captures again: a batch read and compared, a batch switched over.

Who asks for it, and in which order, is the run's affair (ingest/reingest.py). Each batch is one
transaction, so that a report is replaced whole or not at all; others pass over what is in hand.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict

import structlog

from ingest.captured import Extract, read_capture
from ingest.differences import Differences, Reading
from ingest.extract import Rules
from ingest.extract import extract as extract_record
from ingest.records import Record, Verdict
from ingest.store import again as store
from ingest.store.again import Noted, stored_readings
from ingest.store.captures import PendingCapture
from ingest.store.comparing import compare_due
from ingest.store.connection import LOST_RACE, SERVER_TROUBLE, Connection
from ingest.store.database import Database, storage_errors
from ingest.store.jumps import marking_jumps
from ingest.store.panel import keep_panel
from ingest.store.reports import claim_identities, store_record
from ingest.store.text import storable
from ingest.store.versions import contents, identity
from ingest.worker import BATCH, COMPARED, RACES

log = structlog.get_logger(__name__)


def work_again(
    database: Database, *, seconds: float, batch: int = BATCH, extract: Extract = extract_record
) -> bool:
    """Take part in a run for about so many seconds; whether something may be left then."""
    rules = Rules.load()
    until = time.monotonic() + seconds
    with storage_errors(database), database.connect() as connection:
        worker = Rereader(connection, rules, extract, batch)
        while worker.read() or worker.switch():
            compare_due(connection, most=COMPARED)
            keep_panel(connection, most=COMPARED)
            if time.monotonic() > until:
                return True
    return False


def waiting_again(database: Database, limit: int) -> int:
    """How many captures wait for ``work_again``, counted up to a limit."""
    with storage_errors(database), database.connect() as connection:
        return store.work_left(connection, Rules.load().version, limit)


class Rereader:
    """One connection's work, a batch at a time; each batch is one transaction."""

    def __init__(self, connection: Connection, rules: Rules, extract: Extract, batch: int) -> None:
        self.connection = connection
        self._rules = rules
        self._extract = extract
        self._limit = batch

    def read(self) -> int:
        """Read captures that wait, and note what differs; how many."""
        return self._patiently(self._read_batch)

    def switch(self) -> int:
        """Store what was approved; of how many captures."""
        return self._patiently(self._settle_same) or self._patiently(self._store_differing)

    def _patiently(self, step: Callable[[], int]) -> int:
        """Tried again when two workers met at the same report."""
        for race in range(RACES + 1):
            try:
                done = step()
                self.connection.commit()
                return done
            except LOST_RACE:
                if race == RACES:
                    raise
            finally:
                self.connection.rollback()
        raise AssertionError("unreachable")

    def _read_batch(self) -> int:
        taken = store.take_waiting(self.connection, self._rules.version, self._limit)
        before = stored_readings(self.connection, [pending.id for pending in taken])
        noted = [self._compared(pending, before[pending.id]) for pending in taken]
        if noted:
            store.note_readings(self.connection, noted)
        return len(noted)

    def _compared(self, pending: PendingCapture, before: Reading) -> Noted:
        record = self._read(pending)
        if record is None:
            return Noted(pending.id, "broken")
        after = reading_of(record)
        if before.digest == after.digest:
            return Noted(pending.id, "same")
        found = Differences()
        found.compare(pending.id, before, after)
        return Noted(pending.id, "differs", asdict(found))

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

    def _settle_same(self) -> int:
        ids = store.take_same(self.connection, self._rules.version, self._limit)
        if ids:
            with marking_jumps(self.connection, ids):
                store.settle_same(self.connection, self._rules.version, ids)
        return len(ids)

    def _store_differing(self) -> int:
        taken = store.take_differing(self.connection, self._rules.version, self._limit)
        claim_identities(self.connection, [identity(pending.capture) for pending in taken])
        with marking_jumps(self.connection, [pending.id for pending in taken]):
            stored = [pending.id for pending in taken if self._store(pending)]
            store.settle_differing(self.connection, stored)
            broken = [Noted(p.id, "broken") for p in taken if p.id not in stored]
            if broken:
                store.note_readings(self.connection, broken)
        return len(taken)

    def _store(self, pending: PendingCapture) -> bool:
        record = self._read(pending)
        if record is None:
            return False
        version = self._rules.version
        try:
            with self.connection.transaction():
                store_record(self.connection, pending.id, pending.capture, record, version)
        except SERVER_TROUBLE:
            raise
        except Exception:
            log.exception("a record cannot be stored, what was stays", capture=pending.id)
            return False
        return True


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
