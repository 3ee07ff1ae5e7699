"""Captures: kept as they came, once for each address and bytes, and taken up to be understood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from crawler.capture import Capture, Finding
from ingest.errors import StorageError
from ingest.store.connection import Connection
from ingest.store.sql import load_queries
from ingest.store.text import storable
from ingest.store.writer import Writer, let_go, shared_writer

SQL = load_queries("captures")
Rows = psycopg.Cursor[tuple[Any, ...]]
BATCH_BYTES = 64 * 2**20
"""Bytes of pages that are held in memory at once, one larger page excepted."""


@dataclass(frozen=True, slots=True)
class PendingCapture:
    """A capture that waits to be understood, with its number."""

    id: int
    capture: Capture


@dataclass(frozen=True, slots=True)
class IngestedCapture:
    """What became of a capture; ``verdict`` is None while it waits."""

    id: int
    verdict: str | None
    reason: str | None
    """Of a reject."""
    report_id: int | None
    title: str | None


def store_capture(connection: Connection, capture: Capture) -> tuple[int, bool]:
    """Keep a capture; its id, and whether it is new. The caller commits.

    Errors: StorageError when its portal or run is not in the database.
    """
    with _portals_known(capture):
        insert_content(connection, capture)
        return _returned(insert_capture(connection, capture))


def insert_content(connection: Connection, capture: Capture) -> None:
    """Keep the bytes unless they are kept already."""
    values = {"sha256": capture.sha256, "body": capture.body, "size": len(capture.body)}
    connection.execute(SQL["insert_content"], values)


def insert_capture(connection: Connection, capture: Capture) -> Rows:
    """The row of a response or of a file: its id, and whether it is new."""
    query = "insert_file_capture" if capture.url is None else "insert_web_capture"
    return connection.execute(SQL[query], _values(capture))


def take_pending(
    connection: Connection,
    limit: int,
    *,
    ids: Sequence[int] | None = None,
    suspects: bool = False,
) -> list[PendingCapture]:
    """Up to ``limit`` captures that wait, oldest first, of ``ids`` if given; those that a worker
    took up and did not come to an end with only, and only those, with ``suspects``.

    They are locked until the transaction ends, and other workers pass over them. The batch ends
    early where its pages would exceed BATCH_BYTES.
    """
    chosen = None if ids is None else list(ids)
    parameters = {"limit": limit, "bytes": BATCH_BYTES, "ids": chosen, "suspects": suspects}
    rows = connection.execute(SQL["take_pending"], parameters)
    return [PendingCapture(row[0], capture_of(row[1:])) for row in rows]


def count_pending(connection: Connection) -> int:
    """How many captures wait to be understood."""
    row = connection.execute(SQL["count_pending"]).fetchone()
    assert row is not None
    return int(row[0])


def describe_ingested(connection: Connection, ids: Sequence[int]) -> list[IngestedCapture]:
    """What became of some captures, in the order of their numbers."""
    with connection.cursor(row_factory=class_row(IngestedCapture)) as cursor:
        return cursor.execute(SQL["describe_ingested"], {"ids": list(ids)}).fetchall()


def requeue_broken(connection: Connection, *, ruleset: str) -> int:
    """Let captures wait again that a fault of another version of the program rejected; how many."""
    return connection.execute(SQL["requeue_broken"], {"ruleset": ruleset}).rowcount


def mark_ingested(
    connection: Connection, capture_id: int, *, ruleset: str, verdict: str, report_id: int | None
) -> None:
    """Note that a capture was understood or rejected, by which rules, and as which report."""
    values = {
        "capture_id": capture_id,
        "ruleset": ruleset,
        "verdict": verdict,
        "report_id": report_id,
    }
    connection.execute(SQL["mark_ingested"], values)


class DatabaseSink:
    """The spider's way into the database: a CaptureSink whose captures are committed when
    ``store`` returns."""

    def __init__(self, *, url: str | None = None, home: Path | None = None) -> None:
        self._url = url
        self._home = home
        self._writer: Writer | None = None

    @classmethod
    def from_settings(cls, settings: Any) -> DatabaseSink:
        """From Scrapy's settings FAZHI_DATABASE_URL and FAZHI_HOME, either may be missing."""
        home = settings.get("FAZHI_HOME")
        return cls(url=settings.get("FAZHI_DATABASE_URL"), home=Path(home) if home else None)

    def open(self) -> None:
        """Connect. Errors: StorageError when there is no database, or one of another schema."""
        self._writer = shared_writer(self._url, self._home)

    async def store(self, capture: Capture) -> bool:
        """Keep one capture durably; True if it is new. A connection that was lost is made anew.

        Errors: StorageError.
        """
        assert self._writer is not None, "the sink is not open"
        return await self._writer.write(_store_all, capture)

    def close(self) -> None:
        """Let go of the connection and of the embedded server."""
        if self._writer is not None:
            let_go(self._writer)
            self._writer = None


def _store_all(connection: Connection, captures: Sequence[Capture]) -> list[bool]:
    """Work of a Writer. Nothing is asked for before all are on their way."""
    with _portals_known(captures[0]):
        for capture in captures:
            insert_content(connection, capture)
        sent = [insert_capture(connection, capture) for capture in captures]
        return [_returned(rows)[1] for rows in sent]


@contextmanager
def _portals_known(capture: Capture) -> Iterator[None]:
    try:
        yield
    except psycopg.errors.ForeignKeyViolation as error:
        raise StorageError(
            f"the database knows no portal {capture.portal_id!r} or no run {capture.run_id}, "
            f"so the capture of {capture.url} is not kept: run fazhi migrate"
        ) from error


def _values(capture: Capture) -> dict[str, object]:
    finding = capture.finding
    return {
        "url": storable(capture.url),
        "requested_url": storable(capture.requested_url),
        "status": capture.status,
        "headers": Jsonb(storable(capture.headers)),
        "sha256": capture.sha256,
        "fetched_at": capture.fetched_at,
        "portal_id": capture.portal_id,
        "run_id": capture.run_id,
        "listing_url": storable(finding.listing_url) if finding else None,
        "entry_title": storable(finding.title) if finding else None,
        "entry_date": storable(finding.date) if finding else None,
        "file_name": storable(capture.file_name),
    }


def capture_of(row: tuple[Any, ...]) -> Capture:
    """A capture from its columns, in the order of take_pending."""
    url, requested, status, headers, body, fetched, portal, run, *found, file_name = row
    listing_url, title, date = found
    when: datetime = fetched
    return Capture(
        url=url,
        requested_url=requested,
        status=status,
        headers=tuple((name, value) for name, value in headers),
        body=bytes(body),
        fetched_at=when,
        portal_id=portal,
        run_id=run,
        finding=Finding(listing_url, title, date) if listing_url else None,
        file_name=file_name,
    )


def _returned(rows: Rows) -> tuple[int, bool]:
    row = rows.fetchone()
    assert row is not None
    return row[0], row[1]
