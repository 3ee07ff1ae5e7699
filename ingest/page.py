"""HTML to lines: the page as paragraphs in reading order, and which of them are the article.

lexbor does the parsing, because libxml2 stops at a stray ``</html>`` and loses the body. One walk
over the tree, without recursion, so that a page nested 10,000 levels deep is only a page.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.seeds import SEEDS

ENOUGH_SHARE = 0.9
"""An element holds the article when it holds this share of the prose of its parent."""
PROSE_LENGTH = 30
"""A line counts as prose from this many unlinked characters on, if it has punctuation."""
SEAMS_SHOWN = 300
"""Characters up to which a line may be page furniture, whose parts style alone sets apart."""

_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_CJK_BREAK = re.compile(r"(?<=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])\n(?=[\u2e80-\u9fff])")
_PUNCTUATION = re.compile(r"[，。；、：,;:]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the page. ``element`` and ``row`` index the page's elements (-1: no table row).

    ``linked`` counts the characters inside links. ``seamed`` is the text with a space wherever one
    inline element ends and another begins: what stands apart on the screen by style alone.
    """

    text: str
    tag: str
    element: int
    row: int
    linked: int
    hrefs: tuple[tuple[str, str], ...] = ()
    seamed: str = ""

    @property
    def prose(self) -> int:
        """Characters that count as running text."""
        unlinked = len(self.text) - self.linked
        if unlinked < PROSE_LENGTH or not _PUNCTUATION.search(self.text):
            return 0
        return unlinked


@dataclass(frozen=True, slots=True)
class Page:
    """A page in reading order; the article is ``blocks[start:end]``.

    ``metas`` maps lower-case meta names to their first non-empty content, ``title`` is the text of
    the <title> element, ``how`` says what evidence found the article.
    """

    blocks: tuple[Block, ...]
    start: int
    end: int
    metas: dict[str, str] = field(default_factory=dict)
    title: str | None = None
    how: str = ""

    @property
    def article(self) -> tuple[Block, ...]:
        """The article's lines."""
        return self.blocks[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Markup:
    """The facts of seeds/rules/page.toml."""

    skipped: frozenset[str]
    block: frozenset[str]
    leaves: frozenset[str]
    ids: frozenset[str]
    id_prefixes: tuple[str, ...]
    classes: frozenset[str]

    def is_container(self, node: LexborNode) -> bool:
        """Whether a content system keeps articles in an element of this id or class."""
        attributes = node.attributes
        identity = attributes.get("id") or ""
        if identity in self.ids or (identity and identity.startswith(self.id_prefixes)):
            return True
        names = attributes.get("class") or ""
        return not self.classes.isdisjoint(names.split())


@cache
def load_markup(seeds: Path = SEEDS) -> Markup:
    """Read seeds/rules/page.toml."""
    data = tomllib.loads((seeds / "rules" / "page.toml").read_text(encoding="utf-8"))
    markup, containers = data["markup"], data["containers"]
    return Markup(
        skipped=frozenset(markup["skipped"]),
        block=frozenset(markup["block"]),
        leaves=frozenset(markup["leaves"]),
        ids=frozenset(containers["ids"]),
        id_prefixes=tuple(containers["id_prefixes"]),
        classes=frozenset(containers["classes"]),
    )


def fold(text: str) -> str:
    """Characters as printed, with the source's line breaks and indents folded as a browser does."""
    text = _INVISIBLE.sub("", text)
    if "\n" in text:
        text = _CJK_BREAK.sub("", re.sub(r"[ \t]*\r?\n[ \t\r\n]*", "\n", text))
    return _SPACE.sub(" ", text.replace("\xa0", " ")).strip(" \u3000\u2002\u2003")


def read_text(text: str) -> Page:
    """A plain text file as a page: each line that is not empty is a block of the article."""
    lines = (fold(line) for line in text.splitlines())
    blocks = tuple(Block(line, "p", 0, -1, 0, seamed=line) for line in lines if line)
    return Page(blocks, 0, len(blocks), how="plain text")


def read_html(text: str, markup: Markup | None = None) -> Page:
    """An HTML page: its lines in reading order, meta tags, and where the article is."""
    facts = markup or load_markup()
    tree = LexborHTMLParser(text)
    walk = _Walk(facts)
    if tree.root is not None:
        walk.run(tree.root)
    start, end, how = _find_article(walk, facts)
    title = tree.css_first("title")
    return Page(
        blocks=tuple(walk.blocks),
        start=start,
        end=end,
        metas=_read_metas(tree),
        title=fold(title.text()) or None if title is not None else None,
        how=how,
    )


def _read_metas(tree: LexborHTMLParser) -> dict[str, str]:
    metas: dict[str, str] = {}
    for node in tree.css("meta[name]"):
        attributes = node.attributes
        name = (attributes.get("name") or "").strip().lower()
        content = fold(attributes.get("content") or "")
        if name and content:
            metas.setdefault(name, content)
    return metas


class _Walk:
    """One walk over the tree: collects block elements in document order, and lines of text."""

    def __init__(self, markup: Markup) -> None:
        self.markup = markup
        self.blocks: list[Block] = []
        self.nodes: list[LexborNode] = []
        self.parents: list[int] = []
        self.first: list[int] = []
        """For each element, the index of the first block at or after its start."""
        self.last: list[int] = []
        """For each element, one past its last block."""
        self._pieces: list[str] = []
        self._linked = 0
        self._hrefs: list[tuple[str, str]] = []
        self._current = -1
        self._row = -1
        self._tag = "body"

    def run(self, root: LexborNode) -> None:
        """Walk without recursion: ``open_nodes`` is the chain of ancestors still to be closed."""
        skipped, block = self.markup.skipped, self.markup.block
        open_nodes: list[tuple[LexborNode, bool, int, int]] = []
        links = 0
        node: LexborNode | None = root
        while node is not None:
            tag = node.tag or ""
            child: LexborNode | None = None
            if tag == "-text":
                self._add_text(node.text_content or "", links)
            elif tag == "br":
                self._flush()
            elif not tag.startswith(("-", "!")) and tag not in skipped:
                child = node.child
                is_block = tag in block
                if is_block:
                    outer = (self._current, self._row)
                    self._open(node, tag)
                else:
                    outer = (-1, -1)
                    if tag == "a":
                        links += 1
                        self._note_href(node)
                if child is not None:
                    open_nodes.append((node, is_block, *outer))
                    node = child
                    continue
                links -= self._close(tag, is_block, *outer)
            following = node.next
            while following is None and open_nodes:
                node, is_block, current, row = open_nodes.pop()
                links -= self._close(node.tag or "", is_block, current, row)
                following = node.next
            node = following
        self._flush()

    def _open(self, node: LexborNode, tag: str) -> None:
        self._flush()
        self.nodes.append(node)
        self.parents.append(self._current)
        self.first.append(len(self.blocks))
        self.last.append(-1)
        self._current = len(self.nodes) - 1
        if tag == "tr":
            self._row = self._current
        self._tag = tag

    def _close(self, tag: str, is_block: bool, current: int, row: int) -> int:
        if not is_block:
            return 1 if tag == "a" else 0
        self._flush()
        if tag in {"td", "th"} and self.first[self._current] == len(self.blocks):
            self.blocks.append(Block("", tag, self._current, self._row, 0))
        self.last[self._current] = len(self.blocks)
        self._current, self._row = current, row
        self._tag = (self.nodes[current].tag or "") if current >= 0 else "body"
        return 0

    def _note_href(self, node: LexborNode) -> None:
        href = node.attributes.get("href")
        if href and not href.lower().startswith(("javascript:", "#")):
            self._hrefs.append((fold(node.text()), href.strip()))

    def _add_text(self, text: str, links: int) -> None:
        self._pieces.append(text)
        if links:
            self._linked += len(text.strip())

    def _flush(self) -> None:
        if not self._pieces:
            return
        text = fold("".join(self._pieces))
        if text:
            apart = len(self._pieces) > 1 and len(text) <= SEAMS_SHOWN
            self.blocks.append(
                Block(
                    text,
                    self._tag,
                    max(self._current, 0),
                    self._row,
                    self._linked,
                    tuple(self._hrefs),
                    fold(_SPACE.sub(" ", " ".join(self._pieces))) if apart else text,
                )
            )
        self._pieces.clear()
        self._hrefs.clear()
        self._linked = 0


def _find_article(walk: _Walk, markup: Markup) -> tuple[int, int, str]:
    """Blocks [start, end) of the article, by a known container or by where the prose is."""
    if not walk.nodes:
        return 0, len(walk.blocks), "no elements"
    weights = _weigh(walk)
    path = list(_descend(walk, markup, weights))
    known = [index for index in path if markup.is_container(walk.nodes[index])]
    if known:
        chosen, how = known[0], "known container"
    else:
        small = _small_container(walk, markup, weights[path[-1]])
        chosen, how = (small, "known container") if small is not None else (path[-1], "prose")
    return walk.first[chosen], walk.last[chosen], how


def _weigh(walk: _Walk) -> list[int]:
    """Prose characters below each element; parents come before children, so one pass back does."""
    weights = [0] * len(walk.nodes)
    for block in walk.blocks:
        weights[block.element] += block.prose
    for index in range(len(weights) - 1, 0, -1):
        weights[walk.parents[index]] += weights[index]
    return weights


def _descend(walk: _Walk, markup: Markup, weights: Sequence[int]) -> Iterator[int]:
    """From the root down, as long as one child holds nearly all the prose (or repeats it)."""
    children: dict[int, list[int]] = {}
    for index, parent in enumerate(walk.parents):
        children.setdefault(parent, []).append(index)
    current = 0
    while True:
        yield current
        inner = [i for i in children.get(current, ()) if walk.nodes[i].tag not in markup.leaves]
        best = max(inner, key=lambda i: weights[i], default=None)
        if best is None or not weights[best]:
            return
        if weights[best] < ENOUGH_SHARE * weights[current] and not _repeats(walk, current, best):
            return
        current = best


def _repeats(walk: _Walk, parent: int, child: int) -> bool:
    """Whether the prose of ``parent`` outside ``child`` is a second copy of the child's."""
    own = {b.text for b in walk.blocks[walk.first[child] : walk.last[child]] if b.prose}
    other = [
        block
        for index in (
            *range(walk.first[parent], walk.first[child]),
            *range(walk.last[child], walk.last[parent]),
        )
        if (block := walk.blocks[index]).prose
    ]
    total = sum(block.prose for block in other)
    copied = sum(block.prose for block in other if block.text in own)
    return bool(total > 0 and copied >= ENOUGH_SHARE * total)


def _small_container(walk: _Walk, markup: Markup, most: int) -> int | None:
    """A known container off the path: a short cover note beside a page full of other prose."""
    for index, node in enumerate(walk.nodes):
        if markup.is_container(node):
            lines = walk.blocks[walk.first[index] : walk.last[index]]
            if most < 2000 and any(len(line.text) - line.linked >= PROSE_LENGTH for line in lines):
                return index
    return None
