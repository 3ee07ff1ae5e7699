"""What the benches of the crawler share: a world, a database of their own, and crawls of it."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

logging.lastResort = None  # what is told of a crawl is its outcome, not every page on stderr
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crawler.crawl import crawl_portal  # noqa: E402
from crawler.outcome import CrawlOutcome  # noqa: E402
from crawler.portals import Portal, row_of  # noqa: E402
from crawler.simulator import Simulator, start_simulator  # noqa: E402
from ingest.store.database import Database, open_database  # noqa: E402
from ingest.store.migrate import migrate  # noqa: E402
from ingest.store.portals import sync_portals  # noqa: E402


@dataclass(frozen=True, slots=True)
class BenchPlace:
    """A simulator that serves a world, and an embedded database that knows its portals."""

    simulator: Simulator
    database: Database
    home: Path

    def settings(self, portal: Portal, **more: Any) -> dict[str, Any]:
        """The service's settings, without delays."""
        return {
            "FAZHI_PORTAL": row_of(portal),
            "FAZHI_SIMULATOR": self.simulator.address,
            "FAZHI_HOME": str(self.home),
            "FAZHI_DELAY": 0,
            "FAZHI_SINK": "ingest.store.captures.DatabaseSink",
            "FAZHI_FRONTIER": "ingest.store.frontier.DatabaseFrontier",
            "LOG_LEVEL": "CRITICAL",
            **more,
        }


@dataclass(slots=True)
class Crawled:
    """What became of the crawls, by portal."""

    outcomes: dict[str, CrawlOutcome] = field(default_factory=dict)

    @property
    def requests(self) -> dict[str, int]:
        """Requests sent, robots.txt included."""
        return {portal: outcome.requests for portal, outcome in self.outcomes.items()}


@contextmanager
def home_of_its_own(world: dict[str, Any], portals: Sequence[Portal]) -> Iterator[BenchPlace]:
    """Everything a bench needs, gone when it ends."""
    home = Path(tempfile.mkdtemp(prefix="fazhi-bench-"))
    home.chmod(0o711)  # as root the server runs as another user, who has to pass through
    try:
        (home / "world.json").write_text(json.dumps(world), encoding="utf-8")
        with (
            start_simulator(world=home / "world.json") as simulator,
            open_database(home=home) as database,
        ):
            migrate(database)
            with database.connect() as connection:
                sync_portals(connection, portals)
            yield BenchPlace(simulator, database, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def crawl_world(
    place: BenchPlace,
    portals: Sequence[Portal],
    at_once: int,
    told: Callable[[Crawled], None] = lambda _: None,
    **settings: Any,
) -> Crawled:
    """Crawl portals, so many side by side, in the running reactor; ``told`` after each."""
    crawled, room = Crawled(), asyncio.Semaphore(at_once)

    async def one(portal: Portal) -> None:
        async with room:
            given = place.settings(portal, **settings)
            crawled.outcomes[portal.id] = await crawl_portal(portal.id, run_id=None, settings=given)
            told(crawled)

    await asyncio.gather(*map(one, portals))
    return crawled
