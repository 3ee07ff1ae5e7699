"""The links of a page as people see them: each with the name that says where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from crawler.families import Page
from crawler.families.addresses import absolute

_MORE = re.compile(r"^[\s>»+.…\[(【]*(查看|阅读|点击)?(更多|more)?[\s>»+.…\])】]*$", re.IGNORECASE)
_HEADING = 24
"""Characters of a box's heading; a longer text beside a "more" is not one."""
_CRUMBS = re.compile(r"位置\s*[:：]?|^\s*首\s*页\s*[>＞»›/\-]")
_CRUMBS_LENGTH = 160
_ARTICLE = re.compile(
    r"""/t20\d{6}_\d+\w*\.s?html?$ | /art(_|/20)\S*\.html?$ | /(content|post|article)_\d{4,}
    | /info/\d+/\d+\.html?$ | /[0-9a-f]{32}\.s?html?$ | /\d{17,}\.html?$ | /20\d{4}/\d+\.s?html?$
    | /20\d\d[-/]?\d\d[-/]\d\d/ | \.(pdf|docx?|xlsx?|zip|rar|ofd|jpe?g|png|gif|mp4|wps|apk|exe)$
    | /show-\d+ | /public/\d+/\d+\.html | /20\d{4}/\d\d/ | /\d{5,}\.s?html?$""",
    re.VERBOSE | re.IGNORECASE,
)
"""Shapes of article addresses of the families, and files."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link leads, and the words that say so."""

    url: str
    name: str

    @property
    def slug(self) -> str:
        """The last telling part of the path: ``fzzfjsndbg`` of ``/zwgk/fzzfjsndbg/index.html``."""
        return slug_of(self.url)

    @property
    def to_article(self) -> bool:
        """True if the address has the shape of an article's or a file's, not of a column's."""
        return looks_like_article(self.url)


def links_of(page: Page, judged: set[tuple[str, str]] | None = None) -> Iterator[Link]:
    """Every link that leads somewhere: anchors, areas, choices of a menu.

    ``judged`` holds the links that were given out before and need no second look, as written
    (menus and footers are the same on every page); it is added to. Years are always given out:
    what they are worth depends on the page.
    """
    seen = set() if judged is None else judged
    for node, given in (*page.anchors, *_areas(page)):
        href, name = given["href"] or "", _name(node, given)
        if (href, name) in seen:
            continue
        if href.startswith(("/", "http")) and not name[:4].isdecimal():
            seen.add((href, name))
        if url := absolute(page, href):
            yield Link(url, name)
    for node in page.tree.css("option[value]"):
        value = (node.attributes.get("value") or "").strip()
        if value.startswith(("http://", "https://", "/", "./")) and (url := absolute(page, value)):
            yield Link(url, node.text().strip())


def _areas(page: Page) -> list[tuple[LexborNode, Mapping[str, str | None]]]:
    return [(node, node.attributes) for node in page.tree.css("area[href]")]


def frames_of(page: Page) -> Iterator[str]:
    """Addresses of the frames a page is made of: catalogues are often drawn in one."""
    for node in page.tree.css("iframe[src], frame[src]"):
        if url := absolute(page, node.attributes.get("src") or ""):
            yield url


def crumbs_of(page: Page) -> list[Link]:
    """The trail from the front page to an article's column, front page left out, column last."""
    for node in page.tree.css("div, p, ul, ol, td, span, nav, section"):
        text = node.text()
        if len(text) > _CRUMBS_LENGTH * 4 or not _CRUMBS.search(text):
            continue
        if len(" ".join(text.split())) > _CRUMBS_LENGTH:
            continue
        anchors = node.css("a[href]")
        trail = [
            Link(url, " ".join(anchor.text().split()))
            for anchor in anchors
            if (url := absolute(page, anchor.attributes.get("href") or ""))
        ]
        trail = [link for link in trail if urlsplit(link.url).path.strip("/") and link.name]
        if trail and not any(link.to_article for link in trail):
            return trail
    return []


def column_of_article(url: str) -> str | None:
    """The column that an article's own address names, in the families whose addresses do."""
    if found := re.search(r"/art/20\d\d/\d+/\d+/art_(\d+)_\d+\.html", url):
        return urljoin(url, f"/col/col{found[1]}/index.html")
    if re.search(r"/20\d{4}/t20\d{6}_\d+\w*\.s?html?$", url):
        return urljoin(url, "../")
    if found := re.search(r"^(.*/col/col\d+/)art/20\d\d/art_", url):
        return found[1] + "index.html"
    return None


def slug_of(url: str) -> str:
    """See ``Link.slug``."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    while parts and re.match(r"(index|list|default|common_list|nav_list)\b", parts[-1]):
        parts.pop()
    return parts[-1].partition(".")[0] if parts else ""


def looks_like_article(url: str) -> bool:
    """See ``Link.to_article``."""
    return _ARTICLE.search(urlsplit(url).path) is not None


def _name(anchor: LexborNode, attributes: Mapping[str, str | None]) -> str:
    """The title attribute or the text; of a "more" and of an image the heading of their box."""
    name = " ".join(anchor.text().split())
    if title := attributes.get("title"):
        name = max(name, " ".join(title.split()), key=len)
    if not _MORE.match(name):
        return name
    image = anchor.css_first("img[alt]")
    described = (image.attributes.get("alt") or "").strip() if image else ""
    return described or _heading_beside(anchor)


def _heading_beside(anchor: LexborNode) -> str:
    """The short text before a "more", in its parent or the one above."""
    node: LexborNode | None = anchor
    for _ in range(3):
        if node is None or node.tag == "body":
            return ""
        other = node.prev
        while other is not None:
            text = " ".join(other.text().split()) if other.tag != "-comment" else ""
            if text and not _MORE.match(text):
                return text if len(text) <= _HEADING else ""
            other = other.prev
        node = node.parent
    return ""
