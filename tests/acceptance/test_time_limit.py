"""A capture over which the chain hangs, when it is read or read again: its ingester ends and is
started again, others go on."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from front_door import environment, fresh_home
from serving import wait_for

from crawler.capture import Capture
from ingest.extract import Rules
from ingest.store.again import Scope, ask_again, broken_in, progress
from ingest.store.captures import count_pending, store_capture
from ingest.store.database import Database, open_database
from ingest.store.migrate import migrate
from ingest.store.queries import list_rejects
from scheduler.runs import queue_reading_again
from scheduler.supervisor import StopSignal, supervise

HANGING = Path(__file__).with_name("hanging.py")
PAGE = """<html><body><h1>{town}人民政府2025年法治政府建设年度报告</h1><div class="TRS_Editor">
<p>{town}人民政府2025年法治政府建设工作情况报告如下。</p><p>一、主要工作</p><p>全年审查规范性文件十二件。{word}</p>
</div></body></html>"""


def keep(database: Database, **words: str) -> dict[str, int]:
    """A page a town, each with a word in it; the numbers of the captures."""
    ids = {}
    with database.connect() as connection:
        for number, (town, word) in enumerate(words.items()):
            url = f"http://www.town{number}.gov.test/1.html"
            body = PAGE.format(town=town, word=word).encode()
            page = Capture(url, url, 200, (), body, datetime.now(UTC))
            ids[town], _ = store_capture(connection, page)
    return ids


def run_ingesters(count: int, home: Path, until: Callable[[], bool], **settings: str) -> None:
    """Supervised ingesters of the program that hangs, until something is so."""
    argv = [sys.executable, str(HANGING), "ingester"]
    commands = {f"ingester {number}": argv for number in range(count)}

    async def main() -> None:
        stop = StopSignal()
        running = asyncio.create_task(supervise(commands, environment(home, **settings), stop))
        try:
            await asyncio.to_thread(wait_for, until)
        finally:
            stop.notice()
            await running

    asyncio.run(main())


def lines(stderr: str, event: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in stderr.splitlines() if line.startswith("{")]
    return [line for line in found if line["event"] == event]


def test_a_capture_that_hangs_ends_three_ingesters_and_the_others_come_through(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with fresh_home() as home, open_database(home=home) as database:
        migrate(database)
        ids = keep(database, 云岭县="", 白石县="loops-for-ever", 清河县="")
        with database.connect(autocommit=True) as connection:
            run_ingesters(
                2,
                home,
                lambda: count_pending(connection) == 0,
                FAZHI_CAPTURE_SECONDS="1",
                PYTHONPATH=str(HANGING.parents[2]),
            )
            read = "select array_agg(id order by id) from captures where report_id is not null"
            assert connection.execute(read).fetchone() == ([ids["云岭县"], ids["清河县"]],)
            (reject,) = list_rejects(connection)
    assert reject.reason == "internal_error: 3 workers ended while reading it"
    ends = lines(capfd.readouterr().err, "capture takes too long: this worker ends")
    assert [(end["capture"], end["seconds"]) for end in ends] == [(ids["白石县"], 1.0)] * 3
    assert len({end["worker"] for end in ends}) == 3
    for end in ends:
        assert end["url"] == "http://www.town1.gov.test/1.html"
        assert "hanging.py" in end["at"]


def test_a_stored_capture_that_hangs_when_it_is_read_again_does_not_hold_up_the_run(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with fresh_home() as home, open_database(home=home) as database:
        migrate(database)
        ids = keep(database, 云岭县="", 白石县="loops-for-ever", 清河县="")
        with database.connect(autocommit=True) as connection:
            connection.execute("update captures set ingested_at = now(), verdict = 'report'")
            run = ask_again(connection, Scope(), Rules.load().version)

            def all_read() -> bool:
                queue_reading_again(connection)
                return progress(connection, run).waiting == 0

            run_ingesters(
                2,
                home,
                all_read,
                FAZHI_CAPTURE_SECONDS="1",
                PYTHONPATH=str(HANGING.parents[2]),
            )
            assert progress(connection, run).read == 2
            ((broken, _, reason),) = broken_in(connection, run)
    assert (broken, reason) == (ids["白石县"], "3 workers ended while reading it")
    ends = lines(capfd.readouterr().err, "capture takes too long: this worker ends")
    assert [(end["capture"], end["seconds"]) for end in ends] == [(ids["白石县"], 1.0)] * 3
