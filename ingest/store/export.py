"""What `fazhi export` reads: the cited views, in one snapshot, batch after batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from psycopg import IsolationLevel, sql

from crawler.capture import Capture
from ingest.export.errors import ExportError
from ingest.export.table import Column, Kind, Row, Table
from ingest.store.connection import Connection
from ingest.store.database import Database
from ingest.store.queries import region_filter
from ingest.store.sql import load_queries

SQL = load_queries("export")
VIEWS = {
    "reports": "cited_reports",
    "sections": "cited_sections",
    "figures": "cited_figures",
    "indicators": "cited_indicators",
    "panel": "cited_panel",
    "coverage": "cited_coverage",
}
BATCH = 2000
KINDS = {
    "bigint": Kind.INTEGER,
    "integer": Kind.INTEGER,
    "numeric": Kind.NUMBER,
    "double precision": Kind.NUMBER,
    "boolean": Kind.TRUTH,
    "date": Kind.DAY,
    "timestamp with time zone": Kind.MOMENT,
    "text": Kind.TEXT,
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows: of a year, of a region (as for ``list_reports``), changed since a moment."""

    year: int | None = None
    region: str | None = None
    since: datetime | None = None


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A connection that sees the database as it is now, however long the export takes."""
    with database.connect() as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield connection


def next_since(connection: Connection) -> datetime:
    """The ``since`` with which the next export misses nothing that this one did not see."""
    moment: datetime = _one(connection, "snapshot_since")
    return moment


def check_since(connection: Connection, since: datetime | None) -> None:
    """Errors: ExportError for a moment that is still to come."""
    if since and _one(connection, "is_future", since=since):
        raise ExportError(f"--since {since.isoformat()} is in the future: nothing can be newer")


def describe(connection: Connection, name: str) -> Table:
    """The table of this name with its columns, as the database's comments explain them."""
    values = {"view": VIEWS[name]}
    columns = tuple(
        Column(column, KINDS[kind], meaning)
        for column, kind, meaning in connection.execute(SQL["columns_of"], values)
    )
    return Table(name, _one(connection, "meaning_of", **values), columns)


def measure(connection: Connection, table: Table, selection: Selection) -> Table:
    """The table with the length of the longest text of each column."""
    texts = [column.name for column in table.columns if column.kind is Kind.TEXT]
    lengths = sql.SQL(", ").join(
        sql.SQL("coalesce(max(length({0})), 0), coalesce(max(octet_length({0})), 0)").format(
            sql.Identifier(name)
        )
        for name in texts
    )
    cursor = connection.execute(_select(table, selection, lengths), _values(selection))
    found = cursor.fetchone() or ()
    sizes = {name: found[2 * place : 2 * place + 2] for place, name in enumerate(texts)}
    return replace(
        table,
        columns=tuple(
            replace(column, characters=sizes[column.name][0], bytes=sizes[column.name][1])
            if column.name in sizes
            else column
            for column in table.columns
        ),
    )


def rows(connection: Connection, table: Table, selection: Selection) -> Iterator[list[Row]]:
    """All rows in batches; only one batch is held at a time."""
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    with connection.cursor(name="export") as cursor:
        cursor.execute(_select(table, selection, names), _values(selection))
        while batch := cursor.fetchmany(BATCH):
            yield list(batch)


def captures(connection: Connection, selection: Selection) -> Iterator[tuple[int, Capture]]:
    """Captures with their numbers, oldest first; of a region those of its portals."""
    values = _values(selection)
    with connection.cursor(name="captures") as cursor:
        cursor.itersize = 20  # pages may be large
        cursor.execute(SQL["captures"], values)
        for number, url, status, headers, _, fetched_at, portal, run, file, body in cursor:
            yield (
                number,
                Capture(
                    url=url,
                    requested_url=url,
                    status=status,
                    headers=tuple((name, value) for name, value in headers),
                    body=bytes(body),
                    fetched_at=fetched_at,
                    portal_id=portal,
                    run_id=run,
                    file_name=file,
                ),
            )


def _select(table: Table, selection: Selection, what: sql.Composable) -> sql.Composed:
    conditions = [sql.SQL("true")]
    if selection.year is not None:
        conditions.append(sql.SQL("report_year = %(year)s"))
    if selection.since is not None:
        conditions.append(sql.SQL("changed_at >= %(since)s"))
    if selection.region is not None:
        conditions.append(
            sql.SQL(
                "(adcode like %(adcode)s || '%%'"
                " or ' / ' || region_path like '%% / ' || %(name)s || '%%')"
            )
        )
    return sql.SQL("select {} from {} where {}").format(
        what, sql.Identifier(VIEWS[table.name]), sql.SQL(" and ").join(conditions)
    )


def _values(selection: Selection) -> dict[str, Any]:
    region = region_filter(selection.region)
    return {"year": selection.year, "since": selection.since, **region}


def _one(connection: Connection, statement: str, **values: Any) -> Any:
    row = connection.execute(SQL[statement], values).fetchone()
    assert row is not None
    return row[0]
