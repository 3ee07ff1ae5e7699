"""intertid (无锡 and its districts): a listing drawn from a search that is asked by a form.

The column's script calls ``getSearchList(1, 20, 181, '38939,38940', 1, 'writeTime')``: page, size,
site, channels, kind of search, order. ``POST /info_open/search`` with these answers
``{"status":0,"data":{"totalPages":28,"page":1,"data":[{title, url, writeTime}]}}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urljoin

from crawler.families.base import Listing, ListingRequest, Page, later_pages
from crawler.families.entries import entries_with
from crawler.families.records import answer, child, number

SEARCH = "/info_open/search"
_CALL = re.compile(r"getSearchList\s*\(([^()]{1,400})\)")
_COMMENTED = re.compile(r"(?<!:)//[^\n]*$")
_CHANNELS = re.compile(r"\d{1,12}(,\d{1,12})*")


class Intertid:
    """See the module."""

    name = "intertid"

    def recognises(self, page: Page) -> bool:
        """The call in a column's script, or an answer of the search."""
        if page.data is not None:
            return SEARCH in page.url and isinstance(child(page.data, "data", "data"), list)
        return bool(_form(page))

    def listing(self, page: Page) -> Listing:
        """An answer's records and all later pages, or the shell's first request."""
        if page.data is None:
            form = _form(page)
            first = (_request(page, form, 1),) if form else ()
            return Listing(entries_with(page, ()), first, shell=True)
        here = number(child(page.data, "data", "page")) or number(dict(page.form).get("pageIndex"))
        last = number(child(page.data, "data", "totalPages")) if page.form else 0
        later = (_request(page, dict(page.form), k) for k in later_pages(here or 1, last))
        rows, total = (child(page.data, "data", name) for name in ("data", "totalElements"))
        return answer(page, rows, later, number(total))


def _form(page: Page) -> dict[str, str]:
    """The form of the first call that names its channels; without them it would ask for all."""
    for call in _CALL.finditer(page.text):
        line = page.text[max(0, call.start() - 200) : call.start()].rpartition("\n")[2]
        given = re.findall(r"""'[^']*'|"[^"]*"|[^,'"\s]+""", call[1])
        if len(given) != 6 or _COMMENTED.search(line):
            continue
        _, size, site, channels, kind, order = (each.strip("'\"") for each in given)
        if channels.isidentifier():
            channels = _value_of(page.text, channels)
        if site.isdigit() and size.isdigit() and _CHANNELS.fullmatch(channels):
            return {
                **{"siteId": site, "channelIds": channels, "pageIndex": "1", "pageSize": size},
                **{"searchType": kind, "order": order},
            }
    return {}


def _value_of(text: str, variable: str) -> str:
    found = re.search(rf"""\b{re.escape(variable)}\s*=\s*["']([\d,]+)["']""", text)
    return found[1] if found else ""


def _request(page: Page, form: Mapping[str, str], number: int) -> ListingRequest:
    return ListingRequest(
        urljoin(page.url, SEARCH),
        method="POST",
        form=tuple({**form, "pageIndex": str(number)}.items()),
        headers=MappingProxyType({"X-Requested-With": "XMLHttpRequest", "Referer": page.url}),
    )
