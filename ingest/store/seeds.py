"""Divisions and portals from the seeds into the database, so that plain SQL can join them."""

from __future__ import annotations

from pathlib import Path

from crawler.portals import load_portals
from crawler.seeds import SEEDS
from ingest.regions import Gazetteer
from ingest.store.connection import Connection
from ingest.store.portals import sync_portals
from ingest.store.sql import load_queries

SQL = load_queries("seeds")


def load_seeds(connection: Connection, seeds: Path = SEEDS) -> None:
    """Make the tables regions, portals and columns say what the seeds say.

    All or nothing. Errors: SeedError.
    """
    gazetteer = Gazetteer.load(seeds)
    portals = load_portals(seeds)
    with connection.transaction():
        _load_regions(connection, gazetteer)
        sync_portals(connection, portals.values())


def _load_regions(connection: Connection, gazetteer: Gazetteer) -> None:
    connection.execute(SQL["make_incoming_regions"])
    with connection.cursor().copy(SQL["copy_incoming_regions"]) as copy:
        for division in gazetteer.all():
            copy.write_row(
                (
                    *(division.adcode, division.name, division.level, division.parent_adcode),
                    *(list(division.path), division.zone),
                    *(division.valid_from, division.valid_to, division.successor),
                )
            )
    row = connection.execute(SQL["regions_differ"]).fetchone()
    if row and row[0]:
        connection.execute(SQL["empty_regions"])
        connection.execute(SQL["fill_regions"])
