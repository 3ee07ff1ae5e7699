"""What stands between the spider and the network: the site's bounds, robots.txt, redirects."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.addresses import page_key, same_site
from crawler.answers import headers_of
from crawler.challenges import challenge
from crawler.failures import NotAsked, Refused, name_failure
from crawler.outcome import Reason
from crawler.resolver import refused_address

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.spiders.portal import PortalSpider

ROBOTS_TOKEN = "fazhi"
"""Our product token: a robots.txt addresses us by it, or by ``*``."""


class SiteBounds:
    """Only http(s), only the portal's registrable domain; redirects and robots.txt included."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise Refused for an address that is out of bounds."""
        scheme = urlsplit(request.url).scheme
        if scheme not in ("http", "https"):
            raise Refused(Reason.BAD_SCHEME, f"{scheme}: addresses are not fetched")
        portal = _spider(self.crawler).portal
        if not same_site(request.url, portal.base_url):
            raise Refused(Reason.OFF_SITE, f"not on the site of {portal.host}")


class PrivateAddresses:
    """Gives its name to the failure of a host that resolves to a private address only.

    It stands next to the downloader, so that the refusal is not taken for a failed lookup and
    tried again.
    """

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise Refused if the resolver's guard was the reason."""
        address = refused_address(urlsplit(request.url).hostname or "")
        if isinstance(exception, CannotResolveHostError) and address:
            detail = f"resolves to {address}, which is not a public address"
            raise Refused(Reason.PRIVATE_ADDRESS, detail) from exception


class Robots:
    """robots.txt as RFC 9309 has it: 4xx means no rules, 5xx or no answer a full disallow.

    (Scrapy's own middleware reads the body of an error page as rules, and crawls on when
    robots.txt cannot be fetched.)
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self._rules: dict[str, asyncio.Task[Protego | Refused]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise Refused if the host's robots.txt, fetched once a run, forbids the address."""
        if request.meta.get("is_robots_txt"):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._fetch(site))
        rules = await asyncio.shield(self._rules[site])
        if isinstance(rules, Refused):
            raise rules
        if not rules.can_fetch(request.url, ROBOTS_TOKEN):
            raise Refused(Reason.ROBOTS_FORBIDDEN, f"forbidden by {site}/robots.txt")

    async def _fetch(self, site: str) -> Protego | Refused:
        request = Request(
            f"{site}/robots.txt",
            callback=NO_CALLBACK,
            dont_filter=True,
            priority=1000,
            meta={"is_robots_txt": True},
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            # Whatever kept robots.txt from us would keep the pages from us: it names the failure.
            reason, detail = name_failure(error)
            return Refused(reason, f"robots.txt cannot be fetched: {detail}")
        if response.status >= 500:
            return Refused(Reason.ROBOTS_UNAVAILABLE, f"robots.txt answers {response.status}")
        found = 200 <= response.status < 300
        return Protego.parse(response.body.decode("utf-8-sig", "replace") if found else "")


class LeaveAlone:
    """After a challenge nothing more is sent to its host.

    The spider ends the crawl, but it learns of the answer a moment after the next request may
    have begun.
    """

    def __init__(self) -> None:
        self._hosts: set[str | None] = set()

    def process_request(self, request: Request) -> None:
        """Raise NotAsked for a host that gave a challenge."""
        host = urlsplit(request.url).hostname
        if host in self._hosts:
            raise NotAsked(f"{host} is left alone after a challenge")

    def process_response(self, request: Request, response: Response) -> Response:
        """Note a challenge. One on robots.txt has to show on a page before it counts."""
        answer = response.status, headers_of(response), response.body
        if not request.meta.get("is_robots_txt") and challenge(*answer):
            self._hosts.add(urlsplit(response.url).hostname)
        return response


class Redirects(RedirectMiddleware):
    """Follows redirects while they lead to pages this run has not asked for yet.

    A chain that comes back to an address of its own is a loop; one that sets a cookie on the way
    is how some protection services test for a browser.
    """

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Scrapy's redirect, checked against what the run has seen."""
        target = super().process_response(request, response)
        if not isinstance(target, Request):
            return response
        chain = [*request.meta.get("redirect_urls", ()), request.url]
        if target.url in chain:
            if "Set-Cookie" in response.headers:
                raise Refused(Reason.CHALLENGE, "cookie_loop: redirects to itself with a cookie")
            raise Refused(Reason.REDIRECT_LOOP, f"redirects back to {target.url}")
        in_chain = page_key(target.url) in map(page_key, chain)
        robots = request.meta.get("is_robots_txt")
        if not robots and not in_chain and not _spider(self.crawler).frontier.claim(target.url):
            raise NotAsked(target.url)
        target.dont_filter = True
        return target


def _spider(crawler: Crawler) -> PortalSpider:
    spider = crawler.spider
    assert spider is not None
    return spider  # type: ignore[return-value]
