"""One thread and one connection that write for all crawls of a process, many answers at a time.

Crawls side by side hand in their work and wait for it; whatever comes within a moment, or while
the last transaction runs, goes into one transaction, which is one turn to the server. The reactor
never waits for the disk, and a commit is shared.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from ingest.store.connection import SERVER_TROUBLE, Connection
from ingest.store.database import Database, open_database, storage_errors
from ingest.store.migrate import require_current_schema

P = TypeVar("P")
R = TypeVar("R")
Work = Callable[[Connection, Sequence[P]], Sequence[R]]
"""Does one kind of work for several, in their order: a result for each."""
MOST = 200
"""Pieces of work in one transaction."""
GATHER, GATHER_A_USER = 0.02, 0.00025
"""Seconds in which more is waited for: at most, and for each user, of whom a crawl is two. The
more crawls, the more comes, and the less it matters to one of them; a crawl alone waits for
nobody."""
USERS_ALONE = 2
"""Of one crawl: its frontier and its sink."""
_Item = tuple[Work[Any, Any], Any, "asyncio.Future[Any]"]
_Settled = tuple["asyncio.Future[Any]", Any, BaseException | None]


class Writer:
    """See the module. Get one from ``shared_writer``; ``close`` it as often as that was called."""

    def __init__(self, url: str | None, home: Path | None):
        self._database: Database = open_database(url=url, home=home)
        try:
            require_current_schema(self._database)
            self._connection: Connection = self._database.connect(autocommit=True)
        except BaseException:
            self._database.close()
            raise
        self.users = 0
        self._waiting: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    async def write(self, work: Work[P, R], piece: P) -> R:
        """Have a piece of work done; returns its result when it is durable.

        Errors: StorageError.
        """
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.put((work, piece, done))
        return await done

    def stop(self) -> None:
        """Do what is waiting, and end."""
        self._waiting.put(None)
        self._thread.join()
        self._connection.close()
        self._database.close()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            if self.users > USERS_ALONE:
                time.sleep(min(GATHER, GATHER_A_USER * self.users))
            batch, ending = [first], False
            while len(batch) < MOST and not ending and not self._waiting.empty():
                item = self._waiting.get()
                ending = item is None
                batch += [item] if item else []
            _tell(self._write([item for item in batch if not item[2].cancelled()]))
            if ending:
                return

    def _write(self, batch: list[_Item]) -> list[_Settled]:
        """All in one transaction; if that fails, each by itself, so that one bad piece harms no
        other, and statement by statement, so that an error comes from where it was made."""
        try:
            results = self._together(batch, self._in_a_pipeline)
        except Exception:
            results = None
        if results is not None:
            pairs = zip(batch, results, strict=True)
            return [(done, result, None) for (_, _, done), result in pairs]
        settled: list[_Settled] = []
        for item in batch:
            try:
                with storage_errors(self._database):
                    [result] = self._together([item], self._transaction)
            except BaseException as error:
                settled.append((item[2], None, error))
            else:
                settled.append((item[2], result, None))
        return settled

    def _together(self, batch: list[_Item], way: Callable[[list[_Item]], list[Any]]) -> list[Any]:
        try:
            return way(batch)
        except SERVER_TROUBLE as error:
            if isinstance(error, psycopg.errors.DiskFull):
                raise
            self._connection.close()
            self._connection = self._database.connect(autocommit=True)
            return way(batch)

    def _in_a_pipeline(self, batch: list[_Item]) -> list[Any]:
        with self._connection.pipeline():
            return self._transaction(batch)

    def _transaction(self, batch: list[_Item]) -> list[Any]:
        kinds = dict.fromkeys(work for work, _, _ in batch)
        results: dict[int, Any] = {}
        with self._connection.transaction():
            for kind in kinds:
                places = [place for place, item in enumerate(batch) if item[0] is kind]
                told = kind(self._connection, [batch[place][1] for place in places])
                results.update(zip(places, told, strict=True))
        return [results[place] for place in range(len(batch))]


def _tell(settled: list[_Settled]) -> None:
    """Wake those who wait, each loop once for all its futures: waking is a system call."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Settled]] = {}
    for each in settled:
        by_loop.setdefault(each[0].get_loop(), []).append(each)
    for loop, those in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, those)


def _settle(settled: list[_Settled]) -> None:
    for done, result, error in settled:
        if done.done():
            continue  # whoever waited was cancelled meanwhile
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)


_writers: dict[tuple[str | None, Path | None], Writer] = {}
_guard = threading.Lock()


def shared_writer(url: str | None, home: Path | None) -> Writer:
    """The process's writer for a database. Errors: StorageError when there is no database, or one
    of another schema."""
    with _guard:
        writer = _writers.get((url, home))
        if writer is None:
            writer = _writers[url, home] = Writer(url, home)
        writer.users += 1
        return writer


def let_go(writer: Writer) -> None:
    """One user less; the last one out stops the thread."""
    with _guard:
        writer.users -= 1
        if writer.users:
            return
        for key in [key for key, each in _writers.items() if each is writer]:
            del _writers[key]
    writer.stop()
