"""`fazhi serve`: starts, takes jobs by hand and by calendar, survives its children, stops."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from front_door import FAZHI, environment, fazhi, fresh_home

from crawler.simulator import start_simulator

PATIENCE = 60


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
