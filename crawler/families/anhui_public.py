"""安徽 ``/public/column/N``: a disclosure catalogue, its further pages drawn from a label.

The column ``/public/column/6596221?type=4&catId=7065111&action=list`` shows its first entries. The
script fetches further ones as HTML from ``/site/label/8888`` with ``labelName: "publicInfoList"``,
site, organ and catalogue, ``pageIndex`` from 1, and says ``pageCount: 7``.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.families import loose_json
from crawler.families.addresses import absolute, links
from crawler.families.base import Listing, ListingRequest, Page, later_pages
from crawler.families.entries import entries_with
from crawler.signs import sign

_ARTICLE = re.compile(r"/public/\d+/\d+\.html$")
_COLUMN = re.compile(r"/public/column/\d+")
_LABEL = sign(r"""["']([^"'\s<>]*/site/label/\d+)(?:\?([^"'\s<>]*))?["']""", "/site/label/")
_NAME = sign(r"""labelName["']?\s*:\s*["']publicInfoList["']""", "publicInfoList")
_COUNT = re.compile(r"""\bpageCount["']?\s*:\s*["']?(\d{1,5})""")


class AnhuiPublic:
    """See the module."""

    name = "anhui_public"

    def recognises(self, page: Page) -> bool:
        """Its articles on a page of a column, the label in its script, or the label's answer."""
        if page.data is not None:
            return False
        place = _COLUMN.search(page.url) or "/site/label/" in page.url
        return bool(_label(page)) or bool(place and links(page, _ARTICLE))

    def listing(self, page: Page) -> Listing:
        """Dated links and articles; from a column the pages that it does not show itself."""
        entries = entries_with(page, links(page, _ARTICLE))
        label, count = _label(page), _COUNT.search(page.text)
        if "/site/label/" in page.url or not label:
            return Listing(entries)
        seen, last = (1 if entries else 0), int(count[1]) if count else 1
        pages = (f"{label}&pageIndex={number}" for number in later_pages(seen, last))
        return Listing(entries, tuple(_request(url, page) for url in pages))


def _label(page: Page) -> str | None:
    """Address of the label with the parameters of the script, all but the page."""
    for found in _LABEL.finditer(page.text):
        if found[2] and "labelName=publicInfoList" in found[2]:
            return _address(page, found[1], dict(parse_qsl(found[2].replace("&amp;", "&"))))
    place, name = _LABEL.search(page.text), _NAME.search(page.text)
    if not place or not name:
        return None
    try:
        given = loose_json.read(page.text, page.text.rfind("{", 0, name.start()))
    except ValueError:
        return None
    return _address(page, place[1], given) if isinstance(given, dict) else None


def _address(page: Page, place: str, given: dict[str, object]) -> str | None:
    """A parameter that the script takes from a variable of its own name is the column's."""
    query = dict(parse_qsl(urlsplit(page.url).query))
    pairs = [
        (name, query.get(name, "") if value == name else str(value))
        for name, value in given.items()
        if name != "pageIndex" and value is not None
    ]
    found = absolute(page, place)
    return f"{found}?{urlencode(pairs)}" if found else None


def _request(url: str, page: Page) -> ListingRequest:
    headers = {"X-Requested-With": "XMLHttpRequest", "Referer": page.url}
    return ListingRequest(url, headers=MappingProxyType(headers))
