"""An assignment: one portal to crawl, and the manners its host is owed. Checked before a crawl."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler import manners
from crawler.errors import CrawlError
from crawler.portals import Portal, find_portal, load_portals, portal_of
from crawler.resolver import parse_address

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a spider is sent out with."""

    portal: Portal
    run_id: int | None
    seeds: Path
    user_agent: str
    delay: float
    """Seconds between two requests to one host."""
    simulator: tuple[str, int]
    """Host and port where pretend portals answer."""


def assign(settings: BaseSettings, portal: str = "", run_id: object = None) -> Assignment:
    """The assignment for a portal id, from Scrapy settings.

    FAZHI_PORTAL, a row of the registry by column name, is for portals that are not in the seeds.
    Raises UnknownPortalError, SettingError, SeedError or CrawlError: each says in one line what
    keeps the crawl from beginning.
    """
    if not portal:
        raise CrawlError("no portal is named; say which: scrapy crawl portal -a portal=<id>")
    if run_id is not None and not str(run_id).isdecimal():
        raise CrawlError(f"run_id={run_id!r} is not a number")
    seeds = Path(settings["FAZHI_SEEDS"])
    found = _handed(settings, portal) or find_portal(load_portals(seeds), portal)
    if found.disabled:
        raise CrawlError(f"portal {portal} is disabled: {found.disabled}")
    return Assignment(
        portal=found,
        run_id=None if run_id is None else int(str(run_id)),
        seeds=seeds,
        user_agent=manners.user_agent(settings["FAZHI_CONTACT"], found.host),
        delay=manners.delay(settings["FAZHI_DELAY"], found.host),
        simulator=parse_address(settings["FAZHI_SIMULATOR"]),
    )


def _handed(settings: BaseSettings, portal: str) -> Portal | None:
    row = settings.getdict("FAZHI_PORTAL")
    if row.get("id") != portal:
        return None
    try:
        return portal_of(row)
    except (ValueError, KeyError) as error:
        raise CrawlError(f"FAZHI_PORTAL for {portal} is no row of the registry: {error}") from error


def as_settings(assignment: Assignment) -> dict[str, Any]:
    """The Scrapy settings that depend on whose host it is."""
    return {
        "USER_AGENT": assignment.user_agent,
        "DOWNLOAD_DELAY": assignment.delay,
        "AUTOTHROTTLE_START_DELAY": assignment.delay,
    }
