"""大汉 JCMS (Hanweb): the column page carries the first records, a servlet gives the rest.

``/col/col76705/index.html`` embeds ``<datastore>`` with one CDATA record an entry. The site's own
script fetches further groups of three pages from ``dataproxy.jsp``, with the ids it finds on the
page: webid is the site's, unitid and columnid the page's. Records without a link are debris.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.families import hanweb_search
from crawler.families.base import MOST_PAGES, Entry, Listing, ListingRequest, Page
from crawler.families.entries import entry_of, iso_date
from crawler.families.hanweb_search import is_answer

PAGES_IN_A_GROUP = 3
PROXY = "/module/web/jpage/dataproxy.jsp"
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
_NEXT_GROUP = re.compile(r"<nextgroup>\s*<!\[CDATA\[.*?href=[\"']([^\"']+)", re.DOTALL)
_TOTAL = re.compile(
    r"totalRecord['\"]?\s*[:=]\s*['\"]?(\d{1,7})|<totalrecord>\s*(\d{1,7})", re.IGNORECASE
)
_PER_PAGE = re.compile(r"perPage['\"]?\s*[:=]\s*['\"]?(\d{1,4})", re.IGNORECASE)
_COLUMN = re.compile(r"/col/col(\d+)/")
_FORM = (
    ("col", "1"),
    ("appid", "1"),
    ("webid", ""),
    ("path", "/"),
    ("columnid", ""),
    ("sourceContentType", "1"),
    ("unitid", ""),
    ("webname", ""),
    ("permissiontype", "0"),
)


class HanwebJcms:
    """See the module."""

    name = "hanweb_jcms"

    def recognises(self, page: Page) -> bool:
        """A datastore, or the ids of its servlet on a column page."""
        if "<datastore" in page.text or (hanweb_search.CATE_SEARCH in page.url and is_answer(page)):
            return True
        return "dataproxy.jsp" in page.text and "unitid" in page.text

    def listing(self, page: Page) -> Listing:
        """Records of the column page, of an answer of the servlet, or of the site's search."""
        if is_answer(page):
            return hanweb_search.answer(page)
        records = _RECORD.findall(page.text)
        entries = tuple(_entries(page, records))
        return Listing(
            entries,
            tuple(_following(page, bool(records))),
            claimed=_number(_TOTAL, page.text),
            debris=len(records) - len(entries),
        )

    def search(self, page: Page, words: str) -> ListingRequest | None:
        """See ``hanweb_search.jsearch``."""
        return hanweb_search.jsearch(page, words)


def _entries(page: Page, records: list[str]) -> Iterator[Entry]:
    for record in records:
        tree = LexborHTMLParser(record)
        anchor = tree.css_first("a[href]")
        if anchor is None:
            continue
        beside = tree.text(separator=" ").replace(anchor.text(separator=" "), " ")
        if entry := entry_of(page, anchor, iso_date(beside)):
            yield entry


def _following(page: Page, has_first_group: bool) -> Iterator[ListingRequest]:
    """The groups the column page does not carry. An answer of the servlet leads nowhere new."""
    total, per_page = _number(_TOTAL, page.text), _number(_PER_PAGE, page.text)
    form = _servlet_form(page)
    if not total or not per_page or not form["unitid"]:
        return
    proxy, size = _proxy(page), PAGES_IN_A_GROUP * per_page
    last = min(total, size * MOST_PAGES)
    for start in range(1 + size * has_first_group, last + 1, size):
        window = {
            "startrecord": start,
            "endrecord": min(start + size - 1, total),
            "perpage": per_page,
        }
        yield ListingRequest(
            url=f"{proxy}?{urlencode(window)}",
            method="POST",
            form=tuple(form.items()),
            headers=MappingProxyType(
                {"X-Requested-With": "XMLHttpRequest", "Referer": page.url},
            ),
        )


def _servlet_form(page: Page) -> dict[str, str]:
    """The servlet's parameters: those of the next-group link, else whatever the page's script says.

    The link's query repeats some names, and its webname is url-encoded twice; it is sent on with
    the one encoding that is left, as the site's script does.
    """
    link = _NEXT_GROUP.search(page.text)
    given = dict(parse_qsl(urlsplit(html.unescape(link[1])).query)) if link else {}
    return {name: given.get(name) or _scripted(page, name) or usual for name, usual in _FORM}


def _scripted(page: Page, name: str) -> str:
    """A numeric parameter as the page writes it: ``unitid=38486`` or ``unitid: '38486'``."""
    found = re.search(rf"\b{name}['\"]?\s*[:=]\s*['\"]?(\d+)", page.text)
    if found:
        return found[1]
    column = _COLUMN.search(urlsplit(page.url).path)
    return column[1] if column and name == "columnid" else ""


def _proxy(page: Page) -> str:
    """Address of the servlet. Its folder differs between versions of the CMS."""
    found = re.search(r"/module/[\w/]*dataproxy\.jsp", page.text)
    return urljoin(page.url, found[0] if found else PROXY)


def _number(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return int(next(filter(None, found.groups()))) if found else 0
