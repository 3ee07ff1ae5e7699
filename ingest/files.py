"""Files that a person hands in: kept as captures, and ingested at once by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.capture import Capture
from crawler.errors import UnreadableInputError
from ingest.captured import Extract
from ingest.extract import extract as extract_record
from ingest.store.attempts import Attempts
from ingest.store.captures import IngestedCapture, describe_ingested, store_capture
from ingest.store.database import Database, storage_errors
from ingest.store.outcome import IngestedFile, IngestSummary, Progress, StoreOutcome
from ingest.worker import BATCH, Worker

LARGEST_FILE = 256 * 2**20
"""Bytes; PostgreSQL takes a gigabyte, and no report comes near this."""


def ingest_files(
    database: Database,
    paths: Sequence[Path],
    *,
    progress: Progress | None = None,
    extract: Extract = extract_record,
) -> IngestSummary:
    """Keep files as captures and ingest them. A file that was taken in before is ``unchanged``.

    Errors: UnreadableInputError before anything is kept; StorageError.
    """
    for path in paths:
        _check_readable(path)
    with storage_errors(database), database.connect() as connection:
        stored = [store_capture(connection, _capture_file(path)) for path in paths]
        connection.commit()
        ids = [capture_id for capture_id, _ in stored]
        summary = IngestSummary()
        for known in describe_ingested(connection, ids):
            if known.verdict is not None:
                summary = summary.plus(StoreOutcome.UNCHANGED)
        with Attempts(database) as attempts:
            summary = Worker(connection, attempts, extract, progress).run(BATCH, ids, summary)
        found = {item.id: item for item in describe_ingested(connection, ids)}
    files = [
        _file(path, found[capture_id], new=new)
        for path, (capture_id, new) in zip(paths, stored, strict=True)
    ]
    return replace(summary, files=tuple(files))


def _check_readable(path: Path) -> None:
    try:
        with path.open("rb"):
            size = path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error
    if size > LARGEST_FILE:
        raise UnreadableInputError(
            f"{path}: {size // 2**20} MB is more than {LARGEST_FILE // 2**20} MB: "
            "no report is that large"
        )


def _capture_file(path: Path) -> Capture:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    now = datetime.now(UTC)
    return Capture(None, None, 200, (), body, now, file_name=path.name)


def _unreadable(path: Path, error: OSError) -> UnreadableInputError:
    reason = error.strerror or str(error)
    return UnreadableInputError(f"{path}: {reason}: check the path and its permissions")


def _file(path: Path, found: IngestedCapture, *, new: bool) -> IngestedFile:
    return IngestedFile(
        path, new, found.id, found.verdict, found.reason, found.report_id, found.title
    )
