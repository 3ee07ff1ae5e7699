"""Discovery: from the front page to the column of the reports, best link first, within a budget."""

from __future__ import annotations

import heapq
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from crawler.addresses import page_key, same_site
from crawler.families import NamedListing, Page
from crawler.screening import TitleRules

BUDGET = 20
"""Pages a portal may cost before we give up: front page, hubs and columns, not articles."""
LONGEST_NAME = 16
"""A column's name is short and has no year; longer texts are the titles of articles."""
NAMED = 80
"""Weight from which a column rule names the subject itself, not only a place on the way."""


@dataclass(frozen=True, slots=True, order=True)
class Lead:
    """A link worth following. Ordered so that the heap gives the best and earliest first."""

    rank: int
    order: int
    url: str = field(compare=False)
    score: int = field(compare=False)


class Discovery:
    """The links found so far, and how many may still be followed."""

    def __init__(self, kinds: Sequence[TitleRules], front: str, budget: int = BUDGET):
        self.kinds = kinds
        self.front = front
        self.left = budget
        self.least = 1
        self._heap: list[Lead] = []
        self._known: set[str] = {page_key(front)}

    def add_links(self, page: Page) -> None:
        """Weigh every link of a page."""
        for anchor in page.tree.css("a[href]"):
            attributes = anchor.attributes
            name = (attributes.get("title") or "").strip() or anchor.text().strip()
            self._add(page.url, (attributes.get("href") or "").strip(), name)

    def offer(self, listing: NamedListing) -> None:
        """Weigh a listing that a page names in its script."""
        self._add(listing.url, listing.url, listing.name)

    def next(self) -> Lead | None:
        """The best link not followed yet, or None when nothing good or no budget is left."""
        while self._heap and self.left > 0:
            lead = heapq.heappop(self._heap)
            if lead.score >= self.least:
                self.left -= 1
                return lead
        return None

    def found(self) -> None:
        """A column yielded reports: from now on only links that name the subject are followed."""
        self.least = NAMED

    def _add(self, base: str, href: str, name: str) -> None:
        if (
            not href
            or href.startswith("#")
            or len(name) > LONGEST_NAME
            or re.search(r"20\d\d", name)
        ):
            return
        try:
            url = urljoin(base, href)
            key = page_key(url)
        except ValueError:
            return
        score = max(rules.score_column(name, _slug(url)) for rules in self.kinds)
        if score < self.least or key in self._known or not same_site(url, self.front):
            return
        self._known.add(key)
        heapq.heappush(self._heap, Lead(-score, len(self._known), url, score))


def _slug(url: str) -> str:
    """The last telling part of a path: ``fzzfjsndbg`` of ``/zwgk/fzzfjsndbg/index.html``."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    if parts and re.match(r"(index|list|default)\b", parts[-1]):
        parts.pop()
    return parts[-1].partition(".")[0] if parts else ""
