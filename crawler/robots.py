"""robots.txt as RFC 9309 has it: 4xx means no rules, 5xx or no answer a full disallow.

(Scrapy's own middleware reads the body of an error page as rules, and crawls on when robots.txt
cannot be fetched.) Beyond the RFC, Crawl-delay, Request-rate and Visit-time are heeded.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.answers import headers_of
from crawler.challenges import challenge
from crawler.failures import Refused, name_failure
from crawler.hours import Hours
from crawler.outcome import Reason
from crawler.turns import turns

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

TOKEN = "fazhi"
"""Our product token: a robots.txt addresses us by it, or by ``*``."""
LONGEST_PAUSE = 300.0
"""Seconds. A host that wants longer pauses wants no crawler: 60 pages would take five hours."""
LONGEST_RULES = 500 * 1024
"""Bytes that are read of a robots.txt; the least that RFC 9309 (2.5) lets a crawler read."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt asks of us."""

    parsed: Protego
    where: str
    """Its address, for messages."""

    @property
    def pause(self) -> float:
        """Seconds between two requests that it asks for; 0 if it does not say."""
        rate = self.parsed.request_rate(TOKEN)
        per_request = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(self.parsed.crawl_delay(TOKEN) or 0.0, per_request)

    def refusal(self, url: str, now: datetime) -> Refused | None:
        """Why an address must not be asked for, if it must not."""
        if not self.parsed.can_fetch(url, TOKEN):
            return Refused(Reason.ROBOTS_FORBIDDEN, f"forbidden by {self.where}")
        if self.pause > LONGEST_PAUSE:
            wish = f"{self.where} wants {self.pause:g} s between requests"
            return Refused(Reason.ROBOTS_FORBIDDEN, f"{wish}: as good as forbidden")
        if (visit := self.parsed.visit_time(TOKEN)) and visit.start_time != visit.end_time:
            hours = Hours(visit.start_time, visit.end_time, UTC)
            if not hours.include(now):
                return Refused(Reason.OUTSIDE_HOURS, f"{self.where} lets us in from {hours}")
        return None


class Robots:
    """Asks for each host's robots.txt once a run, and keeps to it."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self._rules: dict[str, asyncio.Task[Rules | Refused]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise Refused if the host's robots.txt forbids the address."""
        if request.meta.get("is_robots_txt"):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._fetch(site))
        rules = await asyncio.shield(self._rules[site])
        if isinstance(rules, Refused):
            raise rules
        if refusal := rules.refusal(request.url, datetime.now(UTC)):
            raise refusal
        if rules.pause:
            turns().slow_down(parts.hostname or "", rules.pause)

    async def _fetch(self, site: str) -> Rules | Refused:
        where = f"{site}/robots.txt"
        request = Request(
            where,
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
        return read_robots(response, where)


def read_robots(response: Response, where: str) -> Rules | Refused:
    """What an answer to the question for robots.txt means (RFC 9309, 2.3.1)."""
    if response.status >= 500:
        # 加速乐 answers 521 to everything: no server in trouble, but a challenge.
        if name := challenge(response.status, headers_of(response), response.body):
            return Refused(Reason.CHALLENGE, f"{name}: robots.txt answers {response.status}")
        return Refused(Reason.ROBOTS_UNAVAILABLE, f"robots.txt answers {response.status}")
    found = 200 <= response.status < 300
    text = response.body[:LONGEST_RULES].decode("utf-8-sig", "replace") if found else ""
    return Rules(Protego.parse(text), where)
