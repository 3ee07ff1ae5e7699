"""The nation, simulated: every portal of the registry as a pretend one, crawled to completion.

    python bench/nation.py [--portals 3517] [--at-once 64] [--size 0.3] [--delay 2]

The portals have the registry's names, codes and host names (below .test), all families in turn,
and are crawled from the front page alone, into an embedded PostgreSQL, with the delay between two
requests divided by --scale. What the same crawl would take with real delays is reckoned: each
portal takes its requests times the delay, and so many are crawled side by side. Cost is shown in
steps, each by itself, so that growth would be seen.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crawled import BenchPlace, Crawled, crawl_world, home_of_its_own

from crawler.crawl import run_in_reactor
from crawler.portals import Portal, load_portals
from crawler.simulator.world import Place, World

STEPS = 12
DAY = 86_400


def places() -> list[Place]:
    """The registry's portals as places; the port and the scheme of a host are left out."""
    found, hosts = [], set()
    for portal in load_portals().values():
        host = urlsplit(portal.base_url).hostname or ""
        if host.endswith(".test"):
            continue
        pretend = host.removesuffix(".gov.cn") + ".gov.test"
        if not host.endswith(".gov.cn") or pretend in hosts:
            pretend = f"www.{portal.id}.gov.test"
        hosts.add(pretend)
        found.append(Place(portal.id, portal.name, pretend, portal.level, portal.adcode))
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """Where the crawl stood: portals done, seconds of wall and of CPU, megabytes, requests."""

    done: int
    wall: float
    cpu: float
    memory: float
    requests: int


def resident() -> float:
    """Megabytes of this process that are in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


async def crawl(given: argparse.Namespace, place: BenchPlace, portals: list[Portal]) -> Crawled:
    """All portals, so many side by side; a line whenever a twelfth more is done."""
    steps: list[Step] = []
    begun, cpu = time.monotonic(), time.process_time()
    every = max(1, -(-len(portals) // STEPS))

    def told(crawled: Crawled) -> None:
        done = len(crawled.outcomes)
        if done % every and done < len(portals):
            return
        spent = time.monotonic() - begun, time.process_time() - cpu
        steps.append(Step(done, *spent, resident(), sum(crawled.requests.values())))
        tell(steps)

    delay = given.delay / given.scale
    return await crawl_world(place, portals, given.at_once, told, FAZHI_DELAY=delay)


def tell(steps: list[Step]) -> None:
    """The last step, its cost by itself."""
    last, before = steps[-1], (steps[-2] if len(steps) > 1 else Step(0, 0, 0, 0, 0))
    done = last.done - before.done
    sys.stdout.write(
        f"{last.done:>6} {last.requests:>9} {last.wall:>8.0f} {last.memory:>9.0f}"
        f" {1000 * (last.cpu - before.cpu) / done:>15.0f}"
        f" {(last.requests - before.requests) / done:>19.1f}\n"
    )
    sys.stdout.flush()


def main() -> None:
    """Crawl and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portals", type=int, default=10_000, help="at most so many")
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--size", type=float, default=0.3, help="of a portal; 1 has 150 columns")
    parser.add_argument("--delay", type=float, default=2.0, help="seconds, as in reality")
    parser.add_argument("--scale", type=float, default=1000, help="the delay is divided by it")
    given = parser.parse_args()
    world = World(tuple(places()[: given.portals]), size=given.size)
    sites = (world.site(number) for number in range(len(world.places)))
    there, portals = 0, []
    for site in sites:
        there += len(site.reports)
        portals.append(site.portal)
    told = {"places": [list(asdict(each).values()) for each in world.places], "size": given.size}
    sys.stdout.write(f"{len(portals)} portals with {there} reports, {given.at_once} side by side\n")
    sys.stdout.write("  done  requests   wall s  memory MB  CPU ms a portal  requests a portal\n")
    with home_of_its_own(told, portals) as place:
        crawled = run_in_reactor(lambda: crawl(given, place, portals))
        with place.database.connect() as connection:
            row = connection.execute("select count(*) from captures").fetchone()
    ends: dict[str, int] = {}
    for outcome in crawled.outcomes.values():
        ends[outcome.reason] = ends.get(outcome.reason, 0) + 1
    requests = sum(crawled.requests.values())
    hours = requests * given.delay / given.at_once / 3600
    longest = max(crawled.requests.values()) * given.delay / 60
    sys.stdout.write(
        f"captures {row[0] if row else 0}; ends {ends}\n"
        f"delays were divided by {given.scale:g}; with {given.delay:g} s and {given.at_once} side "
        f"by side it takes {hours:.1f} hours, no portal longer than {longest:.1f} minutes\n"
    )


if __name__ == "__main__":
    main()
