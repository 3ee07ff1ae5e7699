"""What stands between the spider and the network: the bounds of the site, the terms of a visit.

In the order in which a request meets them (crawler.settings): SiteBounds, LeaveAlone, Robots
(crawler.robots), Retries, Redirects, Unpacking (crawler.unpacking), Departures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response

from crawler.addresses import page_key, same_site
from crawler.answers import challenge_in
from crawler.failures import NotAsked, Refused, name_failure
from crawler.outcome import Reason
from crawler.resolver import refused_address
from crawler.turns import turns

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from crawler.spiders.portal import PortalSpider

LONGEST_HOLD = 120.0
"""Seconds that a Retry-After may make us wait within a visit."""


class SiteBounds:
    """Only http(s), only the portal's registrable domain and the hosts the registry adds to it;
    redirects and robots.txt included."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise Refused for an address that is out of bounds."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https"):
            raise Refused(Reason.BAD_SCHEME, f"{parts.scheme}: addresses are not fetched")
        assignment = _spider(self.crawler).assignment
        portal, its_own = assignment.portal, assignment.quirks.hosts
        if not same_site(request.url, portal.base_url) and parts.hostname not in its_own:
            raise Refused(Reason.OFF_SITE, f"not on the site of {portal.host}")


class LeaveAlone:
    """Keeps to the terms of the visit, and leaves a domain alone after a challenge.

    The spider ends the crawl, but it learns of the answer a moment after the next request may
    have begun.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise NotAsked for a domain that gave a challenge, Refused where the terms forbid."""
        standing = _spider(self.crawler).standing
        if standing.left_alone(request.url):
            raise NotAsked(f"{request.url} is left alone after a challenge")
        if hindrance := standing.hindrance(request.url):
            raise hindrance

    def process_response(self, request: Request, response: Response) -> Response:
        """Note a challenge. One on robots.txt has to show on a page before it counts."""
        standing = _spider(self.crawler).standing
        if request.meta.get("is_robots_txt"):
            return response
        if name := challenge_in(response):
            standing.challenged(response.url, f"{name} ({response.status})")
        elif response.status == 429:
            standing.challenged(response.url, "429 Too Many Requests")
        elif response.status == 200:
            standing.answered(response.url)
        return response


class Retries(RetryMiddleware):
    """Scrapy's, telling the account the name of what went wrong, and heeding Retry-After."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Another try for an answer that says the server is in trouble."""
        again = super().process_response(request, response)
        if isinstance(again, Request):
            told = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
            if told.isdecimal():
                turns().hold(urlsplit(request.url).hostname or "", min(int(told), LONGEST_HOLD))
            self._tell(request, Reason.HTTP_ERROR, f"answers {response.status}")
        return again

    def process_exception(self, request: Request, exception: Exception) -> Request | None:  # type: ignore[override]
        """Another try after a failure of the network."""
        again = super().process_exception(request, exception)
        if isinstance(again, Request):
            self._tell(request, *name_failure(exception))
            return again
        return None

    def _tell(self, request: Request, reason: Reason, detail: str) -> None:
        _spider(self.crawler).account.retry(request.url, reason, detail)


class Redirects(RedirectMiddleware):
    """Follows redirects while they lead to pages this run has not asked for yet.

    A chain that comes back to an address of its own is a loop; one that sets a cookie on the way
    is how some protection services test for a browser.
    """

    def __init__(self, settings: BaseSettings):
        super().__init__(settings)
        self._led: dict[str, str] = {}
        """Which address first led to a page, by the page's key."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy; without its search for who sets the Referer, and its warning that
        nobody does."""
        made = cls(crawler.settings)
        made.crawler = crawler
        return made

    def handle_referer(self, request: Request, response: Response) -> None:
        """A redirected request keeps its Referer, as in browsers: it never leaves the site."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Scrapy's redirect, checked against what the run has seen."""
        _check_scheme(response)
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
        if not robots and not in_chain and not _spider(self.crawler).agenda.claim(target.url):
            raise self._known(chain[0], target.url)
        self._led.setdefault(page_key(target.url), chain[0])
        target.dont_filter = True
        return target

    def _known(self, asked: str, target: str) -> Exception:
        """What it means to be led to a page that was asked for: a second way to one page, or, where
        another address was led there and that was a failure, the same failure."""
        first = self._led.get(page_key(target))
        for failure in _spider(self.crawler).account.tally.failures:
            if first and failure.url == first != asked:
                return Refused(Reason(failure.reason), f"redirects to {target}, as {first} did")
        return NotAsked(target)


class Departures:
    """Next to the downloader: counts what goes out, and names a private address.

    It stands there so that the refusal is not taken for a failed lookup and tried again.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:  # noqa: ARG002 - Scrapy's signature
        """One more."""
        spider = _spider(self.crawler)
        spider.standing.sent()
        spider.account.requests += 1

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise Refused if the resolver's guard was the reason."""
        address = refused_address(urlsplit(request.url).hostname or "")
        if isinstance(exception, CannotResolveHostError) and address:
            detail = f"resolves to {address}, which is not a public address"
            raise Refused(Reason.PRIVATE_ADDRESS, detail) from exception


def _check_scheme(response: Response) -> None:
    """Raise Refused for a redirect to anything but http(s), which Scrapy passes over in silence."""
    where = (response.headers.get("Location") or b"").decode("latin-1")
    scheme = urlsplit(urljoin(response.url, where)).scheme
    if 300 <= response.status < 400 and scheme not in ("http", "https"):
        raise Refused(Reason.BAD_SCHEME, f"redirects to a {scheme}: address")


def _spider(crawler: Crawler) -> PortalSpider:
    spider = crawler.spider
    assert spider is not None
    return spider  # type: ignore[return-value]
