"""A rehearsal: a crawl of one portal that keeps nothing and needs no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crawler.capture import Capture
from crawler.crawl import crawl_portal
from crawler.outcome import CrawlOutcome
from crawler.portals import Portal, row_of


@dataclass(frozen=True, slots=True)
class WouldKeep:
    """A page that a crawl would have kept."""

    url: str
    title: str | None
    date: str | None
    listing: str | None
    bytes: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How it went: the outcome of the crawl, and what it would have kept."""

    portal: str
    outcome: CrawlOutcome
    pages: tuple[WouldKeep, ...]


async def rehearse(portal: Portal, settings: Mapping[str, object]) -> Rehearsal:
    """Crawl a portal in the running reactor, under the same terms as ever, and keep nothing.

    What forbids the crawl to begin is raised, as by ``crawl_portal``.
    """
    pages: list[WouldKeep] = []

    class Forgetful:
        """A CaptureSink that notes what it was given."""

        def open(self) -> None:
            """Nothing to make ready."""

        async def store(self, capture: Capture) -> bool:
            """Note it; everything is new."""
            found = capture.finding
            title, date = (found.title, found.date) if found else (None, None)
            listing = found.listing_url if found else None
            pages.append(WouldKeep(capture.url or "", title, date, listing, len(capture.body)))
            return True

        def close(self) -> None:
            """Nothing was held."""

    rooms = {
        "FAZHI_SINK": Forgetful,
        "FAZHI_FRONTIER": "crawler.frontier.MemoryFrontier",
        "FAZHI_MEMORY": "crawler.memory.ProcessMemory",
        "FAZHI_PORTAL": row_of(portal),
    }
    outcome = await crawl_portal(portal.id, run_id=None, settings={**settings, **rooms})
    return Rehearsal(portal.id, outcome, tuple(pages))
