"""Search, as the SQL function ``search`` does it; here only the question is handed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import psycopg
from psycopg.rows import class_row

from crawler.errors import FazhiError
from ingest.store.connection import Connection
from ingest.store.sql import load_queries
from ingest.store.text import storable

SQL = load_queries("search")
OURS = "search: "
"""What the function's own words begin with; anything else is the database's trouble."""


class QueryError(FazhiError):
    """What was asked cannot be looked for; the message says why."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """A report that was found: ``snippet`` has what was looked for in guillemets, ``section`` is
    where it stands (empty in the title). ``rank`` as the comment of the SQL function says."""

    rank: float
    report_id: int
    title: str | None
    report_year: int | None
    issuer: str | None
    region_name: str | None
    section: str | None
    section_role: str | None
    snippet: str | None
    published_at: date | None
    url: str | None


def search(
    connection: Connection,
    query: str,
    *,
    year: int | None = None,
    region: str | None = None,
    level: str | None = None,
    role: str | None = None,
    limit: int = 20,
    skip: int = 0,
    warn: Callable[[str], None] | None = None,
) -> list[Hit]:
    """A page of the reports that hold all terms of the query, the best first. ``warn`` is called
    when texts that may hold them were left unread.

    Errors: QueryError when there is nothing to look for, or a filter does not exist.
    """
    values = {
        **{"query": storable(query), "year": year, "region": region, "level": level, "role": role},
        **{"hits": limit, "skip": skip},
    }
    with connection.cursor(row_factory=class_row(Hit)) as cursor, _heard(connection, warn):
        try:
            return cursor.execute(SQL["search"], values).fetchall()
        except psycopg.errors.InvalidParameterValue as error:
            said = error.diag.message_primary or ""
            if not said.startswith(OURS):
                raise
            raise QueryError(said.removeprefix(OURS)) from None


@contextmanager
def _heard(connection: Connection, warn: Callable[[str], None] | None) -> Iterator[None]:
    def hear(notice: psycopg.errors.Diagnostic) -> None:
        said = notice.message_primary or ""
        if warn and said.startswith(OURS):
            warn(said.removeprefix(OURS))

    connection.add_notice_handler(hear)
    try:
        yield
    finally:
        connection.remove_notice_handler(hear)
