"""Questions that people ask of the database; one thin function for each statement."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from psycopg.rows import class_row

from ingest.records import Attachment, Contact, Removal, Role, Section
from ingest.store.connection import Connection
from ingest.store.rows import (
    Counts,
    FailureRow,
    PortalRow,
    RejectRow,
    ReportDetail,
    ReportRow,
    RunRow,
    VersionRow,
)
from ingest.store.sql import load_queries

SQL = load_queries("queries")

Row = TypeVar("Row")


def list_reports(
    connection: Connection,
    *,
    region: str | None = None,
    year: int | None = None,
    limit: int | None = 100,
) -> list[ReportRow]:
    """Reports by division, newest year first. ``limit`` None gives all.

    ``region`` is an adcode, which takes in every division below it (a province its counties), or
    a name or its beginning, which takes in all that have it on their path.
    """
    values = {**region_filter(region), "year": year, "limit": limit}
    return _rows(connection, ReportRow, "list_reports", values)


def get_report(connection: Connection, report_id: int) -> ReportDetail | None:
    """A report with its versions and all parts, or None when there is none of this id."""
    reports = _rows(connection, ReportRow, "get_report", {"report_id": report_id})
    if not reports:
        return None
    versions = list_versions(connection, report_id)
    newest = {"version_id": versions[0].id if versions else None}
    return ReportDetail(
        report=reports[0],
        versions=tuple(versions),
        sections=tuple(report_sections(connection, newest["version_id"])),
        removals=tuple(_rows(connection, Removal, "report_removals", newest)),
        attachments=tuple(_rows(connection, Attachment, "report_attachments", newest)),
        contacts=tuple(_rows(connection, Contact, "report_contacts", newest)),
    )


def list_versions(connection: Connection, report_id: int) -> list[VersionRow]:
    """The versions of a report in time, newest first."""
    return _rows(connection, VersionRow, "list_versions", {"report_id": report_id})


def report_sections(connection: Connection, version_id: int | None) -> list[Section]:
    """Numbered parts of a version, in the order of the body."""
    rows = connection.execute(SQL["report_sections"], {"version_id": version_id})
    return [
        Section(level, number, heading, Role(role) if role else None, start, end)
        for level, number, heading, role, start, end in rows
    ]


def list_runs(
    connection: Connection,
    *,
    portal: str | None = None,
    run_id: int | None = None,
    limit: int | None = 50,
) -> list[RunRow]:
    """Runs, newest first, of one portal if given."""
    values = {"portal_id": portal, "run_id": run_id, "limit": limit}
    return _rows(connection, RunRow, "list_runs", values)


def list_failures(connection: Connection, run_id: int) -> list[FailureRow]:
    """What a run could not fetch, in the order it happened."""
    return _rows(connection, FailureRow, "list_failures", {"run_id": run_id})


def list_portals(
    connection: Connection,
    *,
    region: str | None = None,
    level: str | None = None,
    family: str | None = None,
    disabled: bool | None = None,
    withdrawn: bool = False,
) -> list[PortalRow]:
    """Portals by id, with what they gave and how they fare; ``withdrawn`` adds those that have
    gone from the registry. ``region`` is as for ``list_reports``."""
    values = {**region_filter(region), "level": level, "family": family, "disabled": disabled}
    return _rows(connection, PortalRow, "list_portals", {**values, "all": withdrawn})


def list_rejects(
    connection: Connection, *, verdict: str | None = None, limit: int | None = 100
) -> list[RejectRow]:
    """Rejects, newest first, of one verdict if given."""
    return _rows(connection, RejectRow, "list_rejects", {"verdict": verdict, "limit": limit})


def count_all(connection: Connection) -> Counts:
    """How much there is of everything."""
    return _rows(connection, Counts, "count_all", {})[0]


def count_rejects(connection: Connection) -> dict[str, int]:
    """Rejects by verdict, most first."""
    return dict(connection.execute(SQL["count_rejects"]).fetchall())


def shared_prefix(adcode: str) -> str:
    """The part of a code that all divisions below share: 350000 -> 35, 350100 -> 3501."""
    if adcode == "000000":
        return ""
    return re.sub(r"(?:00){1,2}$", "", adcode) if len(adcode) == 6 else adcode


def region_filter(region: str | None) -> dict[str, str | None]:
    """Parameters ``adcode`` and ``name`` of the statements that take a region."""
    code = region if region is not None and re.fullmatch(r"[0-9]{1,12}", region) else None
    return {
        "adcode": None if code is None else shared_prefix(code),
        "name": region if code is None else None,
    }


def _rows(
    connection: Connection, row: type[Row], statement: str, values: dict[str, Any]
) -> list[Row]:
    with connection.cursor(row_factory=class_row(row)) as cursor:
        return cursor.execute(SQL[statement], values).fetchall()
