"""The nation, simulated: every portal of the registry as a pretend one, crawled to completion.

    python bench/nation.py [--portals 3517] [--at-once 64] [--size 0.3] [--delay 2]
    python bench/nation.py --sizes 100 300 1000 3517 [--samples FILE [--plot PICTURE]]

The portals have the registry's names, codes and host names (below .test), all families in turn,
and are crawled from the front page alone, into an embedded PostgreSQL, with the delay between two
requests divided by --scale. What the same crawl would take with real delays is reckoned: each
portal takes its requests times the delay, and so many are crawled side by side. Cost is shown in
steps, each by itself, so that growth would be seen.

With --sizes each size is crawled in a process of its own with a database of its own, and a table
compares them: the peak is the most that process ever had in memory (the simulator and PostgreSQL
are others). --samples writes the process's memory after every hundredth of the portals as CSV:
portals in all, portals done, requests so far, megabytes, seconds of CPU; --plot draws them
(bench/plot.py). A portal that did not complete is named with what became of it.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crawled import BenchPlace, Crawled, crawl_world, home_of_its_own
from memory import peak_megabytes, resident_megabytes
from plot import draw, read_samples

from crawler.crawl import run_in_reactor
from crawler.portals import Portal, load_portals
from crawler.simulator.garden import Place
from crawler.simulator.world import World

STEPS, SAMPLES = 12, 100


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


@dataclass(frozen=True, slots=True)
class Result:
    """One crawl of so many portals. ``longest``: most requests of one portal; ``peak``: MB."""

    portals: int
    reports: int
    captures: int
    requests: int
    longest: int
    peak: float
    ends: dict[str, int]
    steps: list[Step]


async def crawl(
    given: argparse.Namespace, place: BenchPlace, portals: list[Portal]
) -> tuple[Crawled, list[Step]]:
    """All portals, so many side by side; a sample for every hundredth that is done, and a line
    for every twelfth."""
    steps: list[Step] = []
    begun, cpu = time.monotonic(), time.process_time()
    shown = Step(0, 0, 0, 0, 0)

    def told(crawled: Crawled) -> None:
        nonlocal shown
        done, every = len(crawled.outcomes), max(1, len(portals) // SAMPLES)
        if done % every and done < len(portals):
            return
        spent = time.monotonic() - begun, time.process_time() - cpu
        steps.append(Step(done, *spent, resident_megabytes(), sum(crawled.requests.values())))
        if done == len(portals) or done - shown.done >= len(portals) / STEPS:
            tell(steps[-1], shown)
            shown = steps[-1]

    delay = given.delay / given.scale
    return await crawl_world(place, portals, given.at_once, told, FAZHI_DELAY=delay), steps


def tell(last: Step, before: Step) -> None:
    """A step, its cost by itself."""
    done = last.done - before.done
    sys.stdout.write(
        f"{last.done:>6} {last.requests:>9} {last.wall:>8.0f} {last.memory:>9.0f}"
        f" {1000 * (last.cpu - before.cpu) / done:>15.0f}"
        f" {(last.requests - before.requests) / done:>19.1f}\n"
    )
    sys.stdout.flush()


def crawl_size(given: argparse.Namespace) -> Result:
    """One crawl of --portals portals, told step by step."""
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
        crawled, steps = run_in_reactor(lambda: crawl(given, place, portals))
        with place.database.connect() as connection:
            row = connection.execute("select count(*) from captures").fetchone()
    ends: dict[str, int] = {}
    for outcome in crawled.outcomes.values():
        ends[outcome.reason] = ends.get(outcome.reason, 0) + 1
    tell_incomplete(crawled)
    return Result(
        portals=len(portals),
        reports=there,
        captures=row[0] if row else 0,
        requests=sum(crawled.requests.values()),
        longest=max(crawled.requests.values()),
        peak=peak_megabytes(),
        ends=ends,
        steps=steps,
    )


def tell_incomplete(crawled: Crawled) -> None:
    """Portals that did not complete, and why."""
    for portal, outcome in sorted(crawled.outcomes.items()):
        if outcome.reason != "completed":
            first = outcome.failures[0] if outcome.failures else None
            why = f": {first.url} {first.reason}, {first.detail}" if first else ""
            sys.stdout.write(f"  {portal} {outcome.state}, {outcome.reason}{why}\n")


def conclude(result: Result, given: argparse.Namespace) -> None:
    """What one crawl came to, and what it would take with real delays."""
    hours = result.requests * given.delay / given.at_once / 3600
    longest = result.longest * given.delay / 60
    sys.stdout.write(
        f"captures {result.captures}; ends {result.ends}; peak {result.peak:.0f} MB\n"
        f"delays were divided by {given.scale:g}; with {given.delay:g} s and {given.at_once} side "
        f"by side it takes {hours:.1f} hours, no portal longer than {longest:.1f} minutes\n\n"
    )
    sys.stdout.flush()


def compare(given: argparse.Namespace) -> None:
    """Every size in a process of its own, and the table."""
    results = []
    for size in given.sizes:
        passed = {"at-once": given.at_once, "size": given.size, "delay": given.delay}
        command = [sys.executable, __file__, "--portals", str(size), "--scale", str(given.scale)]
        command += [part for name, value in passed.items() for part in (f"--{name}", str(value))]
        with subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            lines = []
            for line in child.stdout:
                lines.append(line)
                if not line.startswith("{"):
                    sys.stdout.write(line)
                    sys.stdout.flush()
        if child.returncode:
            raise SystemExit(f"the crawl of {size} portals ended with {child.returncode}")
        told = json.loads(lines[-1])
        results.append(Result(**{**told, "steps": [Step(**step) for step in told["steps"]]}))
        conclude(results[-1], given)
        show(results)
        if given.samples:
            write_samples(results, given.samples)
            if given.plot:
                draw(read_samples(given.samples), given.plot)


def show(results: list[Result]) -> None:
    """The sizes side by side, in Markdown."""
    sys.stdout.write(
        "| portals | requests | a portal | wall s | CPU ms a portal | CPU ms a request | peak MB "
        "| reports | captures |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    )
    for each in results:
        last = each.steps[-1]
        cells = (
            *(f"{each.portals:,}", f"{each.requests:,}", f"{each.requests / each.portals:.1f}"),
            *(f"{last.wall:.0f}", f"{1000 * last.cpu / each.portals:.0f}"),
            *(f"{1000 * last.cpu / each.requests:.2f}", f"{each.peak:.0f}"),
            *(f"{each.reports:,}", f"{each.captures:,}"),
        )
        sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.write("\n")
    sys.stdout.flush()


def write_samples(results: list[Result], file: Path) -> None:
    """Memory against requests, as CSV."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(("portals", "done", "requests", "memory_mb", "cpu_s"))
        for each in results:
            for step in each.steps:
                values = step.done, step.requests, round(step.memory, 1), round(step.cpu, 2)
                writer.writerow((each.portals, *values))


def main() -> None:
    """Crawl and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portals", type=int, default=10_000, help="at most so many")
    parser.add_argument("--sizes", type=int, nargs="+", help="compare crawls of so many portals")
    parser.add_argument("--samples", type=Path, help="with --sizes: CSV of memory by requests")
    parser.add_argument("--plot", type=Path, help="with --samples: a picture of them (svg, png)")
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--size", type=float, default=0.3, help="of a portal; 1 has 150 columns")
    parser.add_argument("--delay", type=float, default=2.0, help="seconds, as in reality")
    parser.add_argument("--scale", type=float, default=1000, help="the delay is divided by it")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.plot and not (given.samples and given.sizes):
        parser.error("--plot draws what --sizes and --samples bring: give them too")
    if given.sizes:
        compare(given)
        return
    result = crawl_size(given)
    if given.json:
        sys.stdout.write(json.dumps(asdict(result)) + "\n")
    else:
        conclude(result, given)


if __name__ == "__main__":
    main()
