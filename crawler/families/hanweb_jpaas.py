"""大汉 JPAAS (Hanweb's later platform): a column is a shell whose units a script fetches.

``<script src="…unitbuild.js" queryData="{'webId':'8d82…','pageId':'c52d…',…}">`` names a unit. Its
address answers JSON whose ``data.html`` is the list with its pager; later pages are asked for with
``paramJson={"pageNo":2,"pageSize":15}``. ``bulidstatic`` is the vendor's own spelling: parameters
are sent as the page has them, in its order, and no others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import unquote, urlencode

from crawler.families import hanweb_search, loose_json
from crawler.families.addresses import absolute, links
from crawler.families.base import Listing, ListingRequest, Page, later_pages
from crawler.families.entries import entries_with
from crawler.families.records import asked, child, number, with_parameter

UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_ARTICLE = re.compile(r"/art/20\d\d/(art_[0-9a-f]{32}|\d{1,2}/\d{1,2}/art_\d+_\d+)\.html$")
_NEEDED = {"webId", "pageId", "tagId"}
_CHROME = re.compile(
    "导航|菜单|位置|面包屑|头部|底部|页头|页脚|nav|menu|crumb|head|foot", re.IGNORECASE
)
"""Units that are no list, told by their tagId, where a page has others (our own judgement)."""


class HanwebJpaas:
    """See the module."""

    name = "hanweb_jpaas"

    def recognises(self, page: Page) -> bool:
        """A unit in a script's ``queryData``, or a unit's answer."""
        if page.data is None:
            return bool(_units(page))
        ours = hanweb_search.INFO in page.url and hanweb_search.is_answer(page)
        return ours or _fragment(page) is not None

    def listing(self, page: Page) -> Listing:
        """The list in an answer, the hits of the site's search, or requests for a shell's units."""
        if hanweb_search.is_answer(page):
            return hanweb_search.answer(page)
        fragment = _fragment(page)
        listed = page if fragment is None else fragment
        entries = entries_with(listed, links(listed, _ARTICLE))
        if fragment is None:
            return Listing(entries, tuple(_request(url, page) for url in _units(page)), shell=True)
        pager = fragment.tree.css_first("[count][pagesize], .pagination[count]")
        given = {} if pager is None else pager.attributes
        following = (_request(url, page) for url in _further(fragment, given, len(entries)))
        return Listing(entries, tuple(following), claimed=number(given.get("count")))

    def search(self, page: Page, words: str) -> ListingRequest | None:
        """See ``hanweb_search.jpaas_search``."""
        return hanweb_search.jpaas_search(page, words)


def _fragment(page: Page) -> Page | None:
    """The HTML inside an answer, as a page of the answer's address."""
    inner = child(page.data, "data", "html")
    return Page(page.url, inner) if isinstance(inner, str) else None


def _units(page: Page) -> list[str]:
    """Addresses of the first pages of a shell's units, chrome left out where there is more."""
    found: dict[str, str] = {}
    for script in page.tree.css("script[querydata]"):
        try:
            query = loose_json.read(script.attributes.get("querydata") or "")
        except ValueError:
            continue
        place = absolute(page, script.attributes.get("url") or UNIT)
        if (
            not place
            or not isinstance(query, dict)
            or not {"webId", "pageId", "tagId"} <= set(query)
        ):
            continue
        given = {name: "null" if value is None else value for name, value in query.items()}
        found[f"{place}?{urlencode(given)}"] = str(query["tagId"])
    lists = [url for url, tag in found.items() if not _CHROME.search(tag)]
    return lists or list(found)


def _further(fragment: Page, given: Mapping[str, str | None], entries: int) -> list[str]:
    """Addresses of all pages after the answered one, from its pager: count, pageNo, pageSize."""
    size = number(given.get("pagesize")) or entries
    if not size:
        return []
    last = -(-number(given.get("count")) // size)
    here = number(given.get("pageno")) or _page_asked_for(fragment.url)
    return [
        with_parameter(fragment.url, "paramJson", _page_parameter(page, size))
        for page in later_pages(here, last)
    ]


def _page_parameter(page: int, size: int) -> str:
    return json.dumps({"pageNo": page, "pageSize": size}, separators=(",", ":"))


def _page_asked_for(url: str) -> int:
    return number(child(loose_json.parse(unquote(asked(url, "paramJson"))), "pageNo")) or 1


def _request(url: str, page: Page) -> ListingRequest:
    """Without Referer the platform answers 403."""
    headers = {"X-Requested-With": "XMLHttpRequest", "Referer": page.url}
    return ListingRequest(url, headers=MappingProxyType(headers))
