"""A run that reads stored captures again by the present rules: first all, then what was approved.

It notes which captures it wants read (store/again.py). Whoever works (this process, the service's
ingesters on any machine; ingest/rereading.py) takes some that wait, reads them and notes what
differs from what is stored. That is the report, and nothing is switched over by then. What is
approved after it is read once more where it differs, and stored. What these rules have read is not
read again: a run that was interrupted goes on where it stopped. A capture that breaks the chain
keeps what is stored of it, for a fault of the program must not take a report away. So does one that
ends those who read it, which the service's ingesters try rather than this process, where they are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from ingest.captured import Extract
from ingest.differences import Differences, restored
from ingest.errors import StorageError
from ingest.extract import Rules
from ingest.extract import extract as extract_record
from ingest.rereading import Rereader
from ingest.store import again as store
from ingest.store.again import Scope, count_again
from ingest.store.attempts import Attempts
from ingest.store.comparing import compare_due
from ingest.store.connection import Connection
from ingest.store.database import Database, storage_errors
from ingest.store.panel import keep_panel
from ingest.worker import BATCH

POLL = 0.5
"""Seconds between two looks at what other workers still hold."""
CALL_EVERY = 10.0
"""Seconds until others are called again where nothing moves: those that were may have ended."""


@dataclass(slots=True)
class Reread:
    """What a run did, or would do when it is dry. ``left`` counts what these rules have not read
    then: captures that broke the chain, or that another worker held."""

    ruleset: str
    dry: bool
    to_read: int
    differences: Differences = field(default_factory=Differences)
    broken: list[str] = field(default_factory=list)
    """Names of captures that broke the chain or ended those who read it, and why."""
    left: int = 0


class Watcher(Protocol):
    """Told how a run goes on."""

    patience: float
    """Seconds to wait for what other workers hold while they do not get on."""

    def step(self, what: str, done: int, total: int) -> None:
        """So many captures of a run are done, by whomever."""

    def hire(self) -> None:
        """There is work for others too."""

    def helped(self) -> bool:
        """Whether others take what may end its reader."""

    def report(self, run: Reread) -> None:
        """All is read, and nothing is switched over yet."""


class Unwatched:
    """Alone, and nobody looks on."""

    patience = 0.0

    def step(self, what: str, done: int, total: int) -> None:
        """Nobody is told."""

    def hire(self) -> None:
        """Nobody comes."""

    def helped(self) -> bool:
        """Nobody is there."""
        return False

    def report(self, run: Reread) -> None:
        """Nobody is told."""


def reingest(
    database: Database,
    scope: Scope,
    *,
    dry: bool = False,
    again: bool = False,
    batch: int = BATCH,
    watcher: Watcher | None = None,
    extract: Extract = extract_record,
    limit: float | None = None,
) -> Reread:
    """Read the captures of a scope again; then store what they say now, unless ``dry``.

    ``again`` also reads those that the present rules have read. A capture that takes longer than
    ``limit`` (seconds) to be read ends this process. Errors: StorageError, also where another run
    is under way. Either way what was not committed by then is as it was, and the same call goes on
    from there.
    """
    rules = Rules.load()
    unread = replace(scope, ruleset=rules.version)
    watcher = watcher or Unwatched()
    with _alone(database) as connection, Attempts(database) as attempts:
        number = store.ask_again(connection, scope if again else unread, rules.version)
        connection.commit()
        reader = Rereader(connection, attempts, rules, extract, batch, limit, watcher.helped)
        run = _Run(connection, number, reader, watcher)
        found = Reread(rules.version, dry, run.in_all())
        run.read(batch)
        _sum_up(connection, number, found)
        watcher.report(found)
        if not dry:
            store.approve(connection, number)
            connection.commit()
            run.switch(batch)
            compare_due(connection)
            keep_panel(connection)
            found.broken = _broken(connection, number)
            found.left = count_again(connection, unread)
        connection.rollback()
    return found


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    with storage_errors(database), database.connect() as connection:
        if not store.alone(connection):
            raise StorageError(
                "another 'fazhi reingest' is under way in this database: wait for its end; more "
                "ingesters ('fazhi serve') make it quicker"
            )
        connection.commit()
        yield connection


def _sum_up(connection: Connection, number: int, found: Reread) -> None:
    for plain in store.differences_of(connection, number):
        found.differences.add(restored(plain))
    found.differences.captures = store.progress(connection, number).read
    found.broken = _broken(connection, number)
    connection.rollback()


def _broken(connection: Connection, number: int) -> list[str]:
    return [
        f"capture {capture} ({name}): {reason}"
        for capture, name, reason in store.broken_in(connection, number)
    ]


@dataclass(slots=True)
class _Run:
    """The side of a run that asked for it: does its share, then waits for that of others."""

    connection: Connection
    number: int
    reader: Rereader
    watcher: Watcher

    def in_all(self) -> int:
        now = self._progress()
        return now.waiting + now.read + now.broken

    def read(self, many: int) -> None:
        self._finish("reading again", self.reader.read, lambda: self._progress().waiting, many)

    def switch(self, many: int) -> None:
        self._finish("switching over", self.reader.switch, lambda: self._progress().to_switch, many)

    def _finish(
        self, what: str, step: Callable[[], int], count: Callable[[], int], many: int
    ) -> None:
        """Until nothing is left, or others hold the rest and do not get on with it."""
        total = left = count()
        if total > many:
            self.watcher.hire()
        moved = called = time.monotonic()
        while left:
            done = step()
            before, left = left, count()
            self.watcher.step(what, total - left, total)
            now = time.monotonic()
            if done or left < before:
                moved = now
            elif now - moved >= self.watcher.patience:
                return
            elif now - called >= CALL_EVERY:
                self.watcher.hire()
                called = now
            else:
                time.sleep(POLL)

    def _progress(self) -> store.Progress:
        now = store.progress(self.connection, self.number)
        self.connection.rollback()
        return now
