"""Stored captures read again that end whoever reads them: found out, given up, nothing lost."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from ingest import reingest as again
from ingest.deadline import EXIT_CODE
from ingest.extract import extract
from ingest.store.again import Scope
from ingest.store.database import Database

# The store is tried on both servers elsewhere.
pytestmark = [
    pytest.mark.parametrize("server", ["embedded"], indirect=True, scope="session"),
    pytest.mark.usefixtures("filled"),
]
PAGE = "清河县人民政府{year}年度法治政府建设情况报告\n\n一、成效\n制定文件12件。\n二、问题\n无。\n"
TITLED = "select report_year from reports where title is not null order by 1"
READER = """
import sys, time
import structlog
from ingest.extract import extract as read
from ingest.reingest import reingest
from ingest.rereading import work_again
from ingest.store.again import Scope
from ingest.store.database import open_database
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
def extract(content, *, name, **more):
    while name == "2022.txt":
        time.sleep(1)
    return read(content, name=name, **more)
how, url = sys.argv[1:]
database = open_database(url=url)
if how == "work":
    work_again(database, seconds=60, extract=extract, worker="the hanging one", limit=0.5)
else:
    print(*reingest(database, Scope(), extract=extract, limit=0.5).broken)
"""


@pytest.fixture
def filled(stored: Any) -> None:
    """Three reports, read by worse rules: without their titles."""
    for year in (2021, 2022, 2023):
        page = PAGE.format(year=year).encode()
        stored(replace(extract(page, name=f"{year}.txt"), title=None), page)


def rows(database: Database, query: str) -> list[Any]:
    with database.connect() as connection:
        return list(connection.execute(query).fetchall())  # type: ignore[arg-type]


def readers(how: str, database: Database) -> list[subprocess.CompletedProcess[str]]:
    """One that hangs over the second capture after the other, until one comes to an end."""
    command = [sys.executable, "-c", READER, how, database.url]
    ended = []
    for _ in range(6):
        ended.append(subprocess.run(command, capture_output=True, text=True, check=False))
        if ended[-1].returncode == 0:
            break
    return ended


class Service(again.Unwatched):
    """Ingesters that hang, and are started again, in the first or the second half of a run."""

    patience = 1.0

    def __init__(self, database: Database, half: int) -> None:
        self._database = database
        self._half = half
        self.halves = 0
        self.ended: list[int] = []
        self.told: list[str] = []

    def hire(self) -> None:
        self.halves += 1
        if self.halves == self._half:
            done = readers("work", self._database)
            self.ended = [one.returncode for one in done]
            self.told = [one.stderr for one in done]

    def helped(self) -> bool:
        return self.halves == self._half


@pytest.mark.parametrize(("half", "read"), [(1, 2), (2, 3)], ids=["reading", "switching over"])
def test_a_capture_that_hangs_ends_three_ingesters_and_is_named_in_the_report(
    database: Database, half: int, read: int
) -> None:
    service = Service(database, half)
    run = again.reingest(database, Scope(), batch=1, watcher=service)
    assert service.ended == [EXIT_CODE] * 3 + [0]
    for told in service.told[:3]:
        assert "capture takes too long: this worker ends" in told
        assert "capture=2" in told
        assert "the hanging one" in told
    assert "capture is given up" in service.told[3]
    assert run.broken == ["capture 2 (2022.txt): 3 workers ended while reading it"]
    assert (run.differences.captures, run.left) == (read, 1)
    assert rows(database, TITLED) == [(2021,), (2023,)]
    assert rows(database, "select count(*) from reports") == [(3,)], "what is stored of it stays"
    assert rows(database, "table ingest_attempts") == []


def test_a_given_up_capture_is_tried_again_by_the_next_run(database: Database) -> None:
    again.reingest(database, Scope(), batch=1, watcher=Service(database, 1))
    run = again.reingest(database, Scope())
    assert (run.differences.captures, run.broken, run.left) == (1, [], 0)
    assert rows(database, TITLED) == [(2021,), (2022,), (2023,)]
    assert rows(database, "select count(*) from rereadings") == [(0,)]


def test_the_command_alone_ends_too_and_comes_through_when_it_is_repeated(
    database: Database,
) -> None:
    done = readers("ask", database)
    assert [one.returncode for one in done] == [EXIT_CODE] * 3 + [0]
    assert done[3].stdout == "capture 2 (2022.txt): 3 workers ended while reading it\n"
    assert rows(database, TITLED) == [(2021,), (2023,)]
    assert rows(database, "table ingest_attempts") == []


def suspect(database: Database, attempts: int) -> None:
    """A worker ended with the second capture in hand."""
    with database.connect() as connection:
        connection.execute(
            "insert into ingest_attempts (capture_id, attempts, worker, last_at)"
            " values (2, %s, 'gone', now())",
            (attempts,),
        )


def test_a_suspect_is_left_to_the_ingesters_where_there_are_any(database: Database) -> None:
    suspect(database, 2)

    class Helped(again.Unwatched):
        def helped(self) -> bool:
            return True

    run = again.reingest(database, Scope(), watcher=Helped())
    assert (run.differences.captures, run.broken, run.left) == (2, [], 1)
    assert rows(database, "select capture_id, attempts from ingest_attempts") == [(2, 2)]
    alone = again.reingest(database, Scope())
    assert (alone.differences.captures, alone.left) == (1, 0)


def test_others_are_called_again_where_nothing_moves(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspect(database, 1)
    monkeypatch.setattr(again, "CALL_EVERY", 0.0)

    class Calls(again.Unwatched):
        patience = 60.0
        calls = 0

        def hire(self) -> None:
            self.calls += 1

        def helped(self) -> bool:
            return self.calls < 3

    calls = Calls()
    assert again.reingest(database, Scope(), watcher=calls).left == 0
    assert calls.calls == 3


def test_other_rules_do_not_inherit_what_these_did_not_survive(database: Database) -> None:
    again.reingest(database, Scope(), dry=True)
    suspect(database, 3)
    with database.connect() as connection:
        connection.execute("update rereadings set ruleset = 'rules of yesterday'")
    run = again.reingest(database, Scope())
    assert (run.differences.captures, run.broken) == (3, [])
