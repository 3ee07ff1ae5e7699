"""What `fazhi doctor` looks at, from the settings outward."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal
from urllib.request import urlopen

from crawler.portals import load_portals
from ingest.errors import SchemaMismatchError
from ingest.store.captures import count_pending
from ingest.store.database import Database, open_database, storage_errors
from ingest.store.migrate import require_current_schema
from ingest.store.roles import missing_roles
from scheduler.config import Settings, unknown_variables
from scheduler.presence import HOST, Process, processes, served
from scheduler.roles import RoleName
from scheduler.schedule_file import load_schedule
from scheduler.setting_addresses import OFF
from scheduler.trouble import explained

State = Literal["good", "note", "wrong"]
LOOPBACK = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}
"""Where to ask what listens everywhere."""
LIBRARIES = ("scrapy", "twisted", "procrastinate", "apscheduler", "psycopg", "selectolax")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's findings. ``note`` is worth knowing, and no reason to worry."""

    name: str
    state: State
    detail: str


def checkup(settings: Settings) -> list[Check]:
    """Everything: program, settings, seeds, home, database, schema, roles, workers, backlog."""
    return [*_program(), *_settings(settings), *_seeds(), *_storage(settings)]


def check_role(settings: Settings, role: RoleName) -> list[Check]:
    """Only whether this machine has a process of the role at work (for container engines): one
    that is connected to the database, or an endpoint that answers."""
    wanted = [r.value for r in RoleName if r not in (RoleName.ALL, RoleName.HEALTH)]
    wanted = wanted if role is RoleName.ALL else [role.value]
    if role is RoleName.HEALTH:
        return [_endpoint(settings.listen)]
    return list(_attempt("database", lambda: _role(settings, wanted)))


def _endpoint(listen: str) -> Check:
    if listen == OFF:
        return Check("health", "note", "FAZHI_LISTEN=off: no endpoint")
    host, _, port = listen.rpartition(":")
    host = LOOPBACK.get(host, host)
    try:
        with urlopen(f"http://{host}:{port}/livez", timeout=10):
            return Check("health", "good", f"answers at {listen}")
    except OSError as error:
        return Check("health", "wrong", f"does not answer at {listen} ({error})")


def _role(settings: Settings, wanted: list[str]) -> Iterator[Check]:
    with open_database(url=settings.database_url, home=settings.home) as database:
        here = [process for process in processes(database) if process.host == HOST]
        for name in wanted:
            alive = served(here, name)
            yield Check(name, "good" if alive else "wrong", "at work" if alive else "not at work")


def _attempt(name: str, look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    """The checks of ``look``; an error that stops it is a finding of its own."""
    try:
        yield from look()
    except Exception as error:
        told = explained(error)
        if told is None:
            raise
        yield Check(name, "wrong", str(told))


def _program() -> Iterator[Check]:
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    yield Check(
        "fazhi", "good", f"{metadata.version('fazhi')} on Python {platform.python_version()}"
    )
    yield Check("libraries", "good", versions)


def _settings(settings: Settings) -> Iterator[Check]:
    source = f"environment and {settings.file}" if settings.file else "environment"
    yield Check("settings", "good", source)
    if settings.contact is None:
        reason = "FAZHI_CONTACT is not set: public portals are not crawled without it"
        yield Check("contact", "note", reason)
    for name in unknown_variables():
        yield Check("settings", "wrong", f"{name} means nothing here: correct or unset it")


def _seeds() -> Iterator[Check]:
    def look() -> Iterator[Check]:
        portals = load_portals()
        schedule = load_schedule()
        enabled = [portal for portal in portals.values() if not portal.disabled]
        due = sum(bool(schedule.of(portal).visits) for portal in enabled)
        detail = f"{len(portals)} portals, {len(enabled)} enabled, {due} in the calendar"
        yield Check("seeds", "good", detail)

    return _attempt("seeds", look)


def _storage(settings: Settings) -> Iterator[Check]:
    home = list(_attempt("home", lambda: _home(settings.home)))
    yield from home
    if all(check.state != "wrong" for check in home) or settings.database_url:
        yield from _attempt("database", lambda: _database(settings))


def _home(home: Path) -> Iterator[Check]:
    if not home.exists():
        nearest = next(parent for parent in home.parents if parent.exists())
        good = os.access(nearest, os.W_OK)
        detail = "will be made at first use" if good else f"cannot be made in {nearest}"
        yield Check("home", "good" if good else "wrong", f"{home}: {detail}")
        return
    with tempfile.TemporaryFile(dir=home) as probe:
        probe.write(bytes(4096))
        probe.flush()
    free = os.statvfs(home)
    yield Check("home", "good", f"{home}, {free.f_bavail * free.f_frsize / 2**30:.1f} GiB free")


def _database(settings: Settings) -> Iterator[Check]:
    with (
        open_database(url=settings.database_url, home=settings.home) as database,
        storage_errors(database),
    ):
        info = database.describe()
        kind = "embedded" if info.embedded else "server"
        size = f"{info.size / 2**20:.0f} MiB"
        yield Check(
            "database", "good", f"PostgreSQL {info.version} ({kind}) at {info.address}, {size}"
        )
        for note in info.notes:
            yield Check("database", "note", note)
        try:
            require_current_schema(database)
        except SchemaMismatchError as error:
            yield Check("schema", "wrong", str(error))
            return
        yield Check("schema", "good", "current")
        yield from _contents(database)
        yield from _workers(processes(database))


def _contents(database: Database) -> Iterator[Check]:
    with database.connect(autocommit=True) as connection:
        missing = missing_roles(connection)
        detail = f"missing: {', '.join(missing)}: run fazhi migrate" if missing else "all there"
        yield Check("roles", "wrong" if missing else "good", detail)
        waiting = count_pending(connection)
        yield Check("captures", "note" if waiting else "good", f"{waiting} wait to be ingested")


def _workers(found: list[Process]) -> Iterator[Check]:
    for role in (RoleName.SCHEDULER, RoleName.CRAWLER, RoleName.INGESTER):
        places = [f"{p.host} ({p.pid})" for p in found if p.role == role.value]
        if places:
            yield Check(role.value, "good", ", ".join(places))
        else:
            yield Check(role.value, "note", "not at work; 'fazhi serve' starts it")
