"""One leader among the schedulers: whoever holds a session advisory lock of PostgreSQL.

The lock goes with the connection, so a killed or cut-off leader is followed by a standby.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import structlog

from ingest.errors import StorageError
from ingest.store.database import Database, storage_errors
from scheduler.presence import connection_name
from scheduler.supervisor import StopSignal

KEY = 0x6C656164  # "lead"; migrations hold another lock
ASK_EVERY = 1.0
NOTICE_WITHIN_MS = 4000
"""A connection that is cut without a word is noticed after this (libpq's tcp_user_timeout)."""

log = structlog.get_logger(__name__)


async def lead(
    database: Database, term: Callable[[], AbstractContextManager[None]], stop: StopSignal
) -> None:
    """While this process is the leader, be inside ``term()``; until told to stop."""
    while not stop.asked.is_set():
        try:
            await _one_connection(database, term, stop)
        except StorageError as error:
            log.warning("no connection to lead by", reason=str(error))
            await _pause(stop)


async def _one_connection(
    database: Database, term: Callable[[], AbstractContextManager[None]], stop: StopSignal
) -> None:
    connection = await asyncio.to_thread(
        database.connect,
        autocommit=True,
        application_name=connection_name("scheduler"),
        tcp_user_timeout=NOTICE_WITHIN_MS,
    )
    with connection, storage_errors(database):
        while not await _ask(connection, "select pg_try_advisory_lock(%s)", KEY):
            if await _pause(stop):
                return
        log.info("leading")
        with term():
            while not await _pause(stop):
                await _ask(connection, "select true")
        log.info("no longer leading")


async def _ask(connection: Any, question: str, *values: object) -> bool:
    row = await asyncio.to_thread(lambda: connection.execute(question, values).fetchone())
    return bool(row[0])


async def _pause(stop: StopSignal) -> bool:
    """A second's rest; True when it is time to stop."""
    try:
        async with asyncio.timeout(ASK_EVERY):
            await stop.asked.wait()
    except TimeoutError:
        return False
    return True
