"""HTML or plain text to a page: lines in reading order, meta tags, and which lines are the article.

lexbor does the parsing, because libxml2 stops at a stray ``</html>`` and loses the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.blocks import Block, fold
from ingest.locate import find_article
from ingest.markup import Markup, load_markup
from ingest.prose import prose_length
from ingest.walk import Walk

_VIEWER = re.compile(
    r"[?&](?:file|url|src|path)=(?P<file>[^&#]+\.(?:pdf|ofd|docx?|wps))(?=$|[&#])", re.IGNORECASE
)
_PRE = re.compile(rb"<pre[\s>](?:(?!</pre).)*+", re.IGNORECASE | re.DOTALL)
_ORNAMENT = re.compile(
    r"^data:|qr|ewm|erweima|wechat|weixin|logo|icon|print|share|arrow|btn|button|blank|spacer|"
    r"banner|loading|\.(?:gif|svg|ico)(?:$|[?#])",
    re.IGNORECASE,
)
"""Addresses of pictures that are no pages of a document."""
LINKS_BELOW = 15
"""Lines below the article whose links may be its attachments."""
LONGEST_LINK = 500
"""Characters of a link's text that are kept; a link round half a page is no name of a file."""


class Link(NamedTuple):
    """A link: the index of its block among the page's, its text and its target."""

    block: int
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page in reading order; the article is ``blocks[start:end]``.

    ``links`` are the links in the article and right below it, in page order.
    ``pictures`` are those in an article without running text: a document may be scanned.
    ``metas`` maps lower-case meta names to their first non-empty content, and ``script title``,
    ``script date`` and ``script source`` to what the script that keeps the article says of it;
    ``title`` is the text of the <title> element, ``how`` says what evidence found the article.
    """

    blocks: tuple[Block, ...]
    start: int
    end: int
    metas: dict[str, str] = field(default_factory=dict)
    title: str | None = None
    how: str = ""
    links: tuple[Link, ...] = ()
    pictures: tuple[Link, ...] = ()

    @property
    def article(self) -> tuple[Block, ...]:
        """The article's lines."""
        return self.blocks[self.start : self.end]


def read_text(text: str) -> Page:
    """A plain text file as a page: each line that is not empty is a block of the article."""
    lines = (fold(line) for line in text.splitlines())
    blocks = tuple(
        Block(line, "p", 0, -1, -1, 0, line, prose_length(line, 0)) for line in lines if line
    )
    return Page(blocks, 0, len(blocks), how="plain text")


def read_html(text: str | bytes, markup: Markup | None = None) -> Page:
    """An HTML page: its lines in reading order, meta tags, and where the article is.

    Bytes must be UTF-8 without a mark; lexbor works on UTF-8, so they spare it a conversion.
    """
    facts = markup or load_markup()
    tree = LexborHTMLParser(_with_breaks(text))
    walk = Walk(facts)
    walk.run(tree)
    element = tree.css_first("title")
    title = fold(element.text()) or None if element is not None else None
    start, end, how = find_article(walk, facts, title)
    links = tuple(_read_links(walk, start, end + LINKS_BELOW))
    pictures = tuple(_read_pictures(walk, start, end))
    blocks = tuple(walk.blocks)
    metas = _read_metas(tree) | {f"script {name}": value for name, value in walk.facts.items()}
    return Page(blocks, start, end, metas, title, how, links, pictures)


def _with_breaks(text: str | bytes) -> str | bytes:
    """In a <pre> the source's line breaks are lines on the screen too."""
    if isinstance(text, bytes):
        if b"<pre" in text or b"<PRE" in text:
            return _PRE.sub(lambda match: match[0].replace(b"\n", b"<br>"), text)
    elif "<pre" in text or "<PRE" in text:
        whole = _with_breaks(text.encode("utf-8", "surrogatepass"))
        return whole.decode("utf-8", "surrogatepass") if isinstance(whole, bytes) else whole
    return text


def _read_links(walk: Walk, start: int, end: int) -> Iterator[Link]:
    for index, node in walk.anchors:
        if not start <= index < end or node.tag == "img":
            continue
        href = _target(node)
        if href and not href.lower().startswith(("javascript:", "#")):
            yield Link(index, fold(node.text()[:LONGEST_LINK]) if node.tag == "a" else "", href)


def _read_pictures(walk: Walk, start: int, end: int) -> Iterator[Link]:
    if any(block.prose for block in walk.blocks[start:end]):
        return
    for index, node in walk.anchors:
        if start <= index <= end and node.tag == "img":
            source = (node.attributes.get("src") or "").strip()
            if source and not _ORNAMENT.search(source):
                yield Link(index, fold(node.attributes.get("alt") or ""), source)


def _target(node: LexborNode) -> str:
    """Where a link leads, or which file a frame shows: itself, or in a viewer that is told of it
    (/pdfjs/web/viewer.html?file=/files/1.pdf)."""
    attributes = node.attributes
    if (href := attributes.get("href")) is not None:
        return href.strip()
    source = (attributes.get("src") or attributes.get("data") or "").strip()
    shown = _VIEWER.search(source)
    return unquote(shown["file"]) if shown else source


def _read_metas(tree: LexborHTMLParser) -> dict[str, str]:
    metas: dict[str, str] = {}
    for node in tree.css("meta[name], meta[property]"):
        attributes = node.attributes
        name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
        content = fold(attributes.get("content") or "")
        if name and content:
            metas.setdefault(name, content)
    return metas
