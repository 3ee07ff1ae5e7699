"""How well columns are found in a made-up nation, and what the second crawl of it costs.

    python bench/discovery.py [--portals 51] [--seed 1] [--at-once 10]

The portals are pretend ones over all families (crawler/simulator/world.py), crawled over real HTTP
into a PostgreSQL of the bench's own, from the front page alone. Requests count everything sent,
robots.txt and articles included. Then they are crawled once more, unchanged.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from crawled import Crawled, crawl_world, home_of_its_own

from crawler.crawl import run_in_reactor
from crawler.simulator.content import Site
from crawler.simulator.world import World, invented_places
from ingest.store.database import Database


@dataclass(frozen=True, slots=True)
class Row:
    """One portal: its family, the reports there and found, requests and columns."""

    family: str
    there: int
    found: int
    requests: int
    columns: int
    again: int


def rows_of(
    sites: Iterable[Site], first: Crawled, second: Crawled, database: Database
) -> list[Row]:
    """What became of each portal."""
    titles: dict[str, set[str]] = defaultdict(set)
    with database.connect() as connection:
        for portal_id, title in connection.execute("select portal_id, entry_title from captures"):
            titles[portal_id].add(title)
        known = dict(
            connection.execute("select portal_id, count(*) from columns group by 1").fetchall()
        )
    found = []
    for site in sites:
        portal, there = site.portal.id, {report.title for report in site.reports}
        found.append(
            Row(
                site.look["family"],
                len(there),
                len(there & titles[portal]),
                first.requests[portal],
                known.get(portal, 0),
                second.requests[portal] - 1,  # robots.txt
            )
        )
    return found


def show(rows: list[Row]) -> None:
    """Both tables."""
    families = sorted({row.family for row in rows})
    sys.stdout.write("family           portals  there  found  requests (median, most)\n")
    for family in (*families, "all"):
        those = [row for row in rows if family in (row.family, "all")]
        asked = [row.requests for row in those]
        there, found = sum(row.there for row in those), sum(row.found for row in those)
        sys.stdout.write(
            f"{family:<16} {len(those):>7} {there:>6} {found:>6} {100 * found / there:>5.1f}%"
            f" {median(asked):>8.0f} {max(asked):>5}\n"
        )
    asked, columns = sum(row.again for row in rows), sum(row.columns for row in rows)
    most = max((row.again / row.columns for row in rows if row.columns), default=0)
    sys.stdout.write(
        "\nsecond crawl     portals  known columns  requests  a column (mean, most)\n"
        f"all              {len(rows):>7} {columns:>14} {asked:>9}"
        f" {asked / max(1, columns):>14.2f} {most:>5.2f}\n"
    )


def main() -> None:
    """Crawl twice and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portals", type=int, default=51)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=10)
    given = parser.parse_args()
    world = World(tuple(invented_places(given.portals)), seed=given.seed)
    told = {"count": given.portals, "seed": given.seed}
    sites = [world.site(number) for number in range(given.portals)]
    with home_of_its_own(told, [site.portal for site in sites]) as place:

        async def twice() -> tuple[Crawled, Crawled]:
            portals = [site.portal for site in sites]
            first = await crawl_world(place, portals, given.at_once)
            return first, await crawl_world(place, portals, given.at_once)

        first, second = run_in_reactor(twice)
        show(rows_of(sites, first, second, place.database))


if __name__ == "__main__":
    main()
