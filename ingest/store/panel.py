"""Keeps the panel: the value chosen for each division, year and indicator.

Which cells have to be chosen anew is noted by the database itself, in the transaction that stores a
report (migration 0100). Until they are kept, the view ``indicator_panel`` chooses those few for
whoever asks, so that it is never behind; keeping them takes no lock that a reader waits for.
"""

from __future__ import annotations

from ingest.store.connection import LOST_RACE, Connection
from ingest.store.sql import load_queries

SQL = load_queries("panel")
BATCH = 200
"""Divisions and years a transaction."""
RACES = 5
"""How often two workers may meet at the same cells."""


def keep_panel(connection: Connection, *, most: int | None = None) -> int:
    """Choose anew in the cells that wait and that no other worker has taken; of how many notes.

    Commits after every few of them, and ends after about ``most``. The connection must not be in
    a transaction.
    """
    kept = races = 0
    while most is None or kept < most:
        try:
            taken = _batch(connection)
        except LOST_RACE:
            connection.rollback()
            races += 1
            if races > RACES:
                raise
            continue
        if not taken:
            break
        kept += taken
    return kept


def choose_all(connection: Connection) -> int:
    """As ``keep_panel``, for every division and year there is; what was kept is forgotten."""
    connection.execute(SQL["all_due"])
    connection.commit()
    return keep_panel(connection)


def _batch(connection: Connection) -> int:
    rows = connection.execute(SQL["take_due"], {"limit": BATCH}).fetchall()
    if rows:
        cells = sorted(set(rows), key=str)
        names = ("kinds", "adcodes", "names", "years")
        values = {
            name: list(column) for name, column in zip(names, zip(*cells, strict=True), strict=True)
        }
        # Held before anything is read: what another worker kept meanwhile is seen, or seen by it.
        for query in ("hold_cells", "drop_cells", "keep_cells"):
            connection.execute(SQL[query], values)
    connection.commit()
    return len(rows)
