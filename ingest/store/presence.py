"""Is the server there? What it says of itself, and what the kernel says of it.

Whether any of its processes is alive is told by the lock ``alive``: they inherit it, so it is free
exactly when the last of them is gone, whatever process numbers have been given out again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from psycopg.pq import PGconn, Ping

from ingest.store import locks
from ingest.store.site import PORT, Site

SUPERUSER = "fazhi"


@dataclass(frozen=True, slots=True)
class Running:
    """What a server wrote down of itself. That it is still alive is another matter."""

    pid: int
    socket: Path
    """The directory."""
    ready: bool


def running_server(site: Site) -> Running | None:
    """The server's own note (postmaster.pid); None while it has written none."""
    try:
        lines = (site.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    if len(lines) < 5 or not lines[4]:
        return None
    ready = len(lines) > 7 and lines[7].strip() == "ready"
    return Running(int(lines[0]), Path(lines[4]), ready)


def server_url(socket: Path, database: str) -> str:
    """A libpq URI of a database of the server that listens in this directory."""
    host = quote(str(socket), safe="")
    return f"postgresql://{SUPERUSER}@/{quote(database, safe='')}?host={host}&port={PORT}"


def answering_server(site: Site) -> Running | None:
    """The server, if it takes connections now."""
    found = running_server(site)
    if found is None or not found.ready:  # asking earlier would fill its log with refusals
        return None
    url = server_url(found.socket, "postgres")
    return found if PGconn.ping(url.encode()) == Ping.OK else None


def wait_until_gone(site: Site, seconds: float) -> bool:
    """Whether no process of the server is left, waiting for it if need be."""
    deadline = time.monotonic() + seconds
    while not locks.is_free(site.lock("alive")):
        if time.monotonic() > deadline:
            return False
        time.sleep(locks.POLL)
    return True
