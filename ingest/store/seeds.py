"""Divisions, portals and definitions from the seeds into the database, for plain SQL to join."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path

from psycopg.types.json import Jsonb

from crawler.portals import load_portals
from crawler.seeds import SEEDS
from ingest.definitions import FILE, load_definitions
from ingest.duties import FILE as DUTY
from ingest.duties import load_duties
from ingest.regions import Gazetteer
from ingest.store.connection import Connection
from ingest.store.portals import sync_portals
from ingest.store.sql import load_queries

SQL = load_queries("seeds")


def load_seeds(connection: Connection, seeds: Path = SEEDS, *, schema: str = "") -> None:
    """Make the tables regions, portals, columns and indicators say what the seeds say.

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
        _load_definitions(connection, seeds)
        _load_duties(connection, seeds)
        connection.execute(SQL["note_digest"], {"digest": digest})


def _digest(seeds: Path, schema: str) -> str:
    """Of everything that the tables are read from."""
    digest = hashlib.sha256(f"{schema}\0".encode())
    tables = [
        file for room in ("regions", "portals", "demo") for file in (seeds / room).glob("*.csv")
    ]
    kinds = [file for name in (FILE, DUTY) for file in (seeds / "kinds").glob(f"*/{name}")]
    for file in sorted([*tables, *kinds]):
        digest.update(f"{file.relative_to(seeds)}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _load_definitions(connection: Connection, seeds: Path) -> None:
    connection.execute(SQL["empty_indicators"])
    for file in sorted((seeds / "kinds").glob(f"*/{FILE}")):
        kind = file.parent.name
        rows = [asdict(definition) for definition in load_definitions(kind, seeds)]
        connection.execute(SQL["fill_indicators"], {"kind": kind, "rows": Jsonb(rows)})


def _load_duties(connection: Connection, seeds: Path) -> None:
    rows = [{**asdict(duty), "levels": sorted(duty.levels)} for duty in load_duties(seeds)]
    connection.execute(SQL["empty_duties"])
    connection.execute(SQL["fill_duties"], {"rows": Jsonb(rows)})


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
