"""The one spider: portal -> column -> listing -> article -> Capture.

What a listing looks like is a family's business, recognised from the page; which entries are
worth fetching is screening's, and which links discovery's. The spider does one task after the
other. What came of each is written down before the next is begun, so that a killed crawl can go on
where it was; every failure has its name, and the crawl ends with a CrawlOutcome.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.utils.misc import load_object
from twisted.python.failure import Failure

from crawler.account import Account
from crawler.addresses import is_pretend
from crawler.agenda import Agenda
from crawler.answers import answer_of, capture_of
from crawler.assignment import Assignment, as_settings, assign
from crawler.capture import Capture
from crawler.errors import FazhiError
from crawler.failures import NotAsked, name_failure
from crawler.frontier import Frontier
from crawler.outcome import CrawlOutcome, Reason
from crawler.reader import Reader
from crawler.reading import Reading
from crawler.resolver import listens
from crawler.standing import Standing
from crawler.task import Task

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

TO_GO_ON_WITH = (
    *(Reason.INTERRUPTED, Reason.STORAGE, Reason.INTERNAL_ERROR, Reason.NO_SIMULATOR),
    *(Reason.OUTSIDE_HOURS, Reason.PAGE_BUDGET, Reason.RATE_LIMITED, Reason.BACKING_OFF),
)
"""Ends after which the rest is left for the next crawl."""


class PortalSpider(Spider):
    """Crawls one portal of the registry: ``-a portal=<id>``, optionally ``-a run_id=<number>``,
    and ``-a sweep=1`` to read everything anew."""

    name = "portal"

    def __init__(
        self, assignment: Assignment, standing: Standing, frontier: Frontier, **kwargs: Any
    ):
        super().__init__(**kwargs)
        self.standing = standing
        self.assignment = assignment
        self.portal = assignment.portal
        self.run_id = assignment.run_id
        self.frontier = frontier
        self.agenda = Agenda()
        self.account = Account(self.portal.id, self.run_id)
        self.reader = Reader(assignment, self.agenda, self.account)
        self.outcome: CrawlOutcome | None = None
        self._kept: dict[int, asyncio.Event] = {}
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, portal: str = "", run_id: object = None, **kwargs: Any
    ) -> Self:
        """Built by Scrapy, ``portal`` being an id. A FazhiError says why a crawl cannot begin."""
        assignment = assign(crawler.settings, portal, run_id, kwargs.pop("sweep", None))
        crawler.settings.setdict(as_settings(assignment), priority="spider")
        frontier_class = load_object(crawler.settings["FAZHI_FRONTIER"])
        build = getattr(frontier_class, "from_settings", None)
        frontier = build(crawler.settings, assignment.portal.id) if build else frontier_class()
        memory = load_object(crawler.settings["FAZHI_MEMORY"]).from_settings(crawler.settings)
        standing = Standing(assignment.terms, memory)
        spider = super().from_crawler(crawler, assignment, standing, frontier, **kwargs)
        crawler.signals.connect(spider.on_bug, signals.spider_error)
        crawler.signals.connect(spider.on_bug, signals.item_error)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """What a crawl that broke off left; or the known columns, or else the front page."""
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
        try:
            recalled = await self.frontier.open()
            if not self.reader.begin(recalled, datetime.now(UTC)):
                begun = self.reader.began_at
                await self.frontier.begin(begun, self.agenda.fresh(), sweep=self.reader.sweep)
        except FazhiError as error:
            self.account.stop(self.portal.base_url, Reason.STORAGE, str(error))
            return
        if first := self.reader.next():
            yield self._ask(first)

    # -- answers -----------------------------------------------------------------------------

    async def on_answer(self, response: Response, task: Task) -> AsyncIterator[Request | Capture]:
        """An answer of any kind: read, kept, written down; then the next task."""
        reading = self.reader.read(answer_of(response), task)
        if reading.keep:
            capture = self._capture(response, task)
            stored = self._kept[id(capture)] = asyncio.Event()
            yield capture
            await stored.wait()
        if reading.leave:
            self._leave(response.url, *reading.leave)
        for request in await self._settled(task, reading):
            yield request

    async def on_error(self, failure: Failure) -> AsyncIterator[Request]:
        """A request without an answer."""
        error, request = failure.value, failure.request  # type: ignore[attr-defined]
        assert error is not None
        task: Task = request.cb_kwargs["task"]
        known = None if isinstance(error, NotAsked) else name_failure(error)
        reading = self.reader.missed(task, request.url, known)
        if reading.leave:
            self._leave(request.url, *reading.leave)
        for asked in await self._settled(task, reading):
            yield asked

    def kept(self, capture: Capture) -> None:
        """Told by the pipeline when a capture is stored, or cannot be."""
        if stored := self._kept.pop(id(capture), None):
            stored.set()

    # -- requests ----------------------------------------------------------------------------

    async def _settled(self, task: Task, reading: Reading) -> list[Request]:
        """Write down what came of a task; the request for the next, unless the crawl is to end."""
        if self.account.stopped in TO_GO_ON_WITH:
            return []
        try:
            await self.frontier.record(self.agenda.step(task, reading.note, reading.page))
        except FazhiError as error:
            self.stop_for_storage(task.url, str(error))
            return []
        following = self.reader.next()
        return [self._ask(following)] if following else []

    def _ask(self, task: Task) -> Request:
        headers = {**dict(task.headers), **self.reader.conditions(task)}
        if task.finding:
            headers.setdefault("Referer", task.finding.listing_url)
        if task.form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return Request(
            task.url,
            method=task.method,
            body=task.body,
            headers=headers,
            callback=self.on_answer,
            errback=self.on_error,
            dont_filter=True,
            cb_kwargs={"task": task},
        )

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

    async def closed(self, reason: str) -> None:
        """The crawl is over: make up the account."""
        try:
            self.standing.close()
        except FazhiError as error:
            self.account.stop(self.portal.base_url, Reason.STORAGE, str(error))
        if reason != "finished" and self.account.stopped is None:
            self.account.stop(self.portal.base_url, Reason.INTERRUPTED, f"closed by {reason}")
        await self._conclude()
        self.outcome = self.account.close(sweep=self.reader.sweep)

    async def _conclude(self) -> None:
        try:
            if self.account.stopped not in TO_GO_ON_WITH:
                learned = self.reader.learned()
                await self.frontier.conclude(self.reader.began_at, learned, sweep=self.reader.sweep)
            await self.frontier.close()
        except FazhiError as error:
            self.account.stop(self.portal.base_url, Reason.STORAGE, str(error))

    def _leave(self, url: str, reason: Reason, detail: str) -> None:
        """Leave the portal: a challenge is neither solved nor asked for again."""
        if reason in (Reason.CHALLENGE, Reason.RATE_LIMITED):
            self.standing.challenged(url, detail)
        self.account.stop(url, reason, detail)
        raise CloseSpider(reason.value)

    def _capture(self, response: Response, task: Task) -> Capture:
        return capture_of(
            response,
            now=datetime.now(UTC),
            portal_id=self.portal.id,
            run_id=self.run_id,
            finding=task.finding,
        )
