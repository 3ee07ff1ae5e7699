"""The ingest worker: takes captures that wait, runs the chain, stores reports and rejects.

Captures are taken in batches, each batch one transaction and each capture a savepoint in it: one
that breaks the chain becomes a reject, and the batch goes on. Workers pass over what another holds.
One that takes the process down, or would keep it for ever (deadline.py), is tried alone, and is a
reject in the end (store/attempts.py).
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import structlog

from ingest.captured import Extract, name_of, read_in_time
from ingest.extract import Rules
from ingest.extract import extract as extract_record
from ingest.records import Record, Verdict
from ingest.store.attempts import LIMIT, Attempts, fatal
from ingest.store.captures import PendingCapture, requeue_broken, take_pending
from ingest.store.comparing import compare_due
from ingest.store.connection import LOST_RACE, SERVER_TROUBLE, Connection
from ingest.store.database import Database, storage_errors
from ingest.store.jumps import marking_jumps
from ingest.store.outcome import IngestSummary, Progress, StoreOutcome
from ingest.store.panel import keep_panel
from ingest.store.reports import claim_identities, store_record
from ingest.store.versions import identity

BATCH = 50
"""Captures a transaction: enough that its cost is spread, few enough that little is done again."""
RACES = 5
"""How often a batch is tried again when two workers met at the same report."""
COMPARED = 500
"""Reports that are compared after a batch at most, where many wait since an upgrade."""
LONGEST_SILENCE = 120.0
"""Seconds. A worker that stands still in a batch for so long, or for twice the time that a capture
may take, loses the batch: others wait for what it holds."""

log = structlog.get_logger(__name__)


def ingest_pending(
    database: Database,
    *,
    batch: int = BATCH,
    progress: Progress | None = None,
    extract: Extract = extract_record,
    seconds: float | None = None,
    worker: str | None = None,
    limit: float | None = None,
) -> IngestSummary:
    """Ingest until no capture waits that another worker does not hold, or until the end of the
    first batch after so many ``seconds``. ``worker`` is this process's name for others. A capture
    that takes longer than ``limit`` (seconds) to be read ends this process; None for no limit.

    Errors: StorageError; what was not committed by then waits still.
    """
    with (
        storage_errors(database),
        _connect(database, max(LONGEST_SILENCE, 2 * (limit or 0))) as connection,
        Attempts(database, worker) as attempts,
    ):
        ingesting = Worker(connection, attempts, extract, progress, limit)
        return ingesting.run(batch, None, IngestSummary(), seconds)


def _connect(database: Database, silence: float) -> Connection:
    connection = database.connect()
    longest = ("idle_in_transaction_session_timeout", f"{silence:.0f}s")
    connection.execute("select set_config(%s, %s, false)", longest)
    connection.commit()
    return connection


class Worker:
    """One connection's work: captures that wait, batch by batch."""

    def __init__(
        self,
        connection: Connection,
        attempts: Attempts,
        extract: Extract,
        progress: Progress | None,
        limit: float | None = None,
    ) -> None:
        self._connection = connection
        self._attempts = attempts
        self._extract = extract
        self._progress = progress
        self._limit = limit
        self._rules = Rules.load()

    def run(
        self,
        batch: int,
        ids: Sequence[int] | None,
        summary: IngestSummary,
        seconds: float | None = None,
    ) -> IngestSummary:
        """Batches until nothing is left, or the time is up; all captures, or those of ``ids``."""
        deadline = time.monotonic() + seconds if seconds is not None else None
        mended = requeue_broken(self._connection, ruleset=self._rules.version)
        if mended:
            log.info("captures rejected by a fault of the program are tried again", count=mended)
        self._connection.commit()
        races = 0
        while True:
            try:
                after = self._batch(batch, ids, summary)
                self._connection.commit()
                compare_due(self._connection, most=COMPARED)
                keep_panel(self._connection, most=COMPARED)
            except LOST_RACE:
                self._connection.rollback()
                races += 1
                if races > RACES:
                    raise
                continue
            if after == summary or (deadline is not None and time.monotonic() > deadline):
                return after
            summary, races = after, 0

    def _batch(
        self, limit: int, ids: Sequence[int] | None, summary: IngestSummary
    ) -> IngestSummary:
        taken = take_pending(self._connection, limit, ids=ids)
        if not taken:  # what a worker did not survive is tried alone: the innocent come through
            taken = take_pending(self._connection, 1, ids=ids, suspects=True)
        if not taken:
            return summary
        numbers = [pending.id for pending in taken]
        with self._attempts.in_hand(self._connection, numbers) as tried:
            claim_identities(self._connection, [identity(pending.capture) for pending in taken])
            with marking_jumps(self._connection, numbers):
                for pending in taken:
                    summary = summary.plus(self._ingest(pending, tried[pending.id]))
                    if self._progress:
                        self._progress(summary)
        return summary

    def _ingest(self, pending: PendingCapture, tried: int) -> StoreOutcome:
        capture = pending.capture
        told = log.bind(
            capture=pending.id, run_id=capture.run_id, portal=capture.portal_id, url=capture.url
        )
        if tried > LIMIT:
            told.error("capture is given up: workers ended while reading it", times=tried - 1)
            return self._store(pending, self._unreadable(pending, fatal(tried - 1)))
        if tried > 1:
            told.info("capture is tried alone: its worker ended with it in hand", times=tried - 1)
        try:
            record = self._read(pending, told)
            outcome = self._store(pending, record)
        except SERVER_TROUBLE:
            raise
        except Exception as error:
            told.exception("capture breaks the chain")
            record = self._unreadable(pending, type(error).__name__)
            outcome = self._store(pending, record)
        if outcome is StoreOutcome.REJECTED:
            told.info("rejected", verdict=record.verdict.value, reason=record.verdict_reason)
        else:
            told.debug(outcome.value, title=record.title)
        return outcome

    def _store(self, pending: PendingCapture, record: Record) -> StoreOutcome:
        with self._connection.transaction():
            return store_record(
                self._connection, pending.id, pending.capture, record, self._rules.version
            )

    def _read(self, pending: PendingCapture, told: structlog.typing.FilteringBoundLogger) -> Record:
        told = told.bind(worker=self._attempts.worker)
        return read_in_time(pending, self._extract, self._rules, limit=self._limit, told=told)

    def _unreadable(self, pending: PendingCapture, fault: str) -> Record:
        return Record(
            input=name_of(pending),
            url=pending.capture.url,
            kind=self._rules.kind,
            verdict=Verdict.UNREADABLE,
            verdict_reason=f"internal_error: {fault}",
        )
