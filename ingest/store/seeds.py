"""Divisions and portals from the seeds into the database, so that plain SQL can join them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from crawler.portals import load_portals
from crawler.seeds import SEEDS
from ingest.regions import Gazetteer
from ingest.store.connection import Connection
from ingest.store.portals import sync_portals
from ingest.store.sql import load_queries

SQL = load_queries("seeds")


def load_seeds(connection: Connection, seeds: Path = SEEDS, *, schema: str = "") -> None:
    """Make the tables regions, portals and columns say what the seeds say.

    Files that were loaded last time are not read again, unless the tables themselves are of
    another ``schema``. All or nothing. Errors: SeedError.
    """
    digest = _digest(seeds, schema)
    row = connection.execute(SQL["loaded_digest"]).fetchone()
    if row == (digest,):
        return
    gazetteer = Gazetteer.load(seeds)
    portals = load_portals(seeds)
    with connection.transaction():
        _load_regions(connection, gazetteer)
        sync_portals(connection, portals.values())
        connection.execute(SQL["note_digest"], {"digest": digest})


def _digest(seeds: Path, schema: str) -> str:
    """Of everything that divisions and portals are read from."""
    digest = hashlib.sha256(f"{schema}\0".encode())
    for room in ("regions", "portals", "demo"):
        for file in sorted((seeds / room).glob("*.csv")):
            digest.update(f"{file.relative_to(seeds)}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


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
