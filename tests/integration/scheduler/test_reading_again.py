"""The service's ingesters take part in a run of `fazhi reingest`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.capture import Capture
from ingest.extract import Rules, extract
from ingest.store.again import Scope, approve, ask_again, progress
from ingest.store.captures import store_capture
from ingest.store.reports import store_record
from scheduler.runs import AFTER_NEW, queue_reading_again
from scheduler.tasks import app, open_app, read_again
from scheduler.work import Work

PAGE = "清河县人民政府{year}年度法治政府建设情况报告\n\n一、成效\n制定文件12件。\n二、问题\n无。\n"
TITLED = "select count(title) from reports"


@pytest.fixture
def connection(work: Work) -> Any:
    with work.database.connect() as opened:
        for year in (2021, 2022, 2023):
            page, now = PAGE.format(year=year).encode(), datetime.now(UTC)
            file = Capture(None, None, 200, (), page, now, file_name=f"{year}.txt")
            number, _ = store_capture(opened, file)
            made = replace(extract(page, name=f"{year}.txt"), title=None)
            store_record(opened, number, file, made, "rules of old")
        opened.commit()
        yield opened


def work_off(work: Work) -> list[tuple[str, int]]:
    """Take jobs until there are none; state and priority of those that read again."""

    async def do() -> list[tuple[str, int]]:
        async with open_app(work.database, "test"):
            await app.run_worker_async(
                queues=["ingest"],
                wait=False,
                listen_notify=False,
                install_signal_handlers=False,
                additional_context={"work": work},
            )
            jobs = await app.job_manager.list_jobs_async(task=read_again.name)
            return [(job.status or "", job.priority) for job in jobs]

    return asyncio.run(do())


def titled(connection: Any) -> int:
    connection.rollback()
    return int(connection.execute(TITLED).fetchone()[0])


def test_ingesters_read_what_waits_and_switch_over_only_what_was_approved(
    work: Work, connection: Any
) -> None:
    run = ask_again(connection, Scope(), Rules.load().version)
    connection.commit()
    queue_reading_again(connection)
    queue_reading_again(connection)
    connection.commit()
    assert work_off(work) == [("succeeded", AFTER_NEW)]
    now = progress(connection, run)
    assert (now.waiting, now.read, now.to_switch) == (0, 3, 0)
    assert titled(connection) == 0
    approve(connection, run)
    connection.commit()
    queue_reading_again(connection)
    connection.commit()
    assert work_off(work) == [("succeeded", AFTER_NEW)] * 2
    assert titled(connection) == 3


def test_an_ingester_with_other_rules_leaves_a_run_alone(work: Work, connection: Any) -> None:
    run = ask_again(connection, Scope(), "rules of another program")
    connection.commit()
    queue_reading_again(connection)
    connection.commit()
    assert work_off(work) == [("succeeded", AFTER_NEW)]
    assert progress(connection, run).waiting == 3
