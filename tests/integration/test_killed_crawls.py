"""Crawls that are killed: the next one goes on, finds the same, and asks for little twice.

FAZHI_TEST_KILLS says how many times (20 in the long form; a few without it).
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.portals import row_of
from crawler.simulator.here import ServedHere
from crawler.simulator.server import Server
from crawler.simulator.world import LazyPortals, World, invented_places
from ingest.store.database import Database
from ingest.store.portals import sync_portals

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("FAZHI_TEST_KILLS") or 3)
PORTALS = 4
WORLD = World(tuple(invented_places(PORTALS)), seed=11, size=0.3)
CRAWLS = """
import asyncio, json, sys
from crawler.crawl import crawl_portal, run_in_reactor
rows, settings = json.loads(sys.argv[1]), json.loads(sys.argv[2])
async def one(row):
    given = {**settings, "FAZHI_PORTAL": row}
    return await crawl_portal(row["id"], run_id=None, settings=given)
async def main():
    return await asyncio.gather(*map(one, rows))
print(json.dumps({row["id"]: end.reason for row, end in zip(rows, run_in_reactor(main))}))
"""


@pytest.fixture
def simulator() -> Iterator[ServedHere]:
    """The world in a thread of this process, whose log can be watched."""
    running = ServedHere(Server(LazyPortals(WORLD)))
    yield running
    running.stop()


def begin(database: Database, simulator: ServedHere, **settings: Any) -> subprocess.Popen[str]:
    """Crawl all portals side by side in a process of its own."""
    rows = [row_of(WORLD.site(number).portal) for number in range(PORTALS)]
    given = {
        **{"FAZHI_SIMULATOR": simulator.address, "FAZHI_DELAY": 0},
        **{"FAZHI_DATABASE_URL": database.url, "FAZHI_HOME": str(database.home)},
        "FAZHI_SINK": "ingest.store.captures.DatabaseSink",
        "FAZHI_FRONTIER": "ingest.store.frontier.DatabaseFrontier",
        **settings,
    }
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FAZHI_")}
    return subprocess.Popen(
        [sys.executable, "-c", CRAWLS, json.dumps(rows), json.dumps(given)],
        stdout=subprocess.PIPE,
        text=True,
        env={**kept, "PYTHONPATH": str(ROOT)},
    )


def finish(process: subprocess.Popen[str]) -> dict[str, str]:
    """Its end, in order: why each crawl ended."""
    output, _ = process.communicate(timeout=240)
    assert process.returncode == 0
    reasons: dict[str, str] = json.loads(output)
    return reasons


def kill_after(process: subprocess.Popen[str], simulator: ServedHere, requests: int) -> bool:
    """Kill it once so many requests have come; False if it ended before."""
    while len(simulator.server.log) < requests and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    process.communicate()
    return process.returncode != 0


def ready(database: Database) -> None:
    with database.connect() as connection:
        sync_portals(connection, [WORLD.site(number).portal for number in range(PORTALS)])


def captured(database: Database) -> set[tuple[str, str]]:
    with database.connect() as connection:
        return set(connection.execute("select url, sha256 from captures").fetchall())


def asked(simulator: ServedHere) -> Counter[tuple[str, str, str]]:
    lines = [line for line in simulator.server.log if line["target"] != "/robots.txt"]
    return Counter(
        (line["host"], line["method"] + line.get("body", ""), line["target"]) for line in lines
    )


def empty(database: Database) -> None:
    with database.connect() as connection:
        connection.execute(
            "truncate captures, crawl_tasks, crawl_states, remembered_pages, columns cascade"
        )


@pytest.mark.parametrize("server", ["embedded"], indirect=True)
def test_killed_crawls_end_with_the_same_captures_and_ask_again_only_for_what_was_in_hand(
    database: Database, simulator: ServedHere
) -> None:
    ready(database)
    reasons = finish(begin(database, simulator))
    assert set(reasons.values()) <= {"completed", "partial"}
    undisturbed, once = captured(database), asked(simulator)
    assert len(undisturbed) >= PORTALS * 4
    empty(database)
    simulator.server.log.clear()

    moments = random.Random(7)
    kills = since_empty = 0
    while kills < KILLS:
        done = len(simulator.server.log)
        if done >= once.total():
            empty(database)  # all is done: begin anew, for there are kills left
            simulator.server.log.clear()
            done = since_empty = 0
        step = moments.randint(1, max(2, 2 * once.total() // (KILLS + 1)))
        killed = kill_after(begin(database, simulator), simulator, done + step)
        kills, since_empty = kills + killed, since_empty + killed
    finish(begin(database, simulator))

    assert captured(database) == undisturbed
    again = asked(simulator)
    assert set(again) == set(once)
    assert (again - once).total() <= since_empty * PORTALS
