"""TRS WAS5 (福建 and others): a listing drawn from the search server, whose JSON is not strict.

The column's script asks ``/was5/web/search?channelid=290792&templet=docs.jsp&classsql=chnlid%3D5727
&prepage=10&page=1``; the answer is ``{count:"57", py:'###pypy###', docs:[{title, url, time}]}``.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

from crawler.families.addresses import absolute
from crawler.families.base import Listing, ListingRequest, Page, later_pages
from crawler.families.entries import entries_with
from crawler.families.records import answer, asked, child, number, with_parameter
from crawler.signs import sign

_SEARCH = sign(r"""["']([^"'\s<>]*/(?:was5/web|fjdzapp)/search\?[^"'\s<>]*)""", "/search?")
_ROWS = ("docs", "datas")


class TrsWas5:
    """See the module."""

    name = "trs_was5"

    def recognises(self, page: Page) -> bool:
        """A script that asks for the documents of one column, or an answer with documents.

        Beside a static pager such a script fills a box on the side.
        """
        if page.data is not None:
            return "/search" in page.url and _rows(page) is not None
        return _first(page) is not None and "createPage" not in page.text

    def listing(self, page: Page) -> Listing:
        """An answer's documents and all later pages, or the shell's first request."""
        if page.data is not None:
            total = number(child(page.data, "count"))
            return answer(page, _rows(page), _later(page), total)
        first = _first(page)
        return Listing(
            entries_with(page, ()), (ListingRequest(first),) if first else (), shell=True
        )


def _rows(page: Page) -> list[object] | None:
    lists = (child(page.data, name) for name in _ROWS)
    return next((rows for rows in lists if isinstance(rows, list)), None)


def _first(page: Page) -> str | None:
    """The address of the list's first page; None if a script puts the column in from elsewhere.

    A search box asks the same server without naming a column: that is no listing.
    """
    for found in _SEARCH.finditer(page.text):
        url = absolute(page, unescape(found[1])) or ""
        column = unquote(asked(url, "classsql"))
        if re.search(r"chnlid\s*=\s*\d", column) and asked(url, "channelid").isdigit():
            return with_parameter(url, "page", 1)
    return None


def _later(page: Page) -> tuple[ListingRequest, ...]:
    size = number(asked(page.url, "prepage")) or len(_rows(page) or ())
    here = number(asked(page.url, "page")) or 1
    last = -(-number(child(page.data, "count")) // size) if size else here
    return tuple(
        ListingRequest(with_parameter(page.url, "page", k)) for k in later_pages(here, last)
    )
