"""TRS WCM (拓尔思): static listings, paged by a script call that names the files.

``createPageHTML(16, 0, "index", "html")``: total pages, current page from 0, name, extension.
Page k is ``index_{k}.html``, the first is ``index.html``. Some sites call it ``createPage``. The
form with a div's name in front belongs to another vendor and counts from 1: it is not ours.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

from crawler.families.addresses import links
from crawler.families.base import Listing, ListingRequest, Page, later_pages
from crawler.families.claims import shown_total
from crawler.families.entries import entries_with

_PAGER = re.compile(
    r"""createPage(?:HTML)?\(\s*['"]?(\d{1,6})['"]?\s*,\s*['"]?(\d{1,6})['"]?\s*,"""
    r"""\s*['"]([\w.-]+)['"]\s*,\s*['"](\w+)['"]"""
)
_ARTICLE = re.compile(r"(^|/)(20\d{4})/t(20\d{6})_\d+(_wap)?\.s?html?$")


class TrsWcm:
    """See the module."""

    name = "trs_wcm"

    def recognises(self, page: Page) -> bool:
        """Its pager call, or links to its articles (``./202403/t20240328_6583952.html``)."""
        ours = _PAGER.search(page.text) or links(page, _ARTICLE)
        return page.data is None and bool(ours)

    def listing(self, page: Page) -> Listing:
        """Dated links, and articles of the family that show no date."""
        entries = entries_with(page, links(page, _ARTICLE))
        return Listing(entries, _following(page), claimed=shown_total(page))


def _following(page: Page) -> tuple[ListingRequest, ...]:
    pager = _PAGER.search(page.text)
    if not pager:
        return ()
    total, current, name, extension = int(pager[1]), int(pager[2]), pager[3], pager[4]
    return tuple(
        ListingRequest(urljoin(page.url, f"{name}_{number}.{extension}"))
        for number in later_pages(current, total - 1)
    )
