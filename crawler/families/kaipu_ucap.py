"""开普云 UCAP: static listings with a pager that names its div and counts from 1; or a JSON search.

``createPageHTML('page_div', 10, 1, 'zwgklist', 'shtml', 200)``: div, total pages, current page,
name, extension, entries. Page k is ``zwgklist_{k}.shtml``, the first ``zwgklist.shtml``. Some
sites call their second page ``_1``; no page says so, hence the last page is asked for as
``_{total}`` and, if there is none, as ``_1``: each way of counting has one of the two, and both
have all that lie between.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

from crawler.families.addresses import links
from crawler.families.base import Listing, ListingRequest, Page, later_pages
from crawler.families.entries import entries_in, entries_with
from crawler.families.records import answer, asked, child, number, with_parameter
from crawler.signs import sign

_PAGER = sign(
    r"""createPageHTML\(\s*['"](?=[\w-]*[A-Za-z])[\w-]+['"]\s*,\s*['"]?(\d{1,6})['"]?\s*,"""
    r"""\s*['"]?(\d{1,6})['"]?\s*,\s*['"]([\w.-]+)['"]\s*,\s*['"](\w+)['"]"""
    r"""(?:\s*,\s*['"]?(\d{1,7})\b)?""",
    "createPageHTML",
)
_ARTICLE = re.compile(r"/(20\d{4}|20\d\d/\d{1,2}/\d{1,2})/[0-9a-f]{32}\.shtml$")
_SEARCH = sign(
    r"""["'](/[\w/]*(?:search|searchList)/[0-9a-f]{32}\?[^"'<>\s]*_isJson=true[^"'<>\s]*)""",
    "_isJson=true",
)


class KaipuUcap:
    """See the module."""

    name = "kaipu_ucap"

    def recognises(self, page: Page) -> bool:
        """Its pager call, its articles, its JSON search named in a script, or an answer of it."""
        if page.data is not None:
            return _results(page) is not None
        named = _PAGER.search(page.text) or _SEARCH.search(page.text)
        return bool(named) or bool(links(page, _ARTICLE))

    def listing(self, page: Page) -> Listing:
        """A static page, an answer of the search, or a shell that names the search."""
        if page.data is not None:
            total = number(child(page.data, "data", "total"))
            return answer(page, _results(page), _further_answers(page), total)
        listed = _commented(page) or page
        entries = entries_with(listed, links(listed, _ARTICLE))
        if not entries and (search := _SEARCH.search(page.text)):
            first = with_parameter(urljoin(page.url, search[1]), "page", 1)
            return Listing((), (ListingRequest(first),))
        pager = _PAGER.search(page.text)
        return Listing(entries, _further(page), claimed=number(pager[5]) if pager else 0)


def _commented(page: Page) -> Page | None:
    """The list inside the comment that holds the pager: such pages show a list drawn by script,
    and keep the static one beside it."""
    pager = _PAGER.search(page.text)
    if not pager or next(entries_in(page), None) is not None:
        return None
    start = page.text.rfind("<!--", 0, pager.start())
    end = page.text.find("-->", pager.end())
    if start < 0 or end < 0 or "-->" in page.text[start : pager.start()]:
        return None
    return Page(page.url, page.text[start + 4 : end])


def _further(page: Page) -> tuple[ListingRequest, ...]:
    pager = _PAGER.search(page.text)
    if not pager:
        return ()
    total, current = int(pager[1]), int(pager[2])

    def address(k: int) -> str:
        return urljoin(page.url, f"{pager[3]}_{k}.{pager[4]}")

    found = [ListingRequest(address(k)) for k in later_pages(current, total)]
    if found and current <= 1:
        found[-1] = ListingRequest(found[-1].url, otherwise=ListingRequest(address(1)))
    return tuple(found)


def _results(page: Page) -> object | None:
    """The records of an answer; None if this is no answer of the search."""
    results = child(page.data, "data", "results")
    ours = child(page.data, "data", "channelId") is not None or "_isJson=true" in page.url
    return results if isinstance(results, list) and ours else None


def _further_answers(page: Page) -> tuple[ListingRequest, ...]:
    """The server caps ``_pageSize``: the pages are counted with the size it tells."""
    size = number(child(page.data, "data", "rows"))
    here = number(child(page.data, "data", "page")) or number(asked(page.url, "page")) or 1
    last = -(-number(child(page.data, "data", "total")) // size) if size else here
    return tuple(
        ListingRequest(with_parameter(page.url, "page", k)) for k in later_pages(here, last)
    )
