"""聊城 and its counties: columns at ``/channel_x_0.0_11971/`` or ``/channel_d_daxrmzf_28b/``.

Only the form of the addresses is known of this platform; how its columns page was not seen. Their
dated links are read, and the links to further pages are followed as on any page.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.families.base import Listing, Page
from crawler.families.claims import shown_total
from crawler.families.entries import entries_in
from crawler.families.generic import linked_pages

_COLUMN = re.compile(r"(^|/)channel_[a-z]_[\w.]+(/|$)")


class ChannelX:
    """See the module."""

    name = "channel_x"

    def recognises(self, page: Page) -> bool:
        """Dated links at the address of a column."""
        ours = page.data is None and _COLUMN.search(urlsplit(page.url).path)
        return bool(ours) and next(entries_in(page), None) is not None

    def listing(self, page: Page) -> Listing:
        """Dated links, each address once, and the pages that are linked."""
        entries = {entry.url: entry for entry in entries_in(page)}
        return Listing(tuple(entries.values()), linked_pages(page), claimed=shown_total(page))
