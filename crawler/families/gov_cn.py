"""www.gov.cn: a feed of the latest documents as one JSON file, and the library of policies.

A page such as ``/zhengce/zuixin/`` names its feed in a script, ``./ZUIXINZHENGCE.json``: a list of
``{TITLE, URL, DOCRELPUBTIME}``. The library, ``/search-gov/data?t=zhengcelibrary_gw&…&p=1&n=50``,
answers ``{"searchVO":{"totalpage":124,"listVO":[{title, url, pubtime}]}}``, times in milliseconds.
"""

from __future__ import annotations

from urllib.parse import urlencode, urljoin

from crawler.families.addresses import absolute
from crawler.families.base import Listing, ListingRequest, Page, later_pages
from crawler.families.entries import entries_in
from crawler.families.records import asked, child, entries_of, number, with_parameter
from crawler.signs import sign

_LIBRARY = sign(r"""["']([^"'\s<>?]*/search-gov/data)\b""", "/search-gov/data")
_FEED = sign(r"""["']([\w./-]*\b[A-Z]{4}[A-Z_]*\.json)["']""", ".json")


class GovCn:
    """See the module."""

    name = "gov_cn"

    def recognises(self, page: Page) -> bool:
        """A feed named in capitals on a page without a list, the feed, or the library's answer."""
        if page.data is not None:
            return _rows(page) is not None
        return bool(_FEED.search(page.text)) and next(entries_in(page), None) is None

    def listing(self, page: Page) -> Listing:
        """The feed's or the library's records, or the request for the feed."""
        if page.data is not None:
            return Listing(entries_of(page, _rows(page)), _later(page))
        feeds = dict.fromkeys(urljoin(page.url, found[1]) for found in _FEED.finditer(page.text))
        return Listing((), tuple(map(ListingRequest, feeds)))

    def search(self, page: Page, words: str) -> ListingRequest | None:
        """Titles with the words in the library, where a page names it."""
        found = _LIBRARY.search(page.text)
        place = absolute(page, found[1]) if found else None
        given = {"t": "zhengcelibrary", "q": words, "searchfield": "title", "sort": "pubtime"}
        return ListingRequest(f"{place}?{urlencode({**given, 'p': 1, 'n': 50})}") if place else None


def _rows(page: Page) -> list[object] | None:
    listed = child(page.data, "searchVO", "listVO")
    if isinstance(listed, list):
        return listed
    feed = page.data if isinstance(page.data, list) else []
    ours = bool(feed) and isinstance(feed[0], dict) and {"TITLE", "URL"} <= set(feed[0])
    return feed if ours else None


def _later(page: Page) -> tuple[ListingRequest, ...]:
    """A feed is whole. The library counts its pages from 1."""
    here = number(asked(page.url, "p")) or 1
    last = number(child(page.data, "searchVO", "totalpage"))
    return tuple(ListingRequest(with_parameter(page.url, "p", k)) for k in later_pages(here, last))
