"""Captures: kept as they came, once, and handed out one worker at a time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from crawler.capture import CaptureSink
from ingest.errors import DatabaseUnavailableError, SchemaMismatchError, StorageError
from ingest.store import captures as store
from ingest.store.captures import (
    DatabaseSink,
    count_pending,
    mark_ingested,
    store_capture,
    take_pending,
)
from ingest.store.database import Database


def test_a_capture_comes_back_as_it_was(connection: Any, capture: Any) -> None:
    kept = capture(body=bytes(range(256)))
    capture_id, new = store_capture(connection, kept)
    assert new
    [pending] = take_pending(connection, 10)
    assert pending.id == capture_id
    assert pending.capture == kept


def test_the_same_bytes_of_the_same_address_are_one_capture_seen_again(
    connection: Any, capture: Any
) -> None:
    first = store_capture(connection, capture())
    again = store_capture(connection, capture(days=3))
    assert again == (first[0], False)
    fetched, seen = connection.execute("select fetched_at, last_seen_at from captures").fetchone()
    assert seen - fetched == timedelta(days=3)


def test_the_same_bytes_of_another_address_are_kept_once(connection: Any, capture: Any) -> None:
    assert store_capture(connection, capture("a.html"))[1]
    assert store_capture(connection, capture("b.html"))[1]
    assert connection.execute("select count(*) from captures").fetchone() == (2,)
    assert connection.execute("select count(*) from capture_contents").fetchone() == (1,)


def test_other_bytes_of_the_same_address_are_another_capture(connection: Any, capture: Any) -> None:
    assert store_capture(connection, capture())[1]
    assert store_capture(connection, capture(body=b"<html>changed</html>"))[1]


def test_a_file_is_known_by_its_name_and_bytes(connection: Any, capture: Any) -> None:
    file = capture(None)
    assert store_capture(connection, file)[1]
    assert not store_capture(connection, file)[1]
    assert store_capture(connection, replace(file, file_name="other.txt"))[1]
    assert take_pending(connection, 10)[0].capture == file


def test_characters_that_postgresql_cannot_hold_are_marked_not_refused(
    connection: Any, capture: Any
) -> None:
    odd = replace(capture(), headers=(("X-Odd", "a\x00b\ud800"),))
    store_capture(connection, odd)
    assert take_pending(connection, 1)[0].capture.headers == (("X-Odd", "a\ufffdb\ufffd"),)


def test_an_unknown_portal_is_one_clear_line(connection: Any, capture: Any) -> None:
    with pytest.raises(StorageError, match=r"no portal 'nowhere'.*run fazhi migrate"):
        store_capture(connection, replace(capture(), portal_id="nowhere"))


def test_two_workers_never_take_the_same_capture(database: Database, capture: Any) -> None:
    with database.connect() as connection, database.connect() as other:
        for number in range(6):
            store_capture(connection, replace(capture(f"{number}.html"), portal_id=None))
        connection.commit()
        first = {pending.id for pending in take_pending(connection, 4)}
        second = {pending.id for pending in take_pending(other, 4)}
        assert (len(first), len(second)) == (4, 2)
        assert not first & second


def test_captures_that_were_ingested_do_not_wait(connection: Any, capture: Any) -> None:
    capture_id, _ = store_capture(connection, capture())
    assert count_pending(connection) == 1
    mark_ingested(connection, capture_id, ruleset="r1", verdict="not_report", report_id=None)
    assert count_pending(connection) == 0
    assert take_pending(connection, 10) == []


def test_a_batch_holds_no_more_bytes_than_allowed_but_at_least_one_capture(
    connection: Any, capture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BATCH_BYTES", 1000)
    for size in (5000, 400, 500, 300):
        store_capture(connection, capture(f"{size}.html", body=b"x" * size))
    taken = []
    while batch := take_pending(connection, 10):
        taken.append([len(pending.capture.body) for pending in batch])
        for pending in batch:
            mark_ingested(connection, pending.id, ruleset="r", verdict="x", report_id=None)
    assert taken == [[5000], [400, 500], [300]]


def test_what_was_captured_cannot_be_altered_even_by_the_owner(
    connection: Any, capture: Any
) -> None:
    store_capture(connection, capture())
    for statement in (
        "update captures set status = 500",
        "update capture_contents set body = ''",
    ):
        with (
            pytest.raises(psycopg.errors.RestrictViolation, match="never altered"),
            connection.transaction(),
        ):
            connection.execute(statement)


def test_the_sink_commits_every_capture_by_itself(
    database: Database, connection: Any, capture: Any
) -> None:
    sink: CaptureSink = DatabaseSink.from_settings({"FAZHI_DATABASE_URL": database.url})
    sink.open()
    assert asyncio.run(sink.store(capture()))
    assert not asyncio.run(sink.store(capture()))
    assert count_pending(connection) == 1
    sink.close()


def test_the_sink_makes_a_lost_connection_anew(
    database: Database, server: Any, connection: Any, capture: Any
) -> None:
    sink = DatabaseSink(url=database.url)
    sink.open()
    assert asyncio.run(sink.store(capture("a.html")))
    server.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fazhi'"
    )
    assert asyncio.run(sink.store(capture("b.html")))
    sink.close()
    with database.connect() as fresh:
        assert count_pending(fresh) == 2


def test_the_sink_refuses_a_database_it_could_not_write_to(server: Any) -> None:
    with pytest.raises(DatabaseUnavailableError):
        DatabaseSink(url="postgresql://127.0.0.1:1/fazhi").open()
    name = server.create()
    try:
        with pytest.raises(SchemaMismatchError, match="run fazhi migrate"):
            DatabaseSink(url=server.url(name)).open()
    finally:
        server.drop(name)
