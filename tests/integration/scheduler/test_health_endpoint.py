"""The endpoint over real HTTP, on real databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from ingest.store.database import Database
from ingest.store.portals import decide
from ingest.store.runs import begin_run, finish_run
from scheduler.config import Settings
from scheduler.health.endpoint import endpoint
from scheduler.leader import KEY
from scheduler.work import Work

TOKEN = "a token that is long enough".replace(" ", "-")

Client = TestClient[Any, Any]


@pytest.fixture
def work(database: Database, tmp_path: Path) -> Work:
    return Work(Settings(home=tmp_path, token=TOKEN), database)


def asking(work: Work, questions: Callable[[Client], Awaitable[None]]) -> None:
    async def main() -> None:
        async with TestClient(TestServer(endpoint(work))) as client:
            await questions(client)

    asyncio.run(main())


async def trigger(client: Client, portal: str, token: str = TOKEN) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"}
    answer = await client.post(f"/crawl/{portal}", headers=headers)
    return answer.status, await answer.json()


def test_a_service_with_a_database_of_its_version_is_alive_and_ready(work: Work) -> None:
    async def questions(client: Client) -> None:
        assert (await client.get("/livez")).status == 200
        answer = await client.get("/readyz")
        assert (answer.status, (await answer.json())["database"]) == (200, "ok")
        assert answer.headers["Server"] == "fazhi"

    asking(work, questions)


def test_without_a_database_it_is_alive_but_not_ready_and_its_metrics_say_why(
    tmp_path: Path,
) -> None:
    gone = Database(tmp_path, url="postgresql://nobody@127.0.0.1:9/none", server=None)

    async def questions(client: Client) -> None:
        assert (await client.get("/livez")).status == 200
        answer = await client.get("/readyz")
        assert answer.status == 503
        assert (
            "cannot connect to the database 127.0.0.1:9/none" in (await answer.json())["database"]
        )
        assert "fazhi_database_up 0.0" in await (await client.get("/metrics")).text()
        status, told = await trigger(client, "demo-qinghe")
        assert (status, "cannot connect" in told["error"]) == (503, True)

    asking(Work(Settings(home=tmp_path, token=TOKEN), gone), questions)


def test_a_schema_of_another_version_is_not_ready(work: Work) -> None:
    with work.database.connect() as connection:
        connection.execute(
            "insert into migrations._yoyo_migrations (migration_hash, migration_id, applied_at_utc)"
            " values ('x', '9999_later', now())"
        )

    async def questions(client: Client) -> None:
        answer = await client.get("/readyz")
        assert answer.status == 503
        assert "newer fazhi" in (await answer.json())["database"]

    asking(work, questions)


def test_the_metrics_tell_what_the_database_holds(work: Work) -> None:
    now = datetime.now(UTC)
    with work.database.connect() as connection:
        run = begin_run(connection, "demo-qinghe", cause="http", slot=None, job_id=None, now=now)
        finish_run(connection, run, state="succeeded", reason="no_entries", now=now)

    async def questions(client: Client) -> None:
        with work.database.connect(autocommit=True) as leader:
            leader.execute("select pg_advisory_lock(%s)", [KEY])
            answer = await client.get("/metrics")
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        samples = {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(await answer.text())
            for sample in family.samples
        }
        assert samples["fazhi_runs_last_day", "http", "no_entries", "succeeded"] == 1
        assert samples["fazhi_scheduler_leading",] == 1
        assert samples["fazhi_portals_stale", "never"] == samples["fazhi_portals_crawled",] > 3000

    asking(work, questions)


def test_the_trigger_queues_the_job_once_with_its_cause(work: Work) -> None:
    async def questions(client: Client) -> None:
        status, first = await trigger(client, "demo-qinghe")
        assert (status, first["state"]) == (202, "queued")
        status, second = await trigger(client, "demo-qinghe")
        assert (status, second["state"], second["job"]) == (200, "already waiting", first["job"])
        both = await asyncio.gather(*(trigger(client, "demo-baishi") for _ in range(5)))
        assert sorted(status for status, _ in both) == [200, 200, 200, 200, 202]

    asking(work, questions)
    with work.database.connect() as connection:
        rows = connection.execute(
            "select args ->> 'portal', args ->> 'cause' from jobs.procrastinate_jobs order by 1"
        ).fetchall()
    assert rows == [("demo-baishi", "http"), ("demo-qinghe", "http")]


@pytest.mark.parametrize("token", ["", "guess", TOKEN + "x", TOKEN[:-1], "密码"])
def test_a_wrong_token_is_refused_and_noted_without_it(work: Work, token: str) -> None:
    async def questions(client: Client) -> None:
        with capture_logs() as lines:
            status, told = await trigger(client, "demo-qinghe", token)
        assert (status, told) == (401, {"error": "wrong token"})
        assert [line["event"] for line in lines] == ["wrong token"]
        assert not token or token not in str(lines)

    asking(work, questions)


def test_without_a_token_in_the_settings_the_trigger_is_off_and_says_so(work: Work) -> None:
    off = Work(replace(work.settings, token=None), work.database)

    async def questions(client: Client) -> None:
        for given in ("", "None", TOKEN):
            status, told = await trigger(client, "demo-qinghe", given)
            assert (status, told["error"][:18]) == (403, "the trigger is off")

    asking(off, questions)


def test_a_portal_that_cannot_be_visited_is_refused_with_the_reason(work: Work) -> None:
    with work.database.connect() as connection:
        decide(connection, "demo-qinghe", "disabled", "moving", date(2026, 3, 1))

    async def questions(client: Client) -> None:
        assert (await trigger(client, "nobody"))[0] == 404
        assert (await trigger(client, "%00"))[0] == 404
        status, told = await trigger(client, "demo-qinghe")
        assert (status, "moving" in told["error"]) == (409, True)
        status, told = await trigger(client, "gov-350581")
        assert (status, "FAZHI_CONTACT is not set" in told["error"]) == (409, True)

    asking(work, questions)


def test_what_it_does_not_know_is_one_line(work: Work) -> None:
    async def questions(client: Client) -> None:
        for method, path, status in (("get", "/", 404), ("get", "/crawl/x", 405)):
            answer = await client.request(method, path)
            assert answer.status == status
            assert "\n" not in (await answer.json())["error"]

    asking(work, questions)
