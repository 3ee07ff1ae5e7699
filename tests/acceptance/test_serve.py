"""`fazhi serve`: starts, takes jobs by hand and by calendar, survives its children, stops."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from front_door import fazhi, fresh_home, start
from serving import Service, serving, wait_for

CALENDAR = """
timezone = "Asia/Shanghai"
sweep_every_days = 90
spread_minutes = 0
housekeeping = "15 3 * * *"
[[visits]]
id = "yearly"
why = "a test that waits for no visit"
cron = "0 5 1 1 *"
portals = ["demo-qinghe"]
"""


TOKEN = "known-to-this-test-alone"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with (
        fresh_home() as home,
        serving(home, tmp_path_factory.mktemp("serve") / "log", FAZHI_TOKEN=TOKEN) as running,
    ):
        yield running


def post(service: Service, portal: str, token: str = TOKEN) -> tuple[int, dict[str, Any]]:
    """The HTTP trigger of a running service, as any program asks it."""
    wait_for(lambda: service.lines("listening"))
    address = service.lines("listening")[-1]["address"]
    headers = {"Authorization": f"Bearer {token}"}
    request = Request(f"http://{address}/crawl/{portal}", method="POST", headers=headers)
    try:
        with urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


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
    assert service.crawl("demo-yunling").returncode == 0
    wait_for(service.idle)
    reports = json.loads(fazhi(service.home, "reports", "--json").stdout)
    assert len([report for report in reports if "云岭县" in report["title"]]) == 5


def test_a_crawl_by_http_is_made_like_any_other_and_its_run_names_the_cause(
    service: Service,
) -> None:
    assert post(service, "demo-qinghe-gxq", "not-" + TOKEN)[0] == 401
    status, told = post(service, "demo-qinghe-gxq")
    assert (status, told["state"], told["cause"]) == (202, "queued", "http")
    wait_for(service.idle)
    (run,) = json.loads(fazhi(service.home, "runs", "--portal", told["portal"], "--json").stdout)
    assert (run["cause"], run["state"], run["reason"]) == ("http", "succeeded", "completed")
    story = json.loads(fazhi(service.home, "runs", "show", str(run["id"]), "--json").stdout)
    assert story["run"]["asked_by"] == "holder of FAZHI_TOKEN"
    assert [event["what"] for event in story["job"]] == ["deferred", "started", "succeeded"]
    assert {page["verdict"] for page in story["captures"]} == {"report"}


def test_a_crawl_may_be_left_to_the_service(service: Service) -> None:
    answer = service.crawl("demo-qinghe-sfj", "--no-follow")
    assert answer.returncode == 0
    assert answer.stdout.startswith("demo-qinghe-sfj: ")


def test_a_child_that_is_killed_is_started_again(service: Service) -> None:
    first = service.pid("ingester")
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: service.pid("ingester") != first and service.at_work("ingester"))
    (ended,) = service.lines("ended unasked")
    assert (ended["role"], ended["exit_code"]) == ("ingester", -signal.SIGKILL)
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


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


def test_the_second_caller_is_told_of_the_run_and_may_follow_it(tmp_path: Path) -> None:
    with fresh_home() as home, serving(home, tmp_path / "log", delay="1.5") as service:
        service.crawl("demo-baishi", "--no-follow")
        wait_for(lambda: service.lines("run begins"))
        calls = [start(home, "crawl", "demo-baishi", *more) for more in ((), ("--follow",))]
        told, followed = (call.communicate(timeout=180)[1] for call in calls)
        assert [call.returncode for call in calls] == [0, 0]
        for answer in (told, followed):
            assert "already running (run 1, job " in answer
            assert "asked for by hand by " in answer
        assert "--follow" in told
        assert "demo-baishi: run 1, " in followed
        assert "demo-baishi: completed: " in followed
        assert len(json.loads(fazhi(home, "runs", "--json").stdout)) == 1


def test_a_run_tells_its_story(service: Service) -> None:
    service.crawl("demo-shifan")
    wait_for(service.idle)
    (run,) = json.loads(fazhi(service.home, "runs", "--portal", "demo-shifan", "--json").stdout)
    story = json.loads(fazhi(service.home, "runs", "show", str(run["id"]), "--json").stdout)
    assert story["run"]["cause"] == "hand"
    assert "@" in story["run"]["asked_by"]
    assert story["run"]["worker"].endswith(f":{service.pid('crawler')}")
    assert story["run"]["code_version"]
    assert story["run"]["ruleset"]
    assert [event["what"] for event in story["job"]] == ["deferred", "started", "succeeded"]
    assert len(story["captures"]) == run["new_captures"] > 0
    assert {page["verdict"] for page in story["captures"]} == {"report"}
    text = fazhi(service.home, "runs", "show", str(run["id"])).stdout
    assert "asked by:   hand, " in text
    assert text.count("capture:") == run["new_captures"]
    missing = fazhi(service.home, "runs", "show", "4711")
    assert missing.returncode == 1
    assert missing.stderr == "fazhi: no run has the number 4711: 'fazhi runs' lists them\n"


@pytest.mark.parametrize("role", ["scheduler", "crawler", "ingester"])
def test_a_role_runs_alone_reads_anew_at_sighup_and_stops_at_sigterm(
    role: str, tmp_path: Path
) -> None:
    with fresh_home() as home, serving(home, tmp_path / "log", "--role", role) as service:
        wait_for(lambda: service.lines("calendar") or role != "scheduler")
        os.kill(service.process.pid, signal.SIGHUP)
        if role == "scheduler":
            wait_for(lambda: service.lines("calendar and registry are read anew"))
        began = time.monotonic()
        os.kill(service.process.pid, signal.SIGTERM)
        assert service.process.wait(60) == 0
        assert time.monotonic() - began < 30


def test_sighup_brings_a_changed_calendar_and_a_wrong_one_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "schedule.toml"
    file.write_text(CALENDAR)
    with (
        fresh_home() as home,
        serving(home, tmp_path / "log", FAZHI_SCHEDULE=str(file)) as service,
    ):
        wait_for(lambda: service.lines("calendar"))
        assert service.lines("calendar")[-1]["portals"] == 1
        file.write_text(CALENDAR.replace("demo-qinghe", "demo-*"))
        os.kill(service.process.pid, signal.SIGHUP)
        wait_for(lambda: service.lines("calendar")[-1]["portals"] > 1)
        file.write_text(CALENDAR.replace("Asia/Shanghai", "Asia/Nowhere"))
        os.kill(service.process.pid, signal.SIGHUP)
        wait_for(lambda: service.lines("the calendar stays as it was"))
        (refused,) = service.lines("the calendar stays as it was")
        assert "timezone: 'Asia/Nowhere' is not a time zone" in refused["why"]
        assert service.process.poll() is None


def test_a_second_signal_ends_a_worker_at_once(tmp_path: Path) -> None:
    with (
        fresh_home() as home,
        serving(home, tmp_path / "log", "--role", "crawler", delay="20") as service,
    ):
        service.crawl("demo-qinghe", "--no-follow")
        wait_for(lambda: service.lines("run begins"))
        began = time.monotonic()
        os.kill(service.process.pid, signal.SIGTERM)
        time.sleep(0.05)
        os.kill(service.process.pid, signal.SIGTERM)
        service.process.wait(60)
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("arguments", "settings", "told"),
    [
        ((), {"FAZHI_SCHEDULE": "{broken}"}, "timezone: 'Asia/Nowhere' is not a time zone"),
        ((), {"FAZHI_SCHEDULE": "/nowhere.toml"}, "/nowhere.toml: cannot be read as TOML"),
        ((), {"FAZHI_DELY": "3"}, "FAZHI_DELY"),
        ((), {"FAZHI_KEEP_RUNS_DAYS": "-1"}, "FAZHI_KEEP_RUNS_DAYS=-1: must be a whole number"),
    ],
)
def test_what_is_set_wrong_is_told_in_one_line_at_the_start(
    tmp_path: Path, arguments: tuple[str, ...], settings: dict[str, str], told: str
) -> None:
    broken = tmp_path / "schedule.toml"
    broken.write_text(CALENDAR.replace("Asia/Shanghai", "Asia/Nowhere"))
    given = {name: value.format(broken=broken) for name, value in settings.items()}
    answer = fazhi(tmp_path, "serve", *arguments, **given)
    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert told in answer.stderr
