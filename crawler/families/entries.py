"""The entries that a listing shows: links with their fullest titles and the dates beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborNode

from crawler.families.addresses import absolute
from crawler.families.base import DATE, Entry, Page
from crawler.screening import is_cut

_BARE_DATE = rf"[\[(]?{DATE.pattern}日?[\])]?"
_OUTER_DATE = re.compile(rf"^{_BARE_DATE}\s|\s{_BARE_DATE}$")
_LISTS = frozenset({"ul", "ol", "table", "tbody", "body", "html", "nav", "dl", "form"})


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


def entries_with(page: Page, articles: Iterable[LexborNode]) -> tuple[Entry, ...]:
    """The dated links, and a family's own articles also where they show no date."""
    found = {entry.url: entry for entry in entries_in(page)}
    for entry in filter(None, (entry_of(page, anchor, None) for anchor in articles)):
        found.setdefault(entry.url, entry)
    return tuple(found.values())


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
