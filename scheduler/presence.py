"""Who is at work on this database, told by PostgreSQL itself: no register that could be stale."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

from ingest.store.database import Database
from scheduler.sql import load

SQL = load("presence")
HOST = socket.gethostname()[:30]
"""PostgreSQL keeps 63 bytes of a connection's name."""
PLACE = f"{HOST}:{os.getpid()}"
"""This process, as the ledger and other machines know it."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the service, on this machine or another."""

    role: str
    host: str
    pid: int


def connection_name(role: str) -> str:
    """What a process of this role calls its connections."""
    return f"fazhi {role} {PLACE}"


def processes(database: Database) -> list[Process]:
    """All processes of the service that are connected."""
    with database.connect(autocommit=True) as connection:
        rows = connection.execute(SQL["list_processes"]).fetchall()
    return [
        Process(role, place.rpartition(":")[0], int(place.rpartition(":")[2]))
        for role, place in rows
    ]


def served(found: list[Process], *roles: str) -> bool:
    """Whether every one of the roles is taken by some process."""
    return set(roles) <= {process.role for process in found}
