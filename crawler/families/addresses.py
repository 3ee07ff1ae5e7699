"""Where the links of a page lead.

Every link of every page is asked, so the usual ones are put together without the library, which
takes ten times as long.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from crawler.families.base import Page

_WHOLE = re.compile(r"(//?|https?://)[^/?#]")
_PLAIN = re.compile(r"(/[\w~%-][\w~%.-]*)+/?(\?[\w~%.=&/-]+)?", re.ASCII)
_BELOW = re.compile(
    r"(?:\./)?([\w~%-][\w~%.-]*(?:/[\w~%-][\w~%.-]*)*/?(?:\?[\w~%.=&/-]+)?)", re.ASCII
)
_NOWHERE = ("#", "javascript:")


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


def links(page: Page, pattern: re.Pattern[str]) -> list[LexborNode]:
    """The links whose address, as written, shows a pattern. Most pages have none of a family's:
    all addresses are looked through at once before each is."""
    if not _by_lines(pattern).search(page.addresses):
        return []
    return [node for node, given in page.anchors if pattern.search(given["href"] or "")]


@lru_cache(maxsize=64)
def _by_lines(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(pattern.pattern, pattern.flags | re.MULTILINE)
