"""What every family answers: is this page mine, what does it list, and where does it go on.

A family is a pure function of a page's address and text. It never fetches: it says which
requests would bring the rest of the listing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.families import loose_json

DATE = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
MOST_PAGES = 1000
"""Pages of one column that are believed. A count beyond that is a mistake, or meant to hurt."""


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


def later_pages(here: int, last: int) -> range:
    """The numbers of the pages after this one, up to the last that is believed."""
    return range(here + 1, min(last, here + MOST_PAGES) + 1)
