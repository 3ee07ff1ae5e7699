"""河北: columns and articles named by UUIDs, further pages drawn from a block of the template.

Column ``/columns/<uuid>/index.html``, article ``/columns/<uuid>/202404/01/<uuid>.html``, block
``/columns/<uuid>/templates/<uuid>/blocks/<uuid>?page=2&fix=0``, which answers HTML. No total is
told: the page after the last is empty.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

from crawler.families.addresses import links
from crawler.families.base import Listing, ListingRequest, Page
from crawler.families.entries import entries_with
from crawler.families.generic import linked_pages
from crawler.families.records import asked, number, with_parameter

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ARTICLE = re.compile(rf"/columns/{_UUID}/20\d{{4}}/\d{{2}}/{_UUID}\.html$")
_BLOCK = re.compile(rf"/columns/{_UUID}/templates/{_UUID}/blocks/{_UUID}")


class HebeiUuid:
    """See the module."""

    name = "hebei_uuid"

    def recognises(self, page: Page) -> bool:
        """Its articles, or the block of a column."""
        if page.data is not None:
            return False
        return bool(_BLOCK.search(page.text)) or bool(links(page, _ARTICLE))

    def listing(self, page: Page) -> Listing:
        """Dated links and articles, and one page more as long as there are any."""
        entries = entries_with(page, links(page, _ARTICLE))
        if _BLOCK.search(page.url):
            here = number(asked(page.url, "page")) or 1
            more = (_page(page.url, here + 1),) if entries else ()
            return Listing(entries, more, ends=here > 1)
        block = _BLOCK.search(page.text)
        if not block:
            return Listing(entries, linked_pages(page))
        first = with_parameter(urljoin(page.url, block[0]), "fix", 0)
        return Listing(entries, (_page(first, 2 if entries else 1),))


def _page(url: str, page: int) -> ListingRequest:
    return ListingRequest(with_parameter(url, "page", page))
