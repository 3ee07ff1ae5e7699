"""The download handler: a request waits for its turn, and goes out under the portal's own terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from crawler.resolver import addresses_of
from crawler.tls import TLSPolicy
from crawler.turns import machine_of, turns
from crawler.wire import StrictFactory

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.spiders.portal import PortalSpider


class PoliteHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, with our connections, our TLS, our line a machine."""

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self._pool._factory = StrictFactory
        policy: Any = TLSPolicy(self._spider.assignment.quirks)
        self._contextFactory = policy

    @property
    def _spider(self) -> PortalSpider:
        spider = self.crawler.spider
        assert spider is not None
        return spider  # type: ignore[return-value]

    async def download_request(self, request: Request) -> Response:
        """One answer. The time spent waiting is not the portal's, and counts for no time-out."""
        host = urlsplit(request.url).hostname or ""
        machine = machine_of(host, await addresses_of(host))
        spacing, reserve = self._spider.assignment.delay, self._spider.standing.reserve
        async with turns().take(machine, host, spacing, reserve):
            return await super().download_request(request)
