"""Columns are found in a made-up nation, over all families, within the bounds that we promise.

`python bench/discovery.py` shows the same for more portals, by family.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median

from conftest import clean_environment

from crawler.portals import row_of
from crawler.simulator import start_simulator
from crawler.simulator.world import World, invented_places

PORTALS = 40
WORLD = World(tuple(invented_places(PORTALS)), seed=2)
CRAWLS = """
import asyncio, json, sys
from crawler.portals import portal_of
from crawler.crawl import run_in_reactor
from crawler.rehearsal import rehearse
rows, settings = json.loads(sys.argv[1]), json.loads(sys.argv[2])
async def main():
    return await asyncio.gather(*(rehearse(portal_of(row), settings) for row in rows))
print(json.dumps({
    done.portal: [done.outcome.requests, done.outcome.reason, [page.title for page in done.pages]]
    for done in run_in_reactor(main)
}))
"""


def test_at_least_95_of_100_reports_are_found_for_at_most_40_requests_a_portal(
    tmp_path: Path,
) -> None:
    sites = [WORLD.site(number) for number in range(PORTALS)]
    told = tmp_path / "world.json"
    told.write_text(json.dumps({"count": PORTALS, "seed": WORLD.seed}), encoding="utf-8")
    rows = json.dumps([row_of(site.portal) for site in sites])
    with start_simulator(world=told) as simulator:
        settings = {"FAZHI_SIMULATOR": simulator.address, "FAZHI_DELAY": 0}
        done = subprocess.run(
            [sys.executable, "-c", CRAWLS, rows, json.dumps(settings)],
            capture_output=True,
            env=clean_environment(FAZHI_HOME=str(tmp_path)),
            cwd=tmp_path,
            timeout=240,
            check=False,
        )
    assert done.returncode == 0, done.stderr.decode()
    crawled = json.loads(done.stdout)
    there = {site.portal.id: {report.title for report in site.reports} for site in sites}
    found = {portal: titles & set(crawled[portal][2]) for portal, titles in there.items()}
    total = sum(map(len, there.values()))
    assert total > 250
    assert sum(map(len, found.values())) >= 0.95 * total
    assert median(requests for requests, *_ in crawled.values()) <= 40
