"""Run a crawl from Python: inside a reactor that runs, or in one made for the purpose."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any, Self, TypeVar

from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor
from twisted.internet.defer import Deferred
from twisted.internet.error import ReactorNotRunning

from crawler.outcome import CrawlOutcome, Reason
from crawler.resolver import install_resolver
from crawler.spiders.portal import PortalSpider

T = TypeVar("T")
TELL_EVERY = 2.0
"""Seconds between two looks at what a crawl has counted."""

COLLECT_AFTER = (10_000, 5, 2)
"""Python's default is (700, 10, 10). Crawls side by side keep hundreds of thousands of objects, and
make thousands for a page, nearly all gone without the collector: to look for cycles among them as
often as that took a tenth of a crawl's time. What is left of a crawl that has ended are cycles that
have grown old, 50 kB of them: they are looked for every hundred crawls or so, at 1 or 2% of the
time."""

Tell = Callable[[CrawlOutcome], Awaitable[None]]
"""Is told now and then what a crawl has counted so far. What it raises ends the crawl."""


class OwnSettings(Settings):
    """Settings made for one crawl. Scrapy copies what it is given to the bottom, 300 values a
    crawl, lest crawls that share them change each other's; these are shared with nobody."""

    def copy(self) -> Self:
        """Itself."""
        return self


async def crawl_portal(
    portal_id: str,
    *,
    run_id: int | None,
    settings: Mapping[str, object],
    tell: Tell | None = None,
) -> CrawlOutcome:
    """Crawl one portal in the running asyncio reactor, and return how it ended.

    ``settings`` go over those of crawler.settings, FAZHI_* included. Any number may run at once
    in one reactor. What forbids the crawl to begin is raised (UnknownPortalError, SettingError,
    SeedError, CrawlError); what goes wrong in it is in the outcome. ``tell`` follows its counts.
    Cancelling the task closes the crawl in good order before CancelledError is raised.
    """
    scrapy_settings = OwnSettings()
    scrapy_settings.setmodule("crawler.settings", priority="project")
    scrapy_settings.setdict(dict(settings), priority="cmdline")
    install_resolver(scrapy_settings)
    crawler = Crawler(PortalSpider, scrapy_settings)
    crawl = asyncio.ensure_future(crawler.crawl_async(portal=portal_id, run_id=run_id))
    try:
        while not (await asyncio.wait([crawl], timeout=TELL_EVERY))[0]:
            if tell and (counted := _counted(crawler)):
                await tell(counted)
    except BaseException:
        await crawler.stop_async()
        await asyncio.wait([crawl])
        raise
    await crawl
    outcome = getattr(crawler.spider, "outcome", None)
    return outcome or CrawlOutcome(state="failed", reason=Reason.INTERNAL_ERROR.value)


def _counted(crawler: Crawler) -> CrawlOutcome | None:
    spider = crawler.spider
    if not isinstance(spider, PortalSpider):
        return None
    return replace(spider.account.tally.conclude(spider.account.requests), failures=())


def run_in_reactor(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Install the asyncio reactor, run a coroutine to its end in it, and stop.

    A reactor runs once in a process. An interrupt (SIGINT, SIGTERM) cancels the coroutine, waits
    for it, and is raised as KeyboardInterrupt.
    """
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    _collect_seldom()
    from twisted.internet import reactor as installed

    reactor: Any = installed
    tasks: list[asyncio.Future[T]] = []

    def begin() -> None:
        task = asyncio.ensure_future(main())
        task.add_done_callback(lambda _: _stop(reactor))
        tasks.append(task)

    def finish() -> Deferred[Any] | None:
        task = tasks[0]
        if task.done():
            return None
        task.cancel()
        return Deferred.fromFuture(asyncio.ensure_future(asyncio.wait([task])))

    reactor.callWhenRunning(begin)
    reactor.addSystemEventTrigger("before", "shutdown", finish)
    reactor.run()
    if tasks[0].cancelled():
        raise KeyboardInterrupt
    return tasks[0].result()


def _collect_seldom() -> None:
    """What was loaded stays: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _stop(reactor: Any) -> None:
    with contextlib.suppress(ReactorNotRunning):  # an interrupt was faster
        reactor.stop()
