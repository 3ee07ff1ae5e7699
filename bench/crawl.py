"""How fast a process crawls: our spider with captures stored, a bare Scrapy spider, aiohttp.

    python bench/crawl.py [--portals 150] [--at-once 50] [--passes 2]

All fetch the same pages of the same simulator, one request at a time a host, without delays (ours
without AutoThrottle, which waits as long as the last answer took), each in a process of its own
that does nothing else; passes take turns. Ours discovers the columns,
judges entries, writes the frontier and stores the captures in PostgreSQL (embedded, with fsync).
The other two are handed the addresses that ours asked for, take the links out of each page, and
keep nothing. CPU is that of the crawling process; the simulator and PostgreSQL are others.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urljoin

from crawled import BenchPlace, crawl_world, home_of_its_own
from memory import peak_megabytes

from crawler.crawl import run_in_reactor
from crawler.portals import Portal
from crawler.simulator.world import World, invented_places

Pages = dict[str, list[str]]
"""Targets by host, in the order in which they are asked for."""


def measured(begun: tuple[float, float], pages: int) -> dict[str, float]:
    """Pages, seconds of wall and of this process, and megabytes at most."""
    wall, cpu = time.monotonic() - begun[0], time.process_time() - begun[1]
    return {"pages": pages, "wall": wall, "cpu": cpu, "peak": peak_megabytes()}


def ours(told: dict[str, Any]) -> dict[str, float]:
    """Our spider."""
    portals = [_portal(number) for number in range(told["portals"])]
    place = BenchPlace(_Address(told["address"]), None, Path(told["home"]))  # type: ignore[arg-type]

    async def crawl() -> dict[str, float]:
        begun = time.monotonic(), time.process_time()
        without = {"AUTOTHROTTLE_ENABLED": False}  # a delay that nobody else keeps here
        crawled = await crawl_world(place, portals, told["at_once"], **without)
        return measured(begun, sum(crawled.requests.values()))

    return run_in_reactor(crawl)


def bare_scrapy(told: dict[str, Any]) -> dict[str, float]:
    """A spider as in a tutorial: a start address a host, links out of every page, an item each."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    pages: Pages = told["pages"]
    host, port = told["address"].split(":")

    class Bare(scrapy.Spider):
        name = "bare"

        async def start(self) -> Any:
            for number, targets in enumerate(pages.values()):
                yield self.ask(number, targets, 0)

        def ask(self, number: int, targets: list[str], at: int) -> scrapy.Request:
            return scrapy.Request(
                f"http://{host}:{port}{targets[at]}",
                headers={"Host": list(pages)[number], "Referer": "http://x/"},
                meta={"download_slot": str(number)},
                cb_kwargs={"number": number, "targets": targets, "at": at},
                dont_filter=True,
            )

        def parse(self, response: Any, number: int, targets: list[str], at: int) -> Any:
            links = []
            if isinstance(response, scrapy.http.TextResponse):
                links = [response.urljoin(link) for link in response.css("a::attr(href)").getall()]
            yield {"url": response.url, "body": response.body, "links": len(links)}
            if at + 1 < len(targets):
                yield self.ask(number, targets, at + 1)

    settings = {
        "CONCURRENT_REQUESTS": told["at_once"],
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "LOG_LEVEL": "CRITICAL",
        "TELNETCONSOLE_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "RETRY_ENABLED": False,
    }
    process = CrawlerProcess(settings)
    begun = time.monotonic(), time.process_time()
    process.crawl(Bare)
    process.start()
    return measured(begun, sum(map(len, pages.values())))


def aiohttp_follower(told: dict[str, Any]) -> dict[str, float]:
    """A follower without a framework: parses each page with lxml, makes its links absolute, knows
    which it has seen."""
    import aiohttp
    from lxml import html

    pages: Pages = told["pages"]

    def links(url: str, body: bytes, seen: set[str]) -> None:
        try:
            tree = html.fromstring(body)
        except (ValueError, SyntaxError):
            return
        seen.update(urljoin(url, href) for href in tree.xpath("//a/@href"))

    async def one(session: Any, room: asyncio.Semaphore, host: str, targets: list[str]) -> None:
        seen: set[str] = set()
        async with room:
            for target in targets:
                headers = {"Host": host, "Referer": "http://x/"}
                url = f"http://{told['address']}{target}"
                async with session.get(url, headers=headers, allow_redirects=False) as answer:
                    links(url, await answer.read(), seen)

    async def main() -> dict[str, float]:
        begun = time.monotonic(), time.process_time()
        room = asyncio.Semaphore(told["at_once"])
        connector = aiohttp.TCPConnector(limit=told["at_once"])
        async with aiohttp.ClientSession(connector=connector) as session:
            await asyncio.gather(*(one(session, room, h, t) for h, t in pages.items()))
        return measured(begun, sum(map(len, pages.values())))

    return asyncio.run(main())


ROLES = {"ours": ours, "bare scrapy": bare_scrapy, "aiohttp": aiohttp_follower}


class _Address:
    """A simulator that runs elsewhere."""

    def __init__(self, address: str):
        self.address = address


def _portal(number: int) -> Portal:
    place = list(invented_places(number + 1))[number]
    return Portal(place.id, place.name, place.level, place.adcode, f"http://{place.host}/")


def played(role: str, told: dict[str, Any], home: Path) -> dict[str, float]:
    """A role in a process of its own."""
    file = home / "told.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    command = [sys.executable, __file__, "--role", role, "--told", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{role}: {done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def compare(given: argparse.Namespace) -> None:
    """All roles, pass after pass, and the table."""
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    for _ in range(given.passes):
        world = World(tuple(invented_places(given.portals)))
        portals = [_portal(number) for number in range(len(world.places))]
        with home_of_its_own({"count": given.portals}, portals) as place:
            told: dict[str, Any] = {
                "address": place.simulator.address,
                "home": str(place.home),
                "portals": given.portals,
                "at_once": given.at_once,
            }
            rows["ours"].append(played("ours", told, place.home))
            pages: Pages = defaultdict(list)
            for line in place.simulator.log():
                if line["method"] == "GET":
                    pages[line["host"]].append(line["target"])
            for role in ("bare scrapy", "aiohttp"):
                rows[role].append(played(role, {**told, "pages": pages}, place.home))
    show(rows)


def show(rows: dict[str, Sequence[dict[str, float]]]) -> None:
    """The medians of the passes, and the ratios."""
    rate = {role: median(row["pages"] / row["wall"] for row in each) for role, each in rows.items()}
    cpu = {role: median(row["cpu"] / row["pages"] for row in each) for role, each in rows.items()}
    sys.stdout.write("              pages  pages/s  CPU ms/page  peak MB\n")
    for role, each in rows.items():
        sys.stdout.write(
            f"{role:<12} {each[0]['pages']:>6.0f} {rate[role]:>8.0f} {1000 * cpu[role]:>12.2f}"
            f" {each[0]['peak']:>8.0f}\n"
        )
    sys.stdout.write(
        f"\nours has {100 * rate['ours'] / rate['bare scrapy']:.0f}% of bare Scrapy's pages/s, "
        f"{100 * cpu['ours'] / cpu['bare scrapy']:.0f}% of its CPU a page, "
        f"and {cpu['ours'] / cpu['aiohttp']:.1f} times aiohttp's CPU a page\n"
    )


def main() -> None:
    """Compare, or play one role."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portals", type=int, default=150)
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--passes", type=int, default=2)
    parser.add_argument("--role", choices=ROLES, help=argparse.SUPPRESS)
    parser.add_argument("--told", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.role:
        told = json.loads(given.told.read_text(encoding="utf-8"))
        sys.stdout.write(json.dumps(ROLES[given.role](told)) + "\n")
        return
    compare(given)


if __name__ == "__main__":
    main()
