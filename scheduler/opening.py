"""How every program of ours begins and ends: settings read, logging set up, the database made
ready, what goes wrong told in one line. Without the libraries of the command line, which processes
that run for years need not carry."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scheduler.config import Settings, load_settings
from scheduler.log import configure_logging
from scheduler.trouble import explained

if TYPE_CHECKING:
    from ingest.store.database import Database


@contextmanager
def one_line_of_trouble() -> Iterator[None]:
    """An error that a user can do something about ends the program with one line and its exit code;
    any other is a defect, and keeps its traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        yield
    except Exception as error:
        told = explained(error)
        if told is None:
            raise
        sys.stderr.write(f"fazhi: {' '.join(str(told).split())}\n")
        sys.exit(told.exit_code)


def begin(*, level: str = "warning") -> Settings:
    """Settings read and logging set up; ``level`` is for when the user chose none."""
    settings = load_settings()
    configure_logging(settings.log, settings.log_level or level)
    return settings


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """The database of the settings, started if it is the embedded one; its schema as it is."""
    from ingest.store.database import open_database as open_
    from ingest.store.database import storage_errors

    with (
        open_(url=settings.database_url, home=settings.home) as database,
        storage_errors(database),
    ):
        yield database


@contextmanager
def ready_database(settings: Settings, *, migrating: bool = False) -> Iterator[Database]:
    """The database with a current schema. The embedded one is ours alone and migrates by itself;
    when a real server does is for its owner to say (`fazhi migrate`), or for ``migrating``."""
    from ingest.errors import SchemaMismatchError
    from ingest.store.migrate import migrate, require_current_schema

    with open_database(settings) as database:
        if database.embedded:
            migrate(database)
        try:
            require_current_schema(database)
        except SchemaMismatchError:
            if not migrating:
                raise
            migrate(database)
        yield database
