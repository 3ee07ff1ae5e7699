"""The one spider: portal -> column -> listing -> article -> Capture.

What a listing looks like is a family's business, recognised from the page; which entries are
worth fetching is screening's. The spider asks for one page after the other, gives every failure
its name, and ends with a CrawlOutcome.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.utils.misc import load_object
from twisted.python.failure import Failure

from crawler.account import Account
from crawler.addresses import in_scheme_of, is_pretend
from crawler.answers import capture_of, fault_of, is_text, page_of, sent_home
from crawler.assignment import Assignment, as_settings, assign
from crawler.capture import Capture, Finding
from crawler.discovery import NAMED, Discovery, Lead
from crawler.errors import FazhiError
from crawler.failures import ENDS, NotAsked, name_failure
from crawler.families import Family, Listing, ListingRequest, Page, recognise
from crawler.frontier import MemoryFrontier
from crawler.outcome import CrawlOutcome, Reason
from crawler.resolver import listens
from crawler.screening import load_kinds
from crawler.standing import Standing

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

Found = Iterator[Request | Capture]

LISTING_LIMIT = 60
"""Pages of one column. A column of yearly reports has a few; this many means a wrong turn."""
ARTICLES_FIRST, THEN_LISTINGS, THEN_HUBS = 20, 10, 5
"""Priorities. What was found is fetched before more is looked for: a crawl may be cut short."""
EVIDENCE = (Reason.CHALLENGE, Reason.SOFT_404)
"""Faults whose page is kept: the verdict on it may be wrong, and the page shows it."""


class PortalSpider(Spider):
    """Crawls one portal of the registry: ``-a portal=<id>``, optionally ``-a run_id=<number>``."""

    name = "portal"

    def __init__(self, assignment: Assignment, standing: Standing, **kwargs: Any):
        super().__init__(**kwargs)
        self.standing = standing
        self.assignment = assignment
        self.portal = assignment.portal
        self.run_id = assignment.run_id
        self.kinds = tuple(load_kinds(assignment.seeds).values())
        self.frontier = MemoryFrontier()
        self.discovery = Discovery(self.kinds, self.portal.base_url)
        self.account = Account(self.portal.id, self.run_id)
        self.outcome: CrawlOutcome | None = None
        self._pages_of_column: dict[str, int] = {}
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, portal: str = "", run_id: object = None, **kwargs: Any
    ) -> Self:
        """Built by Scrapy, ``portal`` being an id. A FazhiError says why a crawl cannot begin."""
        assignment = assign(crawler.settings, portal, run_id)
        crawler.settings.setdict(as_settings(assignment), priority="spider")
        memory = load_object(crawler.settings["FAZHI_MEMORY"]).from_settings(crawler.settings)
        standing = Standing(assignment.terms, memory)
        spider = super().from_crawler(crawler, assignment, standing, **kwargs)
        crawler.signals.connect(spider.on_bug, signals.spider_error)
        crawler.signals.connect(spider.on_bug, signals.item_error)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """The known columns, or else the front page."""
        self.account.begin(len(self.portal.columns))
        try:
            self.standing.open()
        except FazhiError as error:
            self.account.stop(self.portal.base_url, Reason.STORAGE, str(error))
            return
        host, port = self.assignment.simulator
        if is_pretend(self.portal.host) and not await listens(host, port):
            problem = f"nothing listens at {host}:{port}; start it with: fazhi simulator"
            self.account.stop(self.portal.base_url, Reason.NO_SIMULATOR, problem)
            return
        for column in self.portal.columns:
            for request in self._ask_for_listings(column.url, (ListingRequest(column.url),)):
                yield request
        if not self.portal.columns:
            self.frontier.claim(self.portal.base_url)
            front = Lead(0, 0, self.portal.base_url, 0)
            yield self._ask(front.url, self.parse_hub, THEN_HUBS, lead=front)

    # -- answers -----------------------------------------------------------------------------

    def parse_hub(self, response: Response, lead: Lead) -> Found:
        """A page on the way to the column: it may be the column already."""
        fault = fault_of(response)
        if fault:
            yield from self._faulty(response, *fault)
        elif is_text(response):
            page = page_of(response)
            family = recognise(page)
            listing = family.listing(page) if family else Listing(())
            wanted = list(self._wanted(page, listing))
            self.discovery.add_links(page)
            for offered in listing.offers:
                self.discovery.offer(offered)
            if family and (wanted or lead.score >= NAMED):
                self.account.listing(response.url, family.name, len(listing.entries))
                yield from wanted
                yield from self._ask_for_listings(response.url, listing.following, family)
            if wanted:
                self.discovery.found()
        yield from self._ask_for_next_hub()

    def parse_listing(
        self,
        response: Response,
        column: str,
        family: Family | None,
        otherwise: ListingRequest | None = None,
    ) -> Found:
        """A page of a column: entries, and pages that follow. Its first page tells the family."""
        fault = fault_of(response)
        if otherwise and _moved(response, fault):
            yield from self._ask_for_listings(column, (otherwise,), family)
            return
        if family is None and (moved := _moved(response, fault)):
            self.account.fail(column, Reason.COLUMN_MOVED, f"the column is gone: {moved}")
            return
        if fault:
            yield from self._faulty(response, *fault)
            return
        if not is_text(response):
            self.account.fail(response.url, Reason.WRONG_TYPE, "the listing is not a text page")
            return
        page = page_of(response)
        known, family = family, family or recognise(page)
        if family is None:
            self.account.fail(
                response.url, Reason.UNKNOWN_FAMILY, "no family recognises this listing"
            )
            return
        listing = family.listing(page)
        self.account.listing(response.url, family.name, len(listing.entries))
        leads_on = listing.offers or (listing.following and not known)
        if not listing.entries and not leads_on and not listing.ends:
            self.account.fail(response.url, Reason.LISTING_STUB, "the listing page has no entry")
        yield from self._wanted(page, listing)
        yield from self._ask_for_listings(column, listing.following, family)
        if listing.offers and not listing.following:
            for offered in listing.offers:
                self.discovery.offer(offered)
            yield from self._ask_for_next_hub()

    def parse_article(self, response: Response, finding: Finding) -> Found:
        """An article: captured as it came."""
        if fault := fault_of(response):
            yield from self._faulty(response, *fault, finding)
            return
        self.account.article()
        yield self._capture(response, finding)

    def on_error(self, failure: Failure) -> Found:
        """A request without an answer."""
        error, request = failure.value, failure.request  # type: ignore[attr-defined]
        assert error is not None
        if not isinstance(error, NotAsked):
            reason, detail = name_failure(error)
            if reason in ENDS:
                self._leave(request.url, reason, detail)
            self.account.fail(request.url, reason, detail)
        if request.callback == self.parse_hub:
            yield from self._ask_for_next_hub()

    def _faulty(
        self, response: Response, reason: Reason, detail: str, finding: Finding | None = None
    ) -> Found:
        if reason in EVIDENCE:
            yield self._capture(response, finding)
        if reason in ENDS:
            self._leave(response.url, reason, detail)
        self.account.fail(response.url, reason, detail)

    # -- requests ----------------------------------------------------------------------------

    def _ask(
        self, url: str, callback: Callable[..., Found], priority: int, **arguments: Any
    ) -> Request:
        return Request(
            url,
            callback=callback,
            errback=self.on_error,
            priority=priority,
            dont_filter=True,
            cb_kwargs=arguments,
        )

    def _wanted(self, page: Page, listing: Listing) -> Iterator[Request]:
        """Requests for the entries worth fetching that were not asked for yet."""
        for entry in listing.entries:
            url = in_scheme_of(entry.url, page.url)
            fetch = any(rules.screen_entry(entry.title).fetch for rules in self.kinds)
            if fetch and self.frontier.claim(url):
                self.account.entry()
                finding = Finding(page.url, entry.title, entry.date)
                yield self._ask(url, self.parse_article, ARTICLES_FIRST, finding=finding)

    def _ask_for_listings(
        self, column: str, wanted: tuple[ListingRequest, ...], family: Family | None = None
    ) -> Iterator[Request]:
        for listing in wanted:
            body = urlencode(listing.form).encode()
            if not self.frontier.claim(listing.url, listing.method, body):
                continue
            pages = self._pages_of_column.get(column, 0) + 1
            if pages > LISTING_LIMIT:
                self.account.fail(listing.url, Reason.LISTING_LIMIT, f"over {LISTING_LIMIT} pages")
                return
            self._pages_of_column[column] = pages
            headers = dict(listing.headers)
            if listing.form:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            arguments = {"column": column, "family": family, "otherwise": listing.otherwise}
            request = self._ask(listing.url, self.parse_listing, THEN_LISTINGS, **arguments)
            yield request.replace(method=listing.method, body=body, headers=headers)

    def _ask_for_next_hub(self) -> Iterator[Request]:
        while lead := self.discovery.next():
            if self.frontier.claim(lead.url):
                yield self._ask(lead.url, self.parse_hub, THEN_HUBS, lead=lead)
                return

    # -- the end -----------------------------------------------------------------------------

    def stop_for_storage(self, url: str, problem: str) -> None:
        """Told by the pipeline when captures cannot be kept: the crawl ends."""
        self.account.stop(url, Reason.STORAGE, problem)
        engine = self.crawler.engine
        if engine.running:
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason="storage"))

    def on_bug(self, failure: Failure, response: Response | None) -> None:
        """An exception in our own code: Scrapy logs it, the outcome must not hide it."""
        url = response.url if response else self.portal.base_url
        problem = f"{type(failure.value).__name__}: {failure.value}"
        self.account.stop(url, Reason.INTERNAL_ERROR, problem)

    def closed(self, reason: str) -> None:
        """The crawl is over: make up the account."""
        try:
            self.standing.close()
        except FazhiError as error:
            self.account.stop(self.portal.base_url, Reason.STORAGE, str(error))
        if reason != "finished" and self.account.stopped is None:
            self.account.stop(self.portal.base_url, Reason.INTERRUPTED, f"closed by {reason}")
        stats = self.crawler.stats
        self.outcome = self.account.close(stats.get_value("downloader/request_count", 0))
        stats.set_value("fazhi/outcome", self.outcome)

    def _leave(self, url: str, reason: Reason, detail: str) -> None:
        """Leave the portal: a challenge is neither solved nor asked for again."""
        if reason in (Reason.CHALLENGE, Reason.RATE_LIMITED):
            self.standing.challenged(url, detail)
        self.account.stop(url, reason, detail)
        raise CloseSpider(reason.value)

    def _capture(self, response: Response, finding: Finding | None) -> Capture:
        return capture_of(
            response,
            now=datetime.now(UTC),
            portal_id=self.portal.id,
            run_id=self.run_id,
            finding=finding,
        )


def _moved(response: Response, fault: tuple[Reason, str] | None) -> str | None:
    """How a known column shows that it is no longer there; None if it is."""
    if fault and fault[0] in (Reason.NOT_FOUND, Reason.SOFT_404):
        return fault[1]
    return f"redirects to {response.url}" if sent_home(response) else None
