"""A database that cannot do what is asked of it is waited for, and that is said once."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from structlog.testing import capture_logs

from ingest.store.database import Database
from scheduler.outage import Outage
from scheduler.supervisor import StopSignal


def wait_through(database: Database, end_of_it: Any) -> tuple[bool, list[Any]]:
    """Wait for the database, whose trouble ends after a second."""

    async def main() -> bool:
        waiting = asyncio.create_task(Outage(database, "crawler").wait(StopSignal()))
        await asyncio.sleep(1)
        assert not waiting.done()
        end_of_it()
        return await asyncio.wait_for(waiting, 60)

    with capture_logs() as told:
        return asyncio.run(main()), told


def test_statements_that_are_given_up_are_an_outage_too(database: Database, server: Any) -> None:
    with database.connect() as connection:
        row = connection.execute("select current_database()").fetchone()
    assert row
    name = sql.Identifier(row[0])

    def limit(milliseconds: str) -> None:
        text = "alter database {} set statement_timeout = " + milliseconds
        server.execute(sql.SQL(text).format(name))  # type: ignore[arg-type]

    limit("1")
    came_back, told = wait_through(database, lambda: limit("0"))
    assert came_back
    assert [line["event"] for line in told] == ["waiting for the database", "the database is back"]
    assert [line["role"] for line in told] == ["crawler", "crawler"]
    assert "statement timeout" in told[0]["why"]


def test_a_server_that_is_not_there_is_waited_for_until_told_to_stop(tmp_path: Path) -> None:
    gone = Database(tmp_path, url="postgresql://nobody@127.0.0.1:9/none", server=None)

    async def main() -> bool:
        stop = StopSignal()
        waiting = asyncio.create_task(Outage(gone, "crawler").wait(stop))
        await asyncio.sleep(2)
        stop.notice()
        return await asyncio.wait_for(waiting, 30)

    with capture_logs() as told:
        assert asyncio.run(main()) is False
    assert [line["event"] for line in told] == ["waiting for the database"]


def test_a_database_that_was_made_anew_is_taken_up(database: Database, server: Any) -> None:
    """A fail-over: the name is the same, the server another."""
    name = f"t_{secrets.token_hex(6)}"
    missing = Database(database.home, url=server.url(name), server=None)

    def make() -> None:
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))

    came_back, told = wait_through(missing, make)
    server.drop(name)
    assert came_back
    assert len(told) == 2
