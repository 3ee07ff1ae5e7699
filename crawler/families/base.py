"""What every family answers: is this page mine, what does it list, and where does it go on.

A family is a pure function of a page's address and text. It never fetches: it says which
requests would bring the rest of the listing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Literal, Protocol
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.families import loose_json
from crawler.screening import is_cut

DATE = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
MOST_PAGES = 1000
"""Pages of one column that are believed. A count beyond that is a mistake, or meant to hurt."""
_BARE_DATE = rf"[\[(]?{DATE.pattern}日?[\])]?"
_OUTER_DATE = re.compile(rf"^{_BARE_DATE}\s|\s{_BARE_DATE}$")
_WHOLE = re.compile(r"(//?|https?://)[^/?#]")
_PLAIN = re.compile(r"(/[\w~%-][\w~%.-]*)+/?(\?[\w~%.=&/-]+)?", re.ASCII)
_BELOW = re.compile(
    r"(?:\./)?([\w~%-][\w~%.-]*(?:/[\w~%-][\w~%.-]*)*/?(?:\?[\w~%.=&/-]+)?)", re.ASCII
)
_NOWHERE = ("#", "javascript:")
_LISTS = frozenset({"ul", "ol", "table", "tbody", "body", "html", "nav", "dl", "form"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing: an absolute URL, the fullest title shown, an ISO date or None."""

    url: str
    title: str
    date: str | None


@dataclass(frozen=True, slots=True)
class ListingRequest:
    """A request that brings more of a listing. ``form`` is sent url-encoded as the body."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    form: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    otherwise: ListingRequest | None = None
    """What to ask for instead if there is no such page: where a site may count either way."""


@dataclass(frozen=True, slots=True)
class NamedListing:
    """A listing that a page offers by name, in its script rather than by a link."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What one listing page gives. ``following`` are all further pages it knows of, in order."""

    entries: tuple[Entry, ...]
    following: tuple[ListingRequest, ...] = ()
    offers: tuple[NamedListing, ...] = ()
    """Other listings, to be judged by their names: the tree of columns that a script draws."""
    ends: bool = False
    """An empty page that is the regular end, in a family that tells no total."""
    shell: bool = False
    """The list itself comes with what follows: entries shown here are beside it."""
    claimed: int = 0
    """Entries that the whole column has by the page's own count; 0 where it tells none."""
    debris: int = 0
    """Records of the page that lead nowhere and are no entries; the site's count has them."""


@dataclass(frozen=True)
class Page:
    """A fetched page: the address that answered, its text, and the form it was asked for with.

    The address keeps its fragment, by which some families choose a column.
    """

    url: str
    text: str
    form: tuple[tuple[str, str], ...] = ()

    @cached_property
    def data(self) -> Any:
        """The page as JSON, read leniently; None if it is anything else."""
        return loose_json.parse(self.text)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed page. Scripts and comments stay raw text, as browsers see them."""
        return LexborHTMLParser(self.text)

    @cached_property
    def anchors(self) -> list[tuple[LexborNode, Mapping[str, str | None]]]:
        """Every anchor that has an address, with its attributes. Every family looks, and to ask
        the tree for attributes takes as long as to find the anchor."""
        return [(node, node.attributes) for node in self.tree.css("a[href]")]

    @cached_property
    def addresses(self) -> str:
        """The addresses of all anchors as written, one a line."""
        return "\n".join([given["href"] or "" for _, given in self.anchors])

    @cached_property
    def origin(self) -> str:
        """Scheme and host, as in ``http://www.fz.gov.cn``."""
        scheme, host, *_ = urlsplit(self.url)
        return f"{scheme}://{host}"

    @cached_property
    def folder(self) -> str:
        """The address up to its last slash: what a mere file name is put behind."""
        return self.origin + (urlsplit(self.url).path.rpartition("/")[0] + "/")

    @cached_property
    def shows_dates(self) -> bool:
        """Whether there is a date anywhere in the page's text: most pages on the way have none."""
        body = self.tree.body
        return body is not None and DATE.search(body.text()) is not None


class Family(Protocol):
    """A CMS family. Modules of this package satisfy it."""

    name: str

    def recognises(self, page: Page) -> bool:
        """True if the page is a listing made by this family."""
        ...

    def listing(self, page: Page) -> Listing:
        """Entries and further requests of a listing page, first or later."""
        ...


class Searching(Protocol):
    """A family whose sites have a search that can be asked."""

    name: str

    def search(self, page: Page, words: str) -> ListingRequest | None:
        """The request for what the site's own search finds, titles first and newest first where
        it can; None if the page does not show how to ask. ``listing`` reads the answer."""
        ...


def entries_in(page: Page, root: LexborNode | None = None) -> Iterator[Entry]:
    """Every dated link below ``root`` (default: the page), in page order."""
    if not page.shows_dates:
        return
    anchors = root.css("a[href]") if root else [anchor for anchor, _ in page.anchors]
    for anchor in anchors:
        date = _date_beside(anchor)
        if date and (entry := entry_of(page, anchor, date)):
            yield entry


def entry_of(page: Page, anchor: LexborNode, date: str | None) -> Entry | None:
    """The entry a link makes, or None if it leads nowhere or has no name."""
    url = absolute(page, anchor.attributes.get("href") or "")
    title = _full_title(anchor)
    return Entry(url, title, date) if url and title else None


def absolute(page: Page, href: str) -> str | None:
    """The http(s) address that a link of the page leads to; None if it leads nowhere."""
    href = href.strip()
    if href.startswith(_NOWHERE):
        return None
    if is_plain(href):
        return page.origin + href  # as the library has it, in a tenth of the time
    if below := _BELOW.fullmatch(href):
        return page.folder + below[1]  # likewise
    # What does not depend on the page's own path is the same all over a site, and remembered.
    return _joined(page.origin, href) if _WHOLE.match(href) else _join(page.url, href)


def is_plain(href: str) -> bool:
    """A path from the root with nothing in it to be resolved or put right: it goes behind the
    origin as it is."""
    return _PLAIN.fullmatch(href) is not None


def _join(base: str, href: str) -> str | None:
    href = href.encode("utf-8", "replace").decode()
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        leads = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return url if href and not href.startswith("#") and leads else None


_joined = lru_cache(maxsize=16_384)(_join)


def entries_with(page: Page, articles: Iterable[LexborNode]) -> tuple[Entry, ...]:
    """The dated links, and a family's own articles also where they show no date."""
    found = {entry.url: entry for entry in entries_in(page)}
    for entry in filter(None, (entry_of(page, anchor, None) for anchor in articles)):
        found.setdefault(entry.url, entry)
    return tuple(found.values())


def links(page: Page, pattern: re.Pattern[str]) -> list[LexborNode]:
    """The links whose address, as written, shows a pattern. Most pages have none of a family's:
    all addresses are looked through at once before each is."""
    if not _by_lines(pattern).search(page.addresses):
        return []
    return [node for node, given in page.anchors if pattern.search(given["href"] or "")]


@lru_cache(maxsize=64)
def _by_lines(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(pattern.pattern, pattern.flags | re.MULTILINE)


def later_pages(here: int, last: int) -> range:
    """The numbers of the pages after this one, up to the last that is believed."""
    return range(here + 1, min(last, here + MOST_PAGES) + 1)


def iso_date(text: str) -> str | None:
    """The last date in a text, as ISO 8601; white space inside it is forgiven."""
    if "20" not in text:  # most texts beside a link
        return None
    for year, month, day in reversed(DATE.findall(text)):
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return f"{year}-{int(month):02}-{int(day):02}"
    return None


def _full_title(anchor: LexborNode) -> str:
    """The title attribute where it says more than the text, which listings cut short."""
    shown = " ".join(anchor.text(separator=" ").split())
    shown = _OUTER_DATE.sub("", shown).strip()
    full = " ".join((anchor.attributes.get("title") or "").split())
    return full if len(full) >= len(shown) or (is_cut(shown) and full) else shown


def _date_beside(anchor: LexborNode) -> str | None:
    """The date printed with a link: after it, before it, or inside it as a part of its own.

    Siblings are read up to the next link, then those of the parent, within one list item.
    """
    node: LexborNode | None = anchor
    for _ in range(4):
        if node is None or node.tag in _LISTS:
            break
        for sibling in (_siblings(node, forward=True), _siblings(node, forward=False)):
            if date := iso_date(sibling):
                return date
        node = node.parent
    return next(filter(None, (iso_date(part.text()) for part in anchor.css("*")[1:])), None)


def _siblings(node: LexborNode, *, forward: bool) -> str:
    """Text beside a node, up to the next sibling that holds a link of its own."""
    texts: list[str] = []
    other = node.next if forward else node.prev
    while other is not None and len(texts) < 12:
        if other.tag == "a" or (other.tag != "-text" and other.css_first("a[href]") is not None):
            break
        texts.append(other.text())
        other = other.next if forward else other.prev
    return "\n".join(texts if forward else reversed(texts))
