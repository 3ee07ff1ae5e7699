"""Whatever no family claims: dated links, and pages joined by 下一页 or by index_N addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin, urlsplit

from crawler.families.base import Entry, Listing, ListingRequest, Page
from crawler.families.claims import shown_total
from crawler.families.entries import entries_in, entry_of
from crawler.families.search_forms import form_search

_NEXT = re.compile(r"^(下一?页|后一?页|下页|next|>|>>|»)$", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?P<name>[a-z]\w*?)_(?P<number>\d{1,4})\.(?P<ext>s?html?|jhtml)$")


class Generic:
    """See the module."""

    name = "generic"

    def recognises(self, page: Page) -> bool:
        """At least one dated link: a page without any is drawn by script, or is no listing."""
        return page.data is None and next(entries_in(page), None) is not None

    def listing(self, page: Page) -> Listing:
        """Dated links, each address once, and the links without a date that stand among them."""
        entries = {entry.url: entry for entry in entries_in(page)}
        for entry in _undated(page, entries):
            entries.setdefault(entry.url, entry)
        return Listing(tuple(entries.values()), linked_pages(page), claimed=shown_total(page))

    def search(self, page: Page, words: str) -> ListingRequest | None:
        """A form, or a script that adds the words to an address. The answer is a page of links."""
        return form_search(page, words) if page.data is None else None


def _undated(page: Page, dated: Mapping[str, Entry]) -> Iterator[Entry]:
    """The first link of every item of a list in which other items are dated."""
    lists: dict[int, list[Entry]] = {}
    for item in page.tree.css("ul > li, ol > li, tbody > tr, dl > dd"):
        anchor, parent = item.css_first("a[href]"), item.parent
        entry = entry_of(page, anchor, None) if anchor is not None else None
        if entry and parent is not None:
            lists.setdefault(parent.mem_id, []).append(entry)
    for entries in lists.values():
        if any(entry.url in dated for entry in entries):
            yield from (entry for entry in entries if entry.url not in dated)


def linked_pages(page: Page) -> tuple[ListingRequest, ...]:
    """Later pages by their links: the next page, and numbered siblings of this one."""
    return tuple(map(ListingRequest, dict.fromkeys(_following(page))))


def _following(page: Page) -> Iterator[str]:
    here = urlsplit(page.url)
    for anchor in page.tree.css("a[href]"):
        href = (anchor.attributes.get("href") or "").strip()
        try:
            url = urljoin(page.url, href)
            there = urlsplit(url)
        except ValueError:
            continue
        if there.netloc != here.netloc or href.startswith(("#", "javascript:")):
            continue
        numbered = _NUMBERED.match(there.path.rpartition("/")[2])
        sibling = numbered and there.path.rpartition("/")[0] == here.path.rpartition("/")[0]
        if (_NEXT.match(anchor.text().strip()) or sibling) and url != page.url:
            yield url
