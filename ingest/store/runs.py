"""The run ledger: one row for each crawl of a portal, from its beginning to its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

import psycopg
from psycopg.types.json import Jsonb

from ingest.errors import SlotServedError, StorageError
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


@dataclass(frozen=True, slots=True)
class Maker:
    """What makes a run: the process (host:process), and the versions it works with."""

    worker: str | None = None
    code_version: str | None = None
    ruleset: str | None = None
    dictionary: str | None = None
    """None where there is no dictionary."""


class Counted(Protocol):
    """What a crawl has counted so far."""

    @property
    def requests(self) -> int: ...
    @property
    def listings(self) -> int: ...
    @property
    def entries(self) -> int: ...
    @property
    def articles(self) -> int: ...
    @property
    def new_captures(self) -> int: ...


def begin_run(
    connection: Connection,
    portal_id: str,
    *,
    cause: str,
    slot: datetime | None,
    job_id: int | None,
    now: datetime,
    asked_by: str | None = None,
    sweep: bool = False,
    maker: Maker | None = None,
) -> int:
    """Enter a run and give back its number. The caller commits.

    A slot has one run: where it failed or was killed, the same number is begun again.
    Errors: SlotServedError; StorageError when the portal is not in the database.
    """
    values = {
        "portal_id": portal_id,
        "cause": cause,
        "asked_by": storable(asked_by),
        "slot": slot,
        "sweep": sweep,
        "job_id": job_id,
        "now": now,
        **asdict(maker or Maker()),
    }
    try:
        row = connection.execute(SQL["begin_run"], values).fetchone()
    except psycopg.errors.ForeignKeyViolation as error:
        raise StorageError(
            f"the database knows no portal {portal_id!r}: run fazhi migrate to load the registry"
        ) from error
    if row is None:
        raise SlotServedError(
            f"portal {portal_id} has been crawled for {slot}: nothing is left to do"
        )
    return int(row[0])


def tell_run(
    connection: Connection, run_id: int, counted: Counted, *, worker: str | None, now: datetime
) -> bool:
    """A run's sign of life, with its counts; False when it is not this worker's any more, because
    others took it for dead. The caller commits."""
    values = {"run_id": run_id, "worker": worker, "now": now, **_counts(counted)}
    return connection.execute(SQL["tell_run"], values).fetchone() is not None


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
    retries: Iterable[tuple[str, int]] = (),
    families: Iterable[str] = (),
    sweep: bool = False,
    worker: str | None = None,
) -> None:
    """Note how a run ended ("succeeded" or "failed"), what it counted and what it missed; with
    ``sweep``, that it looked at everything without having been asked to.

    With ``worker``, only if the run is still that worker's. ``retries`` has for a reason how many
    tries that failed so were made again. The caller commits.
    """
    counts = {
        "requests": requests,
        "listings": listings,
        "entries": entries,
        "articles": articles,
        "new_captures": new_captures,
    }
    values = {"run_id": run_id, "state": state, "reason": reason, "detail": storable(detail)}
    values["worker"] = worker
    done = connection.execute(
        SQL["finish_run"],
        {**values, **counts, "families": list(families), "sweep": sweep, "now": now},
    )
    if not done.rowcount:
        return
    connection.execute(SQL["drop_failures"], {"run_id": run_id})
    missed = [
        {"url": item.url, "reason": str(item.reason), "detail": item.detail} for item in failures
    ]
    if missed:
        parameters = {"run_id": run_id, "failures": Jsonb(storable(missed))}
        connection.execute(SQL["insert_failures"], parameters)
    _count(connection, run_id, Counter(str(item["reason"]) for item in missed), dict(retries))


def _count(
    connection: Connection, run_id: int, failures: Counter[str], retries: Mapping[str, int]
) -> None:
    counts = [
        {"reason": reason, "failures": failures[reason], "retries": retries.get(reason, 0)}
        for reason in sorted({*failures, *retries})
    ]
    connection.execute(SQL["drop_counts"], {"run_id": run_id})
    if counts:
        connection.execute(SQL["insert_counts"], {"run_id": run_id, "counts": Jsonb(counts)})


def fail_run(
    connection: Connection,
    run_id: int,
    reason: str,
    detail: str | None,
    now: datetime,
    *,
    worker: str | None = None,
) -> None:
    """Note that a run broke off; what it had counted by its last sign of life stays. With
    ``worker``, only if the run is still that worker's. The caller commits."""
    values = {"run_id": run_id, "reason": reason, "detail": storable(detail), "now": now}
    connection.execute(SQL["fail_run"], {**values, "worker": worker})


def _counts(counted: Counted) -> dict[str, int]:
    return {
        "requests": counted.requests,
        "listings": counted.listings,
        "entries": counted.entries,
        "articles": counted.articles,
        "new_captures": counted.new_captures,
    }
