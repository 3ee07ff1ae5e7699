"""Indicators as stored: what they mean, their values, and the panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.rows import class_row

from ingest.store.connection import Connection
from ingest.store.queries import region_filter
from ingest.store.sql import load_queries

SQL = load_queries("indicators")


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """An indicator; ``stored`` counts its current values, ``doubtful`` those in doubt."""

    kind: str
    code: str
    theme: str
    name_zh: str
    name_en: str
    unit: str
    tier: str
    definition: str
    pitfalls: str | None
    stored: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A value as a report states it; offsets count code points in the body of its version."""

    kind: str
    code: str
    adcode: str | None
    name: str | None
    level: str | None
    year: int | None
    issuer: str | None
    by_government: bool
    value: float
    unit: str | None
    qualifier: str | None
    period: str
    subtype: str | None
    doubtful: str | None
    evidence: str
    start: int
    end: int
    section: str | None
    """Heading of the section it stands in."""
    rule: str
    ruleset: str
    report_id: int
    url: str | None


@dataclass(frozen=True, slots=True)
class PanelRow:
    """The value that stands for a division, year and indicator; see the view's comments."""

    kind: str
    adcode: str
    name: str
    level: str
    path: list[str]
    year: int
    code: str
    value: float
    unit: str | None
    qualifier: str | None
    period: str
    subtype: str | None
    doubtful: str | None
    by_government: bool
    issuer: str | None
    values_found: int
    values_differ: bool
    evidence: str
    report_id: int
    url: str | None


def list_indicators(
    connection: Connection, *, theme: str | None = None, tier: str | None = None
) -> list[DefinitionRow]:
    """The definitions by theme, with how much is stored of each."""
    with connection.cursor(row_factory=class_row(DefinitionRow)) as cursor:
        values = {"theme": theme, "tier": tier}
        return cursor.execute(SQL["list_indicators"], values).fetchall()


def list_values(
    connection: Connection,
    *,
    codes: Sequence[str] = (),
    years: Sequence[int] = (),
    region: str | None = None,
    report_id: int | None = None,
    doubtful: bool | None = None,
    limit: int | None = 100,
) -> list[ValueRow]:
    """Current values by indicator, division and year; ``region`` is as for ``list_reports``.

    No code or year means all of them; ``doubtful`` True or False only those that are or are not.
    """
    filters = _filters(codes, years, region, doubtful, limit) | {"report_id": report_id}
    with connection.cursor(row_factory=class_row(ValueRow)) as cursor:
        return cursor.execute(SQL["list_values"], filters).fetchall()


def list_panel(
    connection: Connection,
    *,
    codes: Sequence[str] = (),
    years: Sequence[int] = (),
    region: str | None = None,
    doubtful: bool | None = None,
    limit: int | None = 100,
) -> list[PanelRow]:
    """As ``list_values``, but one value for a division, year and indicator."""
    filters = _filters(codes, years, region, doubtful, limit)
    with connection.cursor(row_factory=class_row(PanelRow)) as cursor:
        return cursor.execute(SQL["list_panel"], filters).fetchall()


def _filters(
    codes: Sequence[str],
    years: Sequence[int],
    region: str | None,
    doubtful: bool | None,
    limit: int | None,
) -> dict[str, Any]:
    return {
        **region_filter(region),
        "codes": list(codes) or None,
        "years": list(years) or None,
        "doubtful": doubtful,
        "limit": limit,
    }
