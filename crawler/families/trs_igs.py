"""TRS IGS: a listing drawn from the search server's index (南京, 湖北, 天津, 广西).

``/igs/front/search/publish/data/list.html?index=…&type=…&filter[CHANNELID]=21985&pageNumber=1``
and ``/igs/front/search.jhtml?code=…`` both answer ``{"page":{"content":[…],"totalPages":n}}``; the
names of title, address and date differ between indexes.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from crawler.families.addresses import absolute
from crawler.families.base import Listing, ListingRequest, Page, later_pages
from crawler.families.entries import entries_with
from crawler.families.records import answer, asked, child, number, with_parameter
from crawler.signs import sign

_LIST = sign(
    r"""["']([^"'\s<>]*/igs/front/search/(?:publish/data/)?list\.html\?[^"'\s<>]*)""",
    "/igs/front/search/",
)
_SEARCH = sign(
    r"""["']([^"'\s<>]*/igs/front/search\.jhtml\?[^"'\s<>]*)""", "/igs/front/search.jhtml?"
)
_COLUMN = re.compile(r"filter\[CHANNELID\]=\d", re.IGNORECASE)


class TrsIgs:
    """See the module."""

    name = "trs_igs"

    def recognises(self, page: Page) -> bool:
        """A script that asks for the entries of one column, or an answer of the index.

        Beside a static pager such a script fills a box on the side.
        """
        if page.data is not None:
            content = child(page.data, "page", "content")
            return "/igs/" in page.url and (content is None or isinstance(content, list))
        return _first(page) is not None and "createPage" not in page.text

    def listing(self, page: Page) -> Listing:
        """An answer's records and all later pages, or the shell's first request."""
        if page.data is not None:
            rows, total = (child(page.data, "page", name) for name in ("content", "total"))
            return answer(page, rows, _later(page), number(total))
        first = _first(page)
        return Listing(
            entries_with(page, ()), (ListingRequest(first),) if first else (), shell=True
        )

    def search(self, page: Page, words: str) -> ListingRequest | None:
        """Titles with the words, newest first, where a page shows the search's code: without it
        the server answers 500."""
        found = _SEARCH.search(page.text)
        shown = dict(parse_qsl(urlsplit(unescape(found[1])).query)) if found else {}
        if not found or not shown.get("code"):
            return None
        given = {
            **{"code": shown["code"], "searchWord": words, "siteId": shown.get("siteId", "")},
            **{"pageSize": "10", "pageNumber": "1", "position": "TITLE"},
            **{"orderby": "time", "timeOrder": "desc"},
        }
        url = absolute(page, found[1].partition("?")[0])
        return ListingRequest(f"{url}?{urlencode(given)}") if url else None


def _first(page: Page) -> str | None:
    """The address of the first page of a column's list; a search box names no column."""
    for found in _LIST.finditer(page.text):
        url = absolute(page, unescape(found[1])) or ""
        if _COLUMN.search(unquote(url)):
            return with_parameter(url, "pageNumber", 1)
    return None


def _later(page: Page) -> tuple[ListingRequest, ...]:
    here = number(asked(page.url, "pageNumber")) or 1
    last = number(child(page.data, "page", "totalPages"))
    return tuple(
        ListingRequest(with_parameter(page.url, "pageNumber", k)) for k in later_pages(here, last)
    )
