"""The registry of portals, as a table."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg.types.json import Jsonb

from crawler.portals import Portal
from ingest.store.connection import Connection
from ingest.store.sql import load_queries

SQL = load_queries("portals")


def sync_portals(connection: Connection, portals: Iterable[Portal]) -> None:
    """Make the tables portals and columns say what the whole registry says.

    A portal that is not in it any more is marked and stays. The caller commits.
    """
    registry = list(portals)
    columns = Jsonb(
        [
            {"portal_id": portal.id, "url": column.url, "name": column.name}
            for portal in registry
            for column in portal.columns
        ]
    )
    connection.execute(SQL["upsert_portals"], {"portals": Jsonb([_row(p) for p in registry])})
    connection.execute(SQL["withdraw_portals"], {"ids": [portal.id for portal in registry]})
    connection.execute(SQL["drop_columns"], {"columns": columns})
    connection.execute(SQL["upsert_columns"], {"columns": columns})


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
