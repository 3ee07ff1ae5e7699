"""Workers on several hosts against one database: does more of them mean more work done, and what
becomes of a host that dies, or loses the network?

    python bench/hosts.py throughput [--captures 1500] [--passes 2]
    python bench/hosts.py faults

Hosts are network namespaces (fleet.py). `throughput`: the same captures are ingested by one process
and by two; the ratio of captures a second is to be at least 1.6 on two cores (rates.py). `faults`:
pretend portals are crawled from two hosts; everything on one is killed with -9, then the other's
network is pulled out for a while. Nothing may be lost or stored twice, and what the dead host had
in hand must be taken over within 45 seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from fleet import ask, environment, hosts, server, wait
from rates import compare
from writing import report

from crawler.capture import Capture
from crawler.portals import read_portals
from crawler.seeds import SEEDS
from ingest.regions import Gazetteer
from ingest.store.captures import store_capture
from ingest.store.database import Database
from scheduler.presence import HOST

PENDING = "select count(*) from captures where ingested_at is null"
STEADY = ("-c autovacuum=off", "-c max_wal_size=16GB", "-c checkpoint_timeout=1h")
"""What the server does at times of its own would fall on one turn and not on another."""


def throughput(captures: int, passes: int) -> int:
    """One ingester against two, turn by turn (rates.py); captures a second."""
    with (
        tempfile.TemporaryDirectory(prefix="fz-") as place,
        hosts(2) as (machines, address),
        server(address, *STEADY) as (database, running),
    ):
        _fill(database, captures)
        median = compare(database, running, machines, Path(place), passes)
    ratio = median[2] / median[1]
    told = {count: round(rate, 1) for count, rate in median.items()}
    print(json.dumps({"captures_a_second": told, "ratio": round(ratio, 2)}))
    return int(ratio < 1.6)


def _fill(database: Database, count: int) -> None:
    """Captures of reports, each of a county and of its own words: as in the nation, hardly two that
    are read at a time are of one body, or copies of each other."""
    counties = [d for d in Gazetteer.load(SEEDS).all() if d.level == "county" and not d.valid_to]
    now = datetime.now(UTC)
    with database.connect() as connection:
        for number in range(count):
            county = counties[number % len(counties)]
            title, lines = report(number, f"{county.name}人民政府", 2025)
            body = "".join(f"<p>{line}</p>" for line in lines)
            page = (
                f"<html><head><title>{title}</title></head><body><h1>{title}</h1>"
                f"<div class='TRS_Editor'>{body}</div></body></html>"
            )
            url = f"http://www.bench{number}.gov.test/1.html"
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            store_capture(connection, Capture(url, url, 200, headers, page.encode(), now))


def faults() -> int:
    """Kill a host, pull the cable of another; what was lost, doubled, and how long it took."""
    told: dict[str, object] = {}
    with (
        tempfile.TemporaryDirectory(prefix="fz-") as name,
        hosts(3) as (machines, address),
        server(address) as (database, running),
    ):
        place = Path(name)
        ours = environment(running.url, place, FAZHI_DELAY="0.5", FAZHI_CRAWL_CONCURRENCY="3")
        portals = [p.id for p in read_portals(SEEDS / "demo" / "portals.csv") if not p.disabled]
        for machine in machines:
            machine.start(["simulator", "--port", "8017"], ours, place / "simulator")
            for role in ("crawler", "ingester"):
                machine.start(["serve", "--role", role], ours, place / machine.name)
        machines[0].start(["serve", "--role", "scheduler"], ours, place / "scheduler")
        wait(lambda: ask(database, "select count(*) from jobs.procrastinate_workers") == 6)
        machines[0].start(["crawl", "--no-follow", *portals], ours, place / "asked")
        victim = machines[1]
        crawler = f"{victim.name if victim.namespace else HOST}:{victim.processes[1].pid}"
        held = "select count(*) from crawl_runs where state = 'running' and worker = %s"
        wait(lambda: ask(database, held, crawler) > 0)
        told["visits_in_hand_of_the_killed_host"] = ask(database, held, crawler)
        victim.kill()
        told["seconds_until_taken_over"] = round(wait(lambda: ask(database, held, crawler) == 0), 1)
        cut = machines[2]
        if cut.namespace:
            cut.plug(into=False)
            time.sleep(25)
            cut.plug(into=True)
            told["network_pulled_out_seconds"] = 25
        left = "select count(*) from jobs.procrastinate_jobs where status in ('todo', 'doing')"
        wait(lambda: not ask(database, left) and not ask(database, PENDING))
        told |= _compare(database, portals)
        alive = [process.poll() is None for process in cut.processes]
        told["processes_of_the_cut_host_alive"] = all(alive)
        slow = float(str(told["seconds_until_taken_over"])) > 45
    print(json.dumps(told, indent=2))
    return int(slow or bool(told["lost"]) or bool(told["stored_twice"]) or not all(alive))


def _compare(database: Database, portals: list[str]) -> dict[str, object]:
    """Against what those portals publish: report files in the seeds of the demo."""
    last = "select reason from crawl_runs where portal_id = %s order by id desc limit 1"
    broken = (None, "interrupted", "storage", "internal_error", "no_simulator")
    unfinished = [p for p in portals if ask(database, last, p) in broken]
    expected = len(list((SEEDS / "demo" / "reports").glob("*.txt")))
    found = ask(database, "select count(*) from reports")
    twice = (
        "select count(*) from (select from captures group by url, sha256 having count(*) > 1) as c"
    )
    versions = "select count(*) from report_versions"
    return {
        "portals": len(portals),
        "visits_that_came_to_no_end": unfinished,
        "runs": ask(database, "select count(*) from crawl_runs"),
        "reports": found,
        "lost": len(unfinished) + max(0, expected - found),
        "stored_twice": ask(database, twice) + ask(database, versions) - found,
    }


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["throughput", "faults"])
    parser.add_argument("--captures", type=int, default=1500)
    parser.add_argument("--passes", type=int, default=2)
    chosen = parser.parse_args()
    return faults() if chosen.what == "faults" else throughput(chosen.captures, chosen.passes)


if __name__ == "__main__":
    sys.exit(main())
