"""Is the service ready to be asked for something?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ingest.errors import SchemaMismatchError
from ingest.store.database import Database
from ingest.store.migrate import require_current_schema
from scheduler.presence import processes
from scheduler.trouble import explained


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the database answers and is of our version; who is at work, as roles and counts."""

    good: bool
    database: str
    """``ok``, or what is wrong in one line."""
    processes: dict[str, int] = field(default_factory=dict)


def ready(database: Database) -> Readiness:
    """Ask now. Roles without a process do not make the service unready: jobs wait for them."""
    try:
        require_current_schema(database)
        found = Counter(process.role for process in processes(database))
    except SchemaMismatchError as error:
        return Readiness(False, str(error))
    except Exception as error:
        told = explained(error)
        if told is None:
            raise
        return Readiness(False, str(told))
    return Readiness(True, "ok", dict(sorted(found.items())))
