"""The registry as a table: what the seeds say, and what an operator added or decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from psycopg.types.json import Jsonb

from crawler.portals import Column, Portal
from ingest.store.connection import Connection
from ingest.store.sql import load_queries

SQL = load_queries("portals")

Decision = Literal["disabled", "enabled"]


def sync_portals(connection: Connection, portals: Iterable[Portal]) -> None:
    """Make the tables portals and columns say what the whole registry of the seeds says.

    A portal that is not in it any more is marked and stays; an operator's own portals and
    decisions stay as they are. The caller commits.
    """
    registry = list(portals)
    columns = _columns(registry)
    connection.execute(SQL["upsert_portals"], {"portals": Jsonb([_row(p) for p in registry])})
    connection.execute(SQL["withdraw_portals"], {"ids": [portal.id for portal in registry]})
    connection.execute(SQL["drop_columns"], {"columns": columns, "origin": "seeds"})
    connection.execute(SQL["upsert_columns"], {"columns": columns, "origin": "seeds"})


def add_portals(connection: Connection, portals: Sequence[Portal]) -> list[str]:
    """Enter an operator's own portals, or renew those entered before; the ids that were taken in.

    An id that is missing in the answer is taken by a portal of the seeds. The caller commits.
    """
    rows = connection.execute(SQL["add_portals"], {"portals": Jsonb([_row(p) for p in portals])})
    added = [portal_id for (portal_id,) in rows]
    columns = _columns(portal for portal in portals if portal.id in added)
    connection.execute(SQL["drop_columns_of"], {"columns": columns, "ids": added})
    connection.execute(SQL["upsert_columns"], {"columns": columns, "origin": "operator"})
    return added


def decide(
    connection: Connection, portal_id: str, decision: Decision, reason: str | None, today: date
) -> None:
    """Note an operator's word on whether a portal is crawled: a disabled one with a reason.

    Enabling a portal that only the operator had disabled leaves it to the seeds again. The caller
    commits.
    """
    values = {"id": portal_id, "decision": decision, "reason": reason, "today": today}
    connection.execute(SQL["decide"], values)


def read_registry(connection: Connection) -> dict[str, Portal]:
    """Every portal that is in force, by id; ``disabled`` is the operator's word before the seeds'
    and begins with its day."""
    return {portal.id: portal for portal in _read(connection, None)}


def read_portal(connection: Connection, portal_id: str) -> Portal | None:
    """One portal as ``read_registry`` has it, or as it was when it left the registry."""
    return next(iter(_read(connection, [portal_id])), None)


def unknown_adcodes(connection: Connection, adcodes: Iterable[str]) -> list[str]:
    """Those of the codes that no division has or had."""
    rows = connection.execute(SQL["unknown_adcodes"], {"adcodes": sorted(set(adcodes))})
    return [adcode for (adcode,) in rows]


def _read(connection: Connection, ids: list[str] | None) -> list[Portal]:
    rows = connection.execute(SQL["read_portals"], {"ids": ids}).fetchall()
    return [_portal(*row) for row in rows]


def _portal(
    decided_on: date | None, columns: Sequence[Sequence[str | None]], quirks: Any, *rest: Any
) -> Portal:
    portal_id, name, level, adcode, base_url, family_hint, disabled = rest
    portal = Portal(
        id=portal_id,
        name=name,
        level=level,
        adcode=adcode,
        base_url=base_url,
        columns=tuple(Column(str(url), name) for url, name in columns),
        family_hint=family_hint,
        quirks=MappingProxyType(quirks),
        disabled=disabled,
    )
    dated = disabled is not None and decided_on is not None
    return replace(portal, disabled=f"{decided_on} {disabled}") if dated else portal


def _columns(portals: Iterable[Portal]) -> Jsonb:
    return Jsonb(
        [
            {"portal_id": portal.id, "url": column.url, "name": column.name}
            for portal in portals
            for column in portal.columns
        ]
    )


def _row(portal: Portal) -> dict[str, object]:
    return {
        "id": portal.id,
        "name": portal.name,
        "level": portal.level,
        "adcode": portal.adcode,
        "base_url": portal.base_url,
        "family_hint": portal.family_hint,
        "quirks": dict(portal.quirks),
        "disabled": portal.disabled,
    }
