"""What need not be kept for ever is forgotten, and what is evidence stays."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.capture import Capture
from ingest.store.captures import store_capture
from ingest.store.runs import begin_run, finish_run
from scheduler.retention import queue_housekeeping, tidy
from scheduler.tasks import app, housekeeping, open_app
from scheduler.work import Work

NOW = datetime(2026, 3, 30, tzinfo=UTC)


@pytest.fixture
def connection(work: Work) -> Any:
    with work.database.connect(autocommit=True) as opened:
        yield opened


def old_run(connection: Any, days: int) -> int:
    at = NOW - timedelta(days=days)
    run = begin_run(connection, "demo-qinghe", cause="hand", slot=None, job_id=None, now=at)
    finish_run(connection, run, state="succeeded", reason="no_entries", now=at)
    return run


def runs(connection: Any) -> set[int]:
    return {number for (number,) in connection.execute("select id from crawl_runs").fetchall()}


def test_housekeeping_is_queued_once_and_done(work: Work, connection: Any) -> None:
    queue_housekeeping(connection)
    queue_housekeeping(connection)

    async def do() -> list[str]:
        async with open_app(work.database, "test"):
            await app.run_worker_async(
                queues=["ingest"],
                wait=False,
                listen_notify=False,
                install_signal_handlers=False,
                additional_context={"work": work},
            )
            jobs = await app.job_manager.list_jobs_async(task=housekeeping.name)
            return [job.status for job in jobs]

    assert asyncio.run(do()) == ["succeeded"]


def test_old_runs_go_but_for_the_latest_and_for_those_that_fetched_something(
    work: Work, connection: Any
) -> None:
    evidence, idle, young = (old_run(connection, days) for days in (400, 399, 10))
    page = Capture(
        "http://a.test/", "http://a.test/", 200, (), b"x", NOW, "demo-qinghe", run_id=evidence
    )
    store_capture(connection, page)
    assert tidy(work.database, 0, NOW) == {}
    assert runs(connection) == {evidence, idle, young}
    assert tidy(work.database, 365, NOW) == {"runs": 1, "slots": 0}
    assert runs(connection) == {evidence, young}
    assert tidy(work.database, 1, NOW) == {"runs": 0, "slots": 0}


def test_old_slots_go_but_for_the_latest_of_each_portal(work: Work, connection: Any) -> None:
    for portal in ("demo-qinghe", "demo-baishi"):
        for days in (500, 400):
            connection.execute(
                "insert into slots (portal_id, slot, fired_at, fired_by, job_id, found) "
                "values (%s, %s, %s, 'host:1', 1, 'queued')",
                (portal, NOW - timedelta(days=days), NOW),
            )
    assert tidy(work.database, 365, NOW)["slots"] == 2
    left = connection.execute("select distinct slot from slots").fetchall()
    assert left == [(NOW - timedelta(days=400),)]


def test_attempts_at_captures_that_came_to_an_end_go_unless_they_are_read_again(
    work: Work, connection: Any
) -> None:
    ended, reading, waiting = (
        store_capture(connection, Capture(None, None, 200, (), b"x", NOW, file_name=name))[0]
        for name in ("ended.txt", "reading.txt", "waiting.txt")
    )
    connection.execute(
        "insert into ingest_attempts (capture_id, attempts, worker, last_at)"
        " select id, 1, 'gone', now() from captures"
    )
    connection.execute(
        "update captures set ingested_at = now(), verdict = 'report' where id <> %s", (waiting,)
    )
    connection.execute(
        "insert into rereadings (capture_id, run, ruleset, state)"
        " values (%s, 1, 'rules', 'same'), (%s, 1, 'rules', 'waiting')",
        (ended, reading),
    )
    tidy(work.database, 0, NOW)
    left = connection.execute("select capture_id from ingest_attempts order by 1").fetchall()
    assert left == [(reading,), (waiting,)]
