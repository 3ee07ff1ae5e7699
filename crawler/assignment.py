"""An assignment: one portal to crawl, and the manners its host is owed. Checked before a crawl."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler import manners
from crawler.addresses import in_other_scheme
from crawler.discovery import BUDGET
from crawler.errors import CrawlError, SettingError
from crawler.portals import Column, Portal, find_portal, load_portals, portal_of
from crawler.quirks import Quirks, read_quirks
from crawler.resolver import parse_address
from crawler.standing import Terms

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a spider is sent out with."""

    portal: Portal
    quirks: Quirks
    run_id: int | None
    seeds: Path
    user_agent: str
    delay: float
    """Seconds between two requests to one host."""
    terms: Terms
    simulator: tuple[str, int]
    """Host and port where pretend portals answer."""
    discovery_pages: int = BUDGET
    """Pages that may be spent on finding the columns."""
    sweep: bool = False
    """Read everything anew, whenever that was last done."""
    sweep_every: timedelta = timedelta(days=30)
    """Without being asked, everything is read anew so often."""


def assign(
    settings: BaseSettings, portal: str = "", run_id: object = None, sweep: object = None
) -> Assignment:
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
    quirks = _quirks(found)
    contact, host = settings["FAZHI_CONTACT"], found.host
    return Assignment(
        portal=_in_other_scheme(found) if quirks.other_scheme else found,
        quirks=quirks,
        run_id=None if run_id is None else int(str(run_id)),
        seeds=seeds,
        user_agent=manners.user_agent(contact, host, mobile=quirks.mobile_agent),
        delay=max(manners.delay(settings["FAZHI_DELAY"], host), quirks.delay or 0.0),
        terms=Terms(
            portal_id=found.id,
            pages=quirks.pages or manners.daily_pages(settings["FAZHI_DAILY_PAGES"], host),
            hours=quirks.hours,
            first_back_off=manners.back_off(settings["FAZHI_BACK_OFF"], host),
        ),
        simulator=parse_address(settings["FAZHI_SIMULATOR"]),
        discovery_pages=_count(settings, "FAZHI_DISCOVERY_PAGES", BUDGET, 1000),
        sweep=_is_yes(settings["FAZHI_SWEEP"] if sweep is None else sweep),
        sweep_every=timedelta(days=_count(settings, "FAZHI_SWEEP_DAYS", 30, 3650)),
    )


def _quirks(portal: Portal) -> Quirks:
    try:
        return read_quirks(portal.quirks)
    except ValueError as error:
        raise CrawlError(f"portal {portal.id}: {error}; correct it in the registry") from error


def _in_other_scheme(portal: Portal) -> Portal:
    """The portal with http and https exchanged, as the registry knows it to answer."""
    columns = tuple(
        Column(in_other_scheme(c.url), c.name) if c.url.startswith(portal.base_url) else c
        for c in portal.columns
    )
    return replace(portal, base_url=in_other_scheme(portal.base_url), columns=columns)


def _count(settings: BaseSettings, name: str, usual: int, most: int) -> int:
    """A whole number from 1; ``usual`` where none is set."""
    given = str(settings[name] or usual)
    if not given.isdecimal() or not 1 <= int(given) <= most:
        raise SettingError(f"{name}={given!r} is not a whole number from 1 to {most}")
    return int(given)


def _is_yes(given: object) -> bool:
    return str(given).lower() in ("1", "true", "yes")


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
