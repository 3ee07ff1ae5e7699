"""`fazhi serve`: starts, takes jobs by hand and by calendar, survives its children, stops."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from front_door import FAZHI, environment, fazhi, fresh_home
from structlog.testing import capture_logs

from crawler.simulator import start_simulator
from ingest.store.database import open_database
from ingest.store.migrate import migrate
from ingest.store.portals import read_registry
from ingest.store.runs import begin_run, finish_run
from scheduler.config import Settings
from scheduler.crawling import Order, crawl_and_record
from scheduler.leader import lead
from scheduler.runs import State, request_crawl
from scheduler.schedule_file import load_schedule
from scheduler.service import Timetable, firing
from scheduler.supervisor import StopSignal
from scheduler.sweep import put_back_stalled_jobs
from scheduler.tasks import Work, app, crawl_portal, open_app

PATIENCE = 60
EVERY_MINUTE = """
timezone = "Asia/Shanghai"
misfire_grace_hours = 12
spread_minutes = 0
housekeeping = "15 3 * * *"
[[visits]]
id = "often"
why = "a test cannot wait for the season"
cron = "* * * * *"
portals = ["demo-qinghe"]
"""


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until something is so; how long it takes is not judged."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


@dataclass
class Service:
    home: Path
    process: subprocess.Popen[str]
    log: Path
    simulator: str

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def pid(self, role: str) -> int:
        return [e["pid"] for e in self.lines() if e["event"] == "started" and e["role"] == role][-1]

    def at_work(self, role: str) -> bool:
        return fazhi(self.home, "doctor", "--role", role).returncode == 0

    def crawl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return fazhi(self.home, "crawl", *arguments)


@contextmanager
def serving(home: Path, log: Path, delay: str = "0.05") -> Iterator[Service]:
    with start_simulator() as simulator, log.open("w") as stream:
        process = subprocess.Popen(
            [*FAZHI, "serve"],
            env=environment(home, FAZHI_SIMULATOR=simulator.address, FAZHI_DELAY=delay),
            stderr=stream,
            text=True,
        )
        try:
            service = Service(home, process, log, simulator.address)
            for role in ("scheduler", "crawler", "ingester"):
                wait_for(lambda role=role: service.at_work(role))  # type: ignore[misc]
            yield service
        finally:
            process.terminate()
            process.wait(PATIENCE)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with (
        fresh_home() as home,
        serving(home, tmp_path_factory.mktemp("serve") / "log") as running,
    ):
        yield running


def test_a_crawl_by_hand_is_made_by_the_service_and_followed_to_its_end(service: Service) -> None:
    answer = service.crawl("demo-qinghe", "--json")
    assert answer.returncode == 0, answer.stderr
    (visit,) = json.loads(answer.stdout)
    assert (visit["portal"], visit["state"]) == ("demo-qinghe", "succeeded")
    begins = [line for line in service.lines() if line["event"] == "run begins"]
    assert visit["job_id"] in [line["job"] for line in begins]


def test_every_line_of_a_run_carries_its_number_and_its_portal(service: Service) -> None:
    service.crawl("demo-qinghe", "demo-baishi")
    of_runs = [line for line in service.lines() if line["logger"].startswith("crawler.")]
    assert of_runs
    ledger = {
        run["id"]: run["portal_id"]
        for run in json.loads(fazhi(service.home, "runs", "--json").stdout)
    }
    assert all(ledger[line["run_id"]] == line["portal"] for line in of_runs)


def test_what_was_crawled_is_ingested_in_the_background(service: Service) -> None:
    service.crawl("demo-yunling")
    wait_for(lambda: bool(json.loads(fazhi(service.home, "reports", "--json").stdout)))


def test_a_crawl_may_be_left_to_the_service(service: Service) -> None:
    answer = service.crawl("demo-qinghe-sfj", "--no-follow")
    assert answer.returncode == 0
    assert answer.stdout.startswith("demo-qinghe-sfj: ")


def test_a_child_that_is_killed_is_started_again(service: Service) -> None:
    first = service.pid("ingester")
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: service.pid("ingester") != first and service.at_work("ingester"))


def test_a_terminated_service_stops_all_its_processes(tmp_path: Path) -> None:
    with fresh_home() as home:
        with serving(home, tmp_path / "log") as service:
            roles = {r: service.pid(r) for r in ("scheduler", "crawler", "ingester", "health")}
        assert service.process.returncode == 0
        stopped = {e["role"]: e["exit_code"] for e in service.lines() if e["event"] == "stopped"}
        assert stopped == dict.fromkeys(roles, 0)


def test_a_visit_cut_short_by_a_stop_is_queued_again(tmp_path: Path) -> None:
    with fresh_home() as home:
        with serving(home, tmp_path / "log", delay="0.7") as service:
            service.crawl("demo-qinghe", "--no-follow")
            wait_for(lambda: any(line["event"] == "captured" for line in service.lines()))
        (run,) = json.loads(fazhi(home, "runs", "--json").stdout)
        assert (run["state"], run["reason"]) == ("failed", "interrupted")
        asked = fazhi(home, "crawl", "--no-follow", "demo-qinghe")
        assert asked.stdout.startswith("demo-qinghe: already waiting")


# -- in this process, with a database and nobody at work -------------------------------------


@pytest.fixture
def work() -> Iterator[Work]:
    with fresh_home() as home, open_database(home=home) as database:
        migrate(database)
        yield Work(Settings(home=home), database)


def test_a_portal_is_not_queued_twice_and_the_second_asker_is_told_which_job(work: Work) -> None:
    async def ask() -> None:
        async with open_app(work.database, "test"):
            first = await request_crawl("demo-qinghe", cause="hand")
            second = await request_crawl("demo-qinghe", cause="schedule")
            other = await request_crawl("demo-baishi", cause="hand")
        assert first.state is State.QUEUED
        assert (second.state, second.job_id) == (State.WAITING, first.job_id)
        assert other.state is State.QUEUED

    asyncio.run(ask())
    told = fazhi(work.settings.home, "crawl", "--no-follow", "demo-qinghe")
    assert told.returncode == 0
    assert told.stdout.startswith("demo-qinghe: already waiting (job ")


def test_a_portal_under_way_is_not_queued_again(work: Work) -> None:
    async def ask() -> None:
        async with open_app(work.database, "test"):
            first = await request_crawl("demo-qinghe", cause="hand")
            worker = await app.job_manager.register_worker()
            await app.job_manager.fetch_job(queues=None, worker_id=worker)
            second = await request_crawl("demo-qinghe", cause="hand")
        assert (second.state, second.job_id) == (State.RUNNING, first.job_id)

    asyncio.run(ask())


def test_the_job_of_a_worker_that_died_is_put_back_and_given_up_in_the_end(work: Work) -> None:
    async def die_again_and_again() -> list[int]:
        put_back = []
        async with open_app(work.database, "test"):
            await request_crawl("demo-qinghe", cause="hand")
            for _ in range(4):
                worker = await app.job_manager.register_worker()
                if await app.job_manager.fetch_job(queues=None, worker_id=worker):
                    await app.job_manager.unregister_worker(worker)  # died: no heartbeat, no end
                put_back.append(await put_back_stalled_jobs(work.database))
            (job,) = await app.job_manager.list_jobs_async(task=crawl_portal.name)
            assert job.status == "failed"
        return put_back

    assert asyncio.run(die_again_and_again()) == [1, 1, 0, 0]


def test_the_leader_queues_the_slot_that_was_missed_and_a_standby_queues_nothing(
    work: Work, tmp_path: Path
) -> None:
    file = tmp_path / "schedule.toml"
    file.write_text(EVERY_MINUTE)
    schedule = load_schedule(file)

    async def jobs() -> list[Any]:
        return list(await app.job_manager.list_jobs_async(task=crawl_portal.name))

    async def main() -> None:
        stop = StopSignal()
        async with open_app(work.database, "test"):
            schedulers = [
                asyncio.create_task(lead(work.database, lambda: firing(work, schedule), stop))
                for _ in range(2)
            ]
            while not await jobs():
                await asyncio.sleep(0.05)
            stop.asked.set()
            await asyncio.gather(*schedulers)
            (job,) = await jobs()
        assert job.task_kwargs["cause"] == "schedule"
        assert job.task_kwargs["slot"].endswith(":00+08:00")

    asyncio.run(asyncio.wait_for(main(), PATIENCE))


def test_a_slot_that_was_served_is_not_served_again(work: Work) -> None:
    slot = datetime(2026, 3, 27, 5, tzinfo=UTC)
    with work.database.connect() as connection:
        served = begin_run(
            connection, "demo-qinghe", cause="schedule", slot=slot, job_id=1, now=slot
        )
        finish_run(connection, served, state="succeeded", reason="completed", now=slot)
    order = Order("demo-qinghe", cause="schedule", slot=slot, job_id=2)
    assert asyncio.run(crawl_and_record(work.database, work.settings, order)) == "not_begun"
    (run,) = json.loads(fazhi(work.settings.home, "runs", "--json").stdout)
    assert (run["state"], run["job_id"]) == ("succeeded", 1)


def test_public_portals_are_left_alone_without_a_contact_and_that_is_said_once(
    work: Work, tmp_path: Path
) -> None:
    file = tmp_path / "schedule.toml"
    file.write_text(EVERY_MINUTE.replace("demo-qinghe", "gov-35*"))
    schedule = load_schedule(file)
    engine = AsyncIOScheduler(timezone=schedule.zone)
    timetable = Timetable(engine, schedule, work)
    with work.database.connect() as connection, capture_logs() as told:
        registry = read_registry(connection)
        timetable.enter(registry)
        timetable.enter(registry)
    assert timetable.entered == {}
    (line,) = [line for line in told if line["event"] == "public portals are not visited"]
    assert line["portals"] > 50
    assert "FAZHI_CONTACT is not set" in line["why"]

    known = Work(replace(work.settings, contact="mailto:a@b.example"), work.database)
    timetable = Timetable(engine, schedule, known)
    timetable.enter(registry)
    assert len(timetable.entered) == line["portals"]


def test_what_an_operator_decides_is_in_the_calendar_at_its_next_renewal(
    work: Work, tmp_path: Path
) -> None:
    file = tmp_path / "schedule.toml"
    file.write_text(EVERY_MINUTE.replace("demo-qinghe", "*"))
    schedule = load_schedule(file)

    async def main() -> None:
        engine = AsyncIOScheduler(timezone=schedule.zone)
        timetable = Timetable(engine, schedule, work)
        await timetable.renew()
        everything = set(timetable.entered)
        assert "demo-qinghe" in everything
        home = work.settings.home
        fazhi(home, "portals", "disable", "demo-qinghe", "--reason", "moving")
        new = ("--id", "my-own", "--name", "某县", "--url", "http://www.own.gov.test/")
        fazhi(home, "portals", "add", *new)
        await timetable.renew()
        assert set(timetable.entered) == everything - {"demo-qinghe"} | {"my-own"}
        assert {job.id for job in engine.get_jobs()} == {f"visit {n}" for n in timetable.entered}

    asyncio.run(main())


def test_a_visit_that_is_not_wanted_any_more_when_its_turn_comes_is_not_begun(work: Work) -> None:
    home = work.settings.home
    fazhi(home, "portals", "disable", "demo-qinghe", "--reason", "moving")
    for portal in ("demo-qinghe", "gov-350581"):
        order = Order(portal, cause="schedule", slot=datetime(2026, 3, 27, 5, tzinfo=UTC), job_id=1)
        assert asyncio.run(crawl_and_record(work.database, work.settings, order)) == "not_begun"
    assert json.loads(fazhi(home, "runs", "--json").stdout) == []
