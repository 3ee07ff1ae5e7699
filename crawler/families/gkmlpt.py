"""广东 gkmlpt, the province's one disclosure platform: a tree of columns in a script, JSON lists.

``/gkmlpt/index`` holds ``window._CONFIG = {… SID: '123', TREE: [{id, name, children}] …}``; a
column is ``/gkmlpt/index#505``, its list ``/gkmlpt/api/all/505?page=1&sid=123``. A site below a
folder (``/qyqcdc/gkmlpt/…``) has its API there too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

from crawler.families import loose_json
from crawler.families.base import Listing, ListingRequest, NamedListing, Page
from crawler.families.records import answer, asked, child, number, with_parameter

_SID = re.compile(r"\bSID['\"]?\s*:\s*['\"]?(\d{1,12})")
_TREE = re.compile(r"\bTREE['\"]?\s*:\s*(?=\[)")
_PLACE = re.compile(r"^(.*?)/gkmlpt/")
MOST = 3000
"""Columns of one tree. The largest seen have some hundreds."""


class Gkmlpt:
    """See the module."""

    name = "gkmlpt"

    def recognises(self, page: Page) -> bool:
        """The tree in the script, or an answer with articles from its API."""
        if page.data is not None:
            return isinstance(child(page.data, "articles"), list) and "/gkmlpt/api/" in page.url
        return "_CONFIG" in page.text and "/gkmlpt/" in page.url and bool(_TREE.search(page.text))

    def listing(self, page: Page) -> Listing:
        """An answer's articles; or the column that the address names, and every column by name."""
        if page.data is not None:
            # The count may be more than the API gives out: less than half of it is cut short.
            return answer(page, child(page.data, "articles"), _next(page), _count(page) // 2)
        column = urldefrag(page.url).fragment
        named = re.fullmatch(r"[0-9]{1,12}", column)
        following = (ListingRequest(_list_of(page, column)),) if named else ()
        return Listing((), following, tuple(_offers(page)))


def _offers(page: Page) -> Iterator[NamedListing]:
    """Every column of the tree, from the top down."""
    tree = _TREE.search(page.text)
    try:
        waiting = loose_json.read(page.text, tree.end()) if tree else []
    except ValueError:
        return
    for _ in range(MOST):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, dict):
            below = node.get("children")
            waiting.extend(below if isinstance(below, list) else ())
            name, column = str(node.get("name") or "").strip(), number(node.get("id"))
            if name and column:
                yield NamedListing(_list_of(page, str(column)), name)


def _list_of(page: Page, column: str) -> str:
    sid = _SID.search(page.text)
    place = _PLACE.match(page.url)
    root = place[1] if place else urljoin(page.url, "/").rstrip("/")
    return f"{root}/gkmlpt/api/all/{column}?page=1&sid={sid[1] if sid else ''}"


def _next(page: Page) -> tuple[ListingRequest, ...]:
    """The next page. The count is that of the column and may be more than the API gives out, so
    a page that is not full (its length no multiple of ten) is taken for the last."""
    rows = child(page.data, "articles")
    articles = len(rows) if isinstance(rows, list) else 0
    here = number(asked(page.url, "page")) or 1
    if not articles or articles % 10 or here * articles >= _count(page):
        return ()
    return (ListingRequest(with_parameter(page.url, "page", here + 1)),)


def _count(page: Page) -> int:
    """The column's own count; 0 where the answer has none."""
    counted = number(child(page.data, "classify", "post_count"))
    return counted or number(child(page.data, "total"))
