"""Commands run in this process against a migrated database; all reports invented."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
import structlog

from crawler.capture import Capture
from ingest.records import Record
from ingest.store.captures import store_capture
from ingest.store.database import Database
from ingest.store.jumps import marking_jumps
from ingest.store.reports import store_record
from scheduler import cli as front_door


class Answer(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def fazhi(
    database: Database, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Answer]]:
    """Runs a command line; ``FAZHI_DATABASE_URL`` names the test's database."""
    monkeypatch.setenv("FAZHI_DATABASE_URL", database.url)
    root = logging.getLogger()
    handlers, level = root.handlers, root.level

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["fazhi", *arguments])
        code = 0
        try:
            front_door.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Answer(code, *capfd.readouterr())

    yield run
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.fixture
def refused(fazhi: Callable[..., Answer]) -> Callable[..., str]:
    """The one line of a command that cannot do what was asked."""

    def run(*arguments: str) -> str:
        answer = fazhi(*arguments)
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.count("\n") == 1, answer.err
        assert answer.err.startswith("fazhi: ")
        return answer.err

    return run


@pytest.fixture
def stored(database: Database) -> Iterator[Callable[..., int]]:
    """Keeps a record as read from a file of these bytes, by rules of old unless others are named;
    the capture's number."""
    with database.connect() as connection:

        def store(record: Record, content: bytes, rules: str = "rules of old") -> int:
            now = datetime.now(UTC)
            page = Capture(None, None, 200, (), content, now, file_name=record.input)
            number, _ = store_capture(connection, page)
            with marking_jumps(connection, [number]):
                store_record(connection, number, page, record, rules)
            connection.commit()
            return number

        yield store
