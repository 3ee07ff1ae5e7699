"""博达 VSB: static pages numbered from the last one, so that the numbers shift as a column grows.

Page 1 of ``/xxgk/fzzf.htm`` is that file, page P of T is ``/xxgk/fzzf/{T-P+1}.htm``, the last is
``/xxgk/fzzf/1.htm``. The pager says ``共1432条 1/144``. An article seen on two pages is one entry,
told by its address.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from crawler.families.addresses import links
from crawler.families.base import MOST_PAGES, Listing, ListingRequest, Page
from crawler.families.entries import entries_with

_ARTICLE = re.compile(
    r"(^|/)info/\d+/\d+\.html?$|content\.jsp\?urltype=news\.NewsContentUrl&", re.IGNORECASE
)
_PAGER = re.compile(r"共\s*(\d{1,7})\s*条\D{0,20}(\d{1,6})\s*/\s*(\d{1,6})")
_NUMBERED = re.compile(r"^(?P<folder>.*)/\d{1,6}(?P<extension>\.html?)$")
_FIRST = re.compile(r"^(?P<folder>.+)(?P<extension>\.html?)$")


class BodaVsb:
    """See the module."""

    name = "boda_vsb"

    def recognises(self, page: Page) -> bool:
        """Links to its articles: ``info/1031/20488.htm``, ``content.jsp?urltype=news…``."""
        return page.data is None and bool(links(page, _ARTICLE))

    def listing(self, page: Page) -> Listing:
        """Dated links, articles without a date, and the pages before this one's number."""
        body = page.tree.body
        pager = _PAGER.search(" ".join(body.text(separator=" ").split())) if body else None
        entries = entries_with(page, links(page, _ARTICLE))
        if not pager:
            return Listing(entries)
        return Listing(entries, _following(page, pager), claimed=int(pager[1]))


def _following(page: Page, pager: re.Match[str]) -> tuple[ListingRequest, ...]:
    parts = urlsplit(page.url)
    current, total = int(pager[2]), int(pager[3])
    place = (_FIRST if current == 1 else _NUMBERED).match(parts.path)
    if not place:
        return ()
    return tuple(
        ListingRequest(urlunsplit(parts._replace(path=f"{place[1]}/{number}{place[2]}", query="")))
        for number in range(total - current, max(0, total - current - MOST_PAGES), -1)
    )
