"""常州 and its districts: columns at ``/class/PQFJPFCK``, eight capital letters.

Page 2 is ``/class/PQFJPFCK/2``; articles are ``/html/cznd/2026/EFBJILJD_0703/574891.html``. Lists
are tables of twenty rows. Columns whose list a script draws show nothing that can be followed.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from crawler.families.addresses import links
from crawler.families.base import Listing, ListingRequest, Page, later_pages
from crawler.families.entries import entries_with

FULL = 20
"""Rows of a full page: after one, a page more is asked for even where none is linked."""
_ARTICLE = re.compile(r"/html/\w+/20\d\d/[A-Z]{8}_\d{4}/\d+\.html$")
_COLUMN = re.compile(r"^(?P<column>.*/class/[A-Z]{8})(?:/(?P<page>\d{1,5}))?/?$")


class Class8:
    """See the module."""

    name = "class8"

    def recognises(self, page: Page) -> bool:
        """Its articles, anywhere or at the address of a column."""
        return page.data is None and bool(links(page, _ARTICLE))

    def listing(self, page: Page) -> Listing:
        """Dated links and articles, and all pages up to the highest that is linked."""
        entries = entries_with(page, links(page, _ARTICLE))
        place = _COLUMN.match(urlsplit(page.url).path)
        if not place:
            return Listing(entries)
        here = int(place["page"] or 1)
        last = max(_linked(page, place["column"]), here + (len(entries) >= FULL))
        later = (urljoin(page.url, f"{place['column']}/{k}") for k in later_pages(here, last))
        return Listing(entries, tuple(map(ListingRequest, later)), ends=here > 1)


def _linked(page: Page, column: str) -> int:
    """The highest page of the column that this page links to; 0 if none."""
    numbers = [0]
    for anchor in page.tree.css("a[href]"):
        place = _COLUMN.match((anchor.attributes.get("href") or "").partition("?")[0].strip())
        if place and place["page"] and place["column"].endswith(column):
            numbers.append(int(place["page"]))
    return max(numbers)
