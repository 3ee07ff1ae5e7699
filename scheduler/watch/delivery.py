"""Messages are delivered from the database, where they stay until a receiver took them.

An attempt is noted before it is made, together with the time of the next one: whoever is killed
in between leaves a message that is tried again, so that a receiver may get one twice, and never
none. Attempts grow rarer, up to one in six hours, and do not end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog

from ingest.store.database import Database, storage_errors
from scheduler.sql import load
from scheduler.watch.channels import Channel, DeliveryError
from scheduler.watch.messages import from_content

SQL = load("watch")

log = structlog.get_logger(__name__)


async def deliver_due(
    database: Database, channels: Mapping[str, Channel], now: datetime | None = None
) -> int:
    """Make an attempt at every message that is due; how many were taken. Errors: StorageError."""
    delivered = 0
    while claimed := await asyncio.to_thread(_claim, database, list(channels), now or _now()):
        number, channel, content, created_at, attempts = claimed
        message = from_content(number, created_at, content)
        try:
            await channels[channel].send(message)
        except DeliveryError as error:
            log.warning("not delivered", message=number, channel=channel, why=str(error))
            values = {"id": number, "error": f"attempt {attempts}: {error}"}
            await asyncio.to_thread(_note, database, "not_delivered", values)
        else:
            values = {"id": number, "now": now or _now()}
            await asyncio.to_thread(_note, database, "delivered", values)
            delivered += 1
    return delivered


def forget_old_messages(database: Database, now: datetime) -> None:
    """Drop messages that were delivered more than a year ago; the alerts stay."""
    _note(database, "forget_messages", {"now": now})


def _claim(database: Database, channels: list[str], now: datetime) -> tuple[Any, ...] | None:
    with storage_errors(database), database.connect(autocommit=True) as connection:
        values = {"channels": channels, "now": now}
        return connection.execute(SQL["claim_message"], values).fetchone()


def _note(database: Database, statement: str, values: Mapping[str, object]) -> None:
    with storage_errors(database), database.connect(autocommit=True) as connection:
        connection.execute(SQL[statement], values)


def _now() -> datetime:
    return datetime.now(UTC)
