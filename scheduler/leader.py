"""One leader among the schedulers: whoever holds a session advisory lock of PostgreSQL.

The lock goes with the session, and the session goes with the leader: a killed leader's socket
closes, and one that stands still or is cut off does not ask any more, so that the server ends its
session (``idle_session_timeout``; TCP keepalive would not do, for the kernel of a stopped process
still answers). A standby follows within LONGEST_SILENCE + 2 * ASK_EVERY.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

import structlog

from ingest.errors import StorageError
from ingest.store.connection import Connection
from ingest.store.database import Database, storage_errors
from scheduler.outage import Outage
from scheduler.presence import connection_name
from scheduler.roles import RoleName
from scheduler.supervisor import StopSignal

KEY = 0x6C656164  # "lead"; migrations hold another lock
ASK_EVERY = 0.5
LONGEST_SILENCE = 3.0
"""Seconds after which the server ends the session of a leader that says nothing."""
NOTICE_WITHIN_MS = 4000
"""A connection that is cut without a word is noticed after this (libpq's tcp_user_timeout)."""

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Leadership:
    """The leader's session. What is done over it ends with it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    async def do(self, work: Callable[[Connection], T]) -> T:
        """Do something with the session, in a thread and never two things at once."""
        async with self._turn:
            doing = asyncio.ensure_future(asyncio.to_thread(work, self._connection))
            try:
                return await asyncio.shield(doing)
            finally:
                await asyncio.wait([doing])  # a thread cannot be cancelled

    async def rest(self) -> None:
        """Wait until nothing is being done."""
        async with self._turn:
            pass

    async def ask(self, question: str, *values: object) -> bool:
        """A question that PostgreSQL answers with true or false."""

        def work(connection: Connection) -> Any:
            return connection.execute(question, values).fetchone()

        row = await self.do(work)
        return bool(row[0])


Term = Callable[[Leadership], AbstractAsyncContextManager["asyncio.Future[None]"]]
"""What a leader does: entered when it begins to lead, left when it does not lead any more. The
future it gives fails when the term cannot go on."""


async def lead(database: Database, term: Term, stop: StopSignal) -> None:
    """While this process is the leader, be inside ``term``; until told to stop."""
    outage = Outage(database, RoleName.SCHEDULER.value)
    while not stop.asked.is_set():
        try:
            await _one_session(database, term, stop, outage)
        except StorageError as error:
            outage.begins(error)
            if await outage.pause(stop):
                return


async def _one_session(database: Database, term: Term, stop: StopSignal, outage: Outage) -> None:
    connection = await asyncio.to_thread(_connect, database)
    with connection, storage_errors(database):
        session = Leadership(connection)
        outage.ends()
        while not await session.ask("select pg_try_advisory_lock(%s)", KEY):
            if await stop.wait(ASK_EVERY):
                return
        log.info("leading")
        try:
            async with term(session) as failure:
                while not await stop.wait(ASK_EVERY):
                    if failure.done():
                        failure.result()
                    await session.ask("select true")
        finally:
            log.info("no longer leading")


def _connect(database: Database) -> Connection:
    connection = database.connect(
        autocommit=True,
        application_name=connection_name("scheduler"),
        tcp_user_timeout=NOTICE_WITHIN_MS,
    )
    silence = f"{LONGEST_SILENCE:.0f}s"
    for setting in ("idle_session_timeout", "idle_in_transaction_session_timeout"):
        connection.execute("select set_config(%s, %s, false)", (setting, silence))
    return connection
