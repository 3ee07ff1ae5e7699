"""What crawls remember in the database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from crawler.errors import FazhiError
from crawler.memory import BackOff
from ingest.store.memory import DatabaseMemory, forgive, list_back_offs, read_back_off
from ingest.store.queries import list_portals, list_runs
from ingest.store.runs import begin_run, finish_run

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
AWAY = BackOff("a.gov.test", 1, "www.a.gov.test", "ruishu (412)", NOW, NOW + timedelta(hours=12))
DAY = date(2026, 3, 1)


@pytest.fixture
def memories(database: Any, connection: Any) -> Iterator[list[DatabaseMemory]]:
    """Two processes' memories of one database."""
    made = [DatabaseMemory(url=database.url) for _ in range(2)]
    for memory in made:
        memory.open()
    yield made
    for memory in made:
        memory.close()


def test_a_back_off_is_remembered_by_the_next_run_and_forgotten_when_told(
    memories: list[DatabaseMemory], connection: Any
) -> None:
    here, there = memories
    assert here.back_off("a.gov.test") is None
    here.keep_away(AWAY)
    assert here.back_off("a.gov.test") == AWAY
    assert there.back_off("a.gov.test") == AWAY
    assert list_back_offs(connection, NOW) == [AWAY]
    assert list_back_offs(connection, AWAY.until) == []
    there.forgive("a.gov.test")
    assert read_back_off(connection, "a.gov.test") is None


def test_of_two_back_offs_found_at_once_the_longer_stays(
    memories: list[DatabaseMemory], connection: Any
) -> None:
    here, there = memories
    here.keep_away(replace(AWAY, times=3, until=NOW + timedelta(days=2)))
    there.keep_away(AWAY)
    kept = read_back_off(connection, "a.gov.test")
    assert kept
    assert (kept.times, kept.until) == (3, NOW + timedelta(days=2))


def test_an_operator_can_end_a_back_off(memories: list[DatabaseMemory], connection: Any) -> None:
    memories[0].keep_away(AWAY)
    assert forgive(connection, "a.gov.test")
    assert not forgive(connection, "a.gov.test")
    connection.rollback()


def test_requests_of_a_day_add_up_over_processes(
    memories: list[DatabaseMemory], portal: Any
) -> None:
    here, there = memories
    here.spend(portal.id, DAY, 20)
    there.spend(portal.id, DAY, 7)
    assert here.spent(portal.id, DAY) == 27
    assert here.spent(portal.id, DAY + timedelta(days=1)) == 0


def test_days_long_past_are_forgotten(
    memories: list[DatabaseMemory], portal: Any, connection: Any
) -> None:
    memories[0].spend(portal.id, DAY - timedelta(days=500), 5)
    memories[0].spent(portal.id, DAY)
    assert connection.execute("select count(*) from portal_days").fetchone() == (0,)


def test_processes_stand_in_one_line_for_a_machine(memories: list[DatabaseMemory]) -> None:
    waits: list[float] = []

    def reserve(memory: DatabaseMemory) -> None:
        for _ in range(5):
            waits.append(memory.reserve("61.1.1.1", 100.0))

    threads = [threading.Thread(target=reserve, args=(memory,)) for memory in memories]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    places = sorted(waits)
    assert places[0] == 0
    gaps = [after - before for before, after in pairwise(places)]
    assert all(90 < gap <= 101 for gap in gaps), places
    assert memories[0].reserve("61.1.1.2", 100.0) == 0


def test_a_machine_that_was_left_idle_is_spoken_to_at_once(memories: list[DatabaseMemory]) -> None:
    memories[0].reserve("m", 0.0)
    assert memories[1].reserve("m", 5.0) == 0


def test_the_crawls_of_a_process_share_one_memory(database: Any, connection: Any) -> None:
    settings = {"FAZHI_DATABASE_URL": database.url, "FAZHI_HOME": None}
    first = DatabaseMemory.from_settings(settings)
    second = DatabaseMemory.from_settings(settings)
    assert first is second
    first.open()
    second.open()
    first.close()
    assert second.back_off("a.gov.test") is None
    second.close()
    first.open()
    assert first.back_off("a.gov.test") is None
    first.close()


def test_a_memory_without_a_database_says_so_in_one_line() -> None:
    memory = DatabaseMemory(url="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(FazhiError) as caught:
        memory.open()
    assert "\n" not in str(caught.value)


def test_a_lost_connection_is_made_anew(memories: list[DatabaseMemory], connection: Any) -> None:
    memory = memories[0]
    assert memory._connection
    pid = memory._connection.info.backend_pid
    connection.execute("select pg_terminate_backend(%s, 5000)", [pid])
    connection.commit()
    memory.keep_away(AWAY)
    assert read_back_off(connection, "a.gov.test") == AWAY


@dataclass(frozen=True)
class Missed:
    url: str
    reason: str
    detail: str | None = None


def test_failures_are_counted_by_name_for_each_run_and_portal(connection: Any, portal: Any) -> None:
    run = begin_run(connection, portal.id, cause="hand", slot=None, job_id=None, now=NOW)
    missed = [Missed("/a", "timeout"), Missed("/b", "timeout"), Missed("/c", "tls")]
    for retries in ((("reset", 9),), (("timeout", 4), ("http_error", 2))):
        finish_run(
            *(connection, run),
            **{"state": "failed", "reason": "unreachable", "now": NOW},
            failures=missed,
            retries=retries,
        )
    rows = connection.execute(
        "select reason, failures, retries from failure_counts where portal_id = %s order by 1",
        [portal.id],
    ).fetchall()
    assert rows == [("http_error", 0, 2), ("timeout", 2, 4), ("tls", 1, 0)]
    [row] = list_runs(connection)
    assert row.failures_by_name == {"timeout": 2, "tls": 1}
    assert row.retries_by_name == {"timeout": 4, "http_error": 2}
    [health] = list_portals(connection)
    assert health.last_failures_by_name == {"timeout": 2, "tls": 1}
