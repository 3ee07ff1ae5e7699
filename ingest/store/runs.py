"""The run ledger: one row for each crawl of a portal, from its beginning to its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

import psycopg
from psycopg.types.json import Jsonb

from ingest.errors import StorageError
from ingest.store.connection import Connection
from ingest.store.sql import load_queries
from ingest.store.text import storable

SQL = load_queries("runs")


class Failure(Protocol):
    """An address that could not be fetched; ``reason`` is one word, ``detail`` a line."""

    @property
    def url(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def detail(self) -> str | None: ...


def begin_run(
    connection: Connection,
    portal_id: str,
    *,
    cause: str,
    slot: datetime | None,
    job_id: int | None,
    now: datetime,
) -> int:
    """Enter a run and give back its number. The caller commits.

    A slot has one run: where it failed or was killed, the same number is begun again.
    Errors: StorageError when the slot has been served, or the portal is not in the database.
    """
    values = {"portal_id": portal_id, "cause": cause, "slot": slot, "job_id": job_id, "now": now}
    try:
        row = connection.execute(SQL["begin_run"], values).fetchone()
    except psycopg.errors.ForeignKeyViolation as error:
        raise StorageError(
            f"the database knows no portal {portal_id!r}: run fazhi migrate to load the registry"
        ) from error
    if row is None:
        raise StorageError(f"portal {portal_id} has been crawled for {slot}: nothing is left to do")
    return int(row[0])


def finish_run(
    connection: Connection,
    run_id: int,
    *,
    state: str,
    reason: str,
    now: datetime,
    detail: str | None = None,
    requests: int = 0,
    listings: int = 0,
    entries: int = 0,
    articles: int = 0,
    new_captures: int = 0,
    failures: Iterable[Failure] = (),
    families: Iterable[str] = (),
) -> None:
    """Note how a run ended ("succeeded" or "failed"), what it counted and what it missed.

    The caller commits.
    """
    counts = {
        "requests": requests,
        "listings": listings,
        "entries": entries,
        "articles": articles,
        "new_captures": new_captures,
    }
    values = {"run_id": run_id, "state": state, "reason": reason, "detail": storable(detail)}
    connection.execute(
        SQL["finish_run"], {**values, **counts, "families": list(families), "now": now}
    )
    connection.execute(SQL["drop_failures"], {"run_id": run_id})
    missed = [
        {"url": item.url, "reason": str(item.reason), "detail": item.detail} for item in failures
    ]
    if missed:
        parameters = {"run_id": run_id, "failures": Jsonb(storable(missed))}
        connection.execute(SQL["insert_failures"], parameters)


def fail_run(
    connection: Connection, run_id: int, reason: str, detail: str | None, now: datetime
) -> None:
    """Note that a run broke off, before it could count anything. The caller commits."""
    finish_run(connection, run_id, state="failed", reason=reason, detail=detail, now=now)
