"""Politeness, told from the simulator's own log of what it was asked, and when."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from conftest import clean_environment
from family_world import FamilyWorld, site

from crawler.hours import CHINA
from crawler.portals import row_of
from crawler.simulator.content import Site
from crawler.simulator.replies import Reply

SIDE_BY_SIDE = """
import asyncio, json, sys
from crawler.crawl import crawl_portal, run_in_reactor
rows, settings = json.loads(sys.argv[1]), json.loads(sys.argv[2])
async def main():
    crawls = [
        crawl_portal(row["id"], run_id=None, settings={**settings, "FAZHI_PORTAL": row})
        for row in rows
    ]
    return [(done.reason, done.requests) for done in await asyncio.gather(*crawls)]
print(json.dumps(run_in_reactor(main)))
"""
TODAY = "2026-05-01 to try it"
SLACK = 0.02
"""Seconds that a clock in another process may be off."""


def portal(name: str, host: str, quirks: dict[str, str] | None = None, **look: Any) -> Site:
    made = site(name, known_column=True, family="generic", layout="numbered", **look)
    own = f"www.{name}.gov.test"
    columns = tuple(replace(c, url=c.url.replace(own, host)) for c in made.portal.columns)
    noted = MappingProxyType({key: f"{value} {TODAY}" for key, value in (quirks or {}).items()})
    base = f"http://{host}/"
    return replace(made, portal=replace(made.portal, base_url=base, columns=columns, quirks=noted))


def shut_now() -> str:
    """Opening hours that do not include this moment, nor the next ten minutes."""
    now = datetime.now(UTC).astimezone(CHINA)
    begin, end = now + timedelta(hours=2), now + timedelta(hours=3)
    return f"{begin:%H:%M}-{end:%H:%M}"


SITES = [
    portal("sfj", "sfj.qinghe.gov.test"),
    portal("slj", "slj.qinghe.gov.test"),
    portal("gxq", "gxq.qinghe.gov.test"),
    portal("far", "www.far.gov.test"),
    portal("slow", "www.slow.gov.test", robots="User-agent: *\nCrawl-delay: 0.4\n"),
    portal("few", "www.few.gov.test", {"pages": "4"}),
    portal("shut", "www.shut.gov.test", {"hours": shut_now()}),
    portal("own", "www.own.gov.test", {"delay": "0.5"}),
]
DELAY = 0.15


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Outcomes by portal, and the log, of crawls side by side in one process."""
    world = FamilyWorld(tmp_path_factory.mktemp("world"), SITES)
    home = tmp_path_factory.mktemp("home")
    settings = {
        **{"FAZHI_SIMULATOR": world.address, "FAZHI_DELAY": DELAY, "FAZHI_HOME": str(home)},
        "LOG_ENABLED": False,
    }
    rows = [row_of(each.portal) for each in SITES]
    done = subprocess.run(
        [sys.executable, "-c", SIDE_BY_SIDE, json.dumps(rows), json.dumps(settings)],
        capture_output=True,
        text=True,
        env=clean_environment(),
        timeout=200,
        check=False,
    )
    world.stop()
    assert done.returncode == 0, done.stderr
    outcomes = dict(zip((row["id"] for row in rows), json.loads(done.stdout), strict=True))
    return outcomes, world.server.log


def gaps(log: list[dict[str, Any]], host: str) -> list[float]:
    times = [line["at"] for line in log if line["host"] == host]
    return [after - before for before, after in pairwise(times)]


def test_every_portal_is_crawled_whole_but_those_with_bounds(crawled: Any) -> None:
    outcomes, _ = crawled
    reasons = {name: reason for name, (reason, _) in outcomes.items()}
    bounds = {"few": "page_budget", "shut": "outside_hours"}
    assert reasons == {each.portal.id: bounds.get(each.portal.id, "completed") for each in SITES}


def test_a_host_is_asked_for_one_thing_at_a_time_and_first_for_robots_txt(crawled: Any) -> None:
    _, log = crawled
    assert {line["in_hand"] for line in log} == {1}
    first: dict[str, str] = {}
    for line in log:
        first.setdefault(line["host"], line["target"])
    assert set(first.values()) == {"/robots.txt"}


def test_portals_of_one_machine_share_its_line(crawled: Any) -> None:
    _, log = crawled
    here = [line for line in log if line["host"].endswith(".qinghe.gov.test")]
    changes = [
        after["at"] - before["at"]
        for before, after in pairwise(here)
        if before["host"] != after["host"]
    ]
    assert len(changes) > 20, "they were crawled side by side"
    assert min(changes) >= DELAY - SLACK


def test_portals_of_other_machines_do_not_wait_for_them(crawled: Any) -> None:
    _, log = crawled
    ended: dict[str, float] = defaultdict(float)
    for line in log:
        ended[line["host"]] = line["at"]
    assert ended["www.far.gov.test"] < ended["sfj.qinghe.gov.test"]


def test_a_crawl_delay_is_kept_to(crawled: Any) -> None:
    _, log = crawled
    assert min(gaps(log, "www.slow.gov.test")) >= 0.4 - SLACK
    assert min(gaps(log, "www.far.gov.test")) < 0.4


def test_a_portals_own_delay_is_kept_to_within_its_jitter(crawled: Any) -> None:
    _, log = crawled
    own = gaps(log, "www.own.gov.test")
    assert min(own) >= 0.25 - SLACK
    assert sum(own) / len(own) >= 0.35


def test_a_daily_budget_is_not_exceeded(crawled: Any) -> None:
    outcomes, log = crawled
    assert len([line for line in log if line["host"] == "www.few.gov.test"]) == 4
    assert outcomes["few"][1] == 4


def test_outside_its_hours_a_portal_is_asked_for_nothing(crawled: Any) -> None:
    _, log = crawled
    assert [line for line in log if line["host"] == "www.shut.gov.test"] == []


def test_a_server_that_says_when_to_come_again_is_left_alone_until_then(odd_world: Any) -> None:
    asked: list[float] = []

    def busy(request: Any) -> Reply:
        asked.append(time.monotonic())
        if len(asked) == 1:
            return Reply(503, b"", headers=(("Retry-After", "1"),))
        return Reply(404, b"")

    odd_world.portal({"/col/": busy})
    odd_world.outcome()
    assert asked[1] - asked[0] >= 1 - SLACK


def test_an_absurd_crawl_delay_forbids(odd_world: Any) -> None:
    robots = Reply(200, b"User-agent: *\nCrawl-delay: 86400\n", "text/plain")
    odd = odd_world.portal({"/robots.txt": robots})
    outcome = odd_world.outcome()
    assert outcome["reason"] == "robots_forbidden"
    assert set(odd.asked) == {"/robots.txt"}


def test_the_same_budget_is_shared_by_crawls_of_one_day(
    crawl: Callable[..., Any], odd_world: Any, tmp_path: Path
) -> None:
    odd = odd_world.portal({"/col/": Reply(200, b"<ul></ul>", "text/html")})
    settings = {"FAZHI_SEEDS": str(odd_world.seeds), "FAZHI_DAILY_PAGES": 3}
    crawl(["odd", "odd", "odd"], odd_world.address, tmp_path, **settings)
    assert len(odd.asked) == 3
