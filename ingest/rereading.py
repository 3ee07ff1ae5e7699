"""The work of reading stored captures again: a batch read and compared, a batch switched over.

Who asks for it, and in which order, is the run's affair (ingest/reingest.py). Each batch is one
transaction, so that a report is replaced whole or not at all; others pass over what is in hand.
What takes its worker down, or keeps it for too long (deadline.py), is tried alone, and is broken in
the end (store/attempts.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

import structlog

from ingest.captured import Extract, read_in_time, reading_of
from ingest.differences import Differences, Reading
from ingest.extract import Rules
from ingest.extract import extract as extract_record
from ingest.records import Record
from ingest.store import again as store
from ingest.store.again import Noted, stored_readings
from ingest.store.attempts import LIMIT, Attempts, fatal
from ingest.store.captures import PendingCapture
from ingest.store.comparing import compare_due
from ingest.store.connection import LOST_RACE, SERVER_TROUBLE, Connection
from ingest.store.database import Database, storage_errors
from ingest.store.jumps import marking_jumps
from ingest.store.panel import keep_panel
from ingest.store.reports import claim_identities, store_record
from ingest.store.versions import identity
from ingest.worker import BATCH, COMPARED, RACES

log = structlog.get_logger(__name__)


def work_again(
    database: Database,
    *,
    seconds: float,
    batch: int = BATCH,
    extract: Extract = extract_record,
    worker: str | None = None,
    limit: float | None = None,
) -> bool:
    """Take part in a run for about so many seconds; whether something may be left then. ``worker``
    and ``limit`` as for ``ingest_pending``."""
    rules = Rules.load()
    until = time.monotonic() + seconds
    with (
        storage_errors(database),
        database.connect() as connection,
        Attempts(database, worker) as attempts,
    ):
        reader = Rereader(connection, attempts, rules, extract, batch, limit)
        while reader.read() or reader.switch():
            compare_due(connection, most=COMPARED)
            keep_panel(connection, most=COMPARED)
            if time.monotonic() > until:
                return True
    return False


def waiting_again(database: Database, limit: int) -> int:
    """How many captures wait for ``work_again``, counted up to a limit."""
    with storage_errors(database), database.connect() as connection:
        return store.work_left(connection, Rules.load().version, limit)


class _BrokenError(Exception):
    """A capture cannot be read, or its record not be stored; the text says why."""


class Rereader:
    """One connection's work, a batch at a time; each batch is one transaction."""

    def __init__(
        self,
        connection: Connection,
        attempts: Attempts,
        rules: Rules,
        extract: Extract,
        batch: int,
        limit: float | None = None,
        spares: Callable[[], bool] = lambda: False,
    ) -> None:
        self.connection = connection
        self._attempts = attempts
        self._rules = rules
        self._extract = extract
        self._batch = batch
        self._limit = limit
        self._spares = spares
        """Whether others are there for what a worker did not survive."""

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

    def _take(self, take: Callable[..., list[PendingCapture]]) -> list[PendingCapture]:
        version = self._rules.version
        taken = take(self.connection, version, self._batch, suspects=False)
        if taken or self._spares():
            return taken
        return take(self.connection, version, 1, suspects=True)

    def _read_batch(self) -> int:
        taken = self._take(store.take_waiting)
        if not taken:
            return 0
        numbers = [pending.id for pending in taken]
        before = stored_readings(self.connection, numbers)
        with self._attempts.in_hand(self.connection, numbers) as tried:
            noted = [self._compared(one, before[one.id], tried[one.id]) for one in taken]
            store.note_readings(self.connection, noted)
        return len(noted)

    def _compared(self, pending: PendingCapture, before: Reading, tried: int) -> Noted:
        try:
            after = reading_of(self._read(pending, tried))
        except _BrokenError as error:
            return Noted(pending.id, "broken", reason=str(error))
        if before.digest == after.digest:
            return Noted(pending.id, "same")
        found = Differences()
        found.compare(pending.id, before, after)
        return Noted(pending.id, "differs", asdict(found))

    def _read(self, pending: PendingCapture, tried: int) -> Record:
        worker = self._attempts.worker
        told = log.bind(capture=pending.id, url=pending.capture.url, worker=worker)
        if tried > LIMIT:
            told.error("capture is given up, what is stored of it stays", times=tried - 1)
            raise _BrokenError(fatal(tried - 1))
        if tried > 1:
            told.info("capture is tried alone: its worker ended with it in hand", times=tried - 1)
        try:
            return read_in_time(pending, self._extract, self._rules, limit=self._limit, told=told)
        except Exception as error:
            told.exception("capture breaks the chain, what is stored of it stays")
            raise _BrokenError(type(error).__name__) from error

    def _settle_same(self) -> int:
        ids = store.take_same(self.connection, self._rules.version, self._batch)
        if ids:
            with marking_jumps(self.connection, ids):
                store.settle_same(self.connection, self._rules.version, ids)
        return len(ids)

    def _store_differing(self) -> int:
        taken = self._take(store.take_differing)
        if not taken:
            return 0
        numbers = [pending.id for pending in taken]
        with self._attempts.in_hand(self.connection, numbers) as tried:
            claim_identities(self.connection, [identity(pending.capture) for pending in taken])
            with marking_jumps(self.connection, numbers):
                self._settle(taken, tried)
        return len(taken)

    def _settle(self, taken: Sequence[PendingCapture], tried: Mapping[int, int]) -> None:
        stored, broken = [], []
        for pending in taken:
            try:
                self._store(pending, self._read(pending, tried[pending.id]))
                stored.append(pending.id)
            except _BrokenError as error:
                broken.append(Noted(pending.id, "broken", reason=str(error)))
        store.settle_differing(self.connection, stored)
        if broken:
            store.note_readings(self.connection, broken)

    def _store(self, pending: PendingCapture, record: Record) -> None:
        version = self._rules.version
        try:
            with self.connection.transaction():
                store_record(self.connection, pending.id, pending.capture, record, version)
        except SERVER_TROUBLE:
            raise
        except Exception as error:
            log.exception("a record cannot be stored, what was stays", capture=pending.id)
            raise _BrokenError(type(error).__name__) from error
