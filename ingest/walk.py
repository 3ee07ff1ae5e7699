"""One walk over the tree: block elements in document order, and the lines of text in them.

Without recursion, so that a page nested 10,000 levels deep is only a page. An article kept in a
script's string is walked as if it stood where the script stands.
"""

from __future__ import annotations

from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.blocks import Block, fold, fold_spaces
from ingest.markup import Markup
from ingest.scripted import scripted_article

SEAMS_SHOWN = 300
"""Characters up to which a line may be page furniture, whose parts style alone sets apart."""
LONGEST_LINK = 500
"""Characters of a link's text that are kept; a link round half a page is no name of a file."""


class _Spot(NamedTuple):
    """Where the walk is: the innermost block element, table row and cell."""

    element: int = -1
    tag: str = "body"
    row: int = -1
    cell: int = -1


class Walk:
    """A page taken apart. The lists ``nodes``, ``parents``, ``first`` and ``last`` run in step."""

    def __init__(self, markup: Markup) -> None:
        self.markup = markup
        self.blocks: list[Block] = []
        self.nodes: list[LexborNode] = []
        """The block elements, parents before children."""
        self.parents: list[int] = []
        self.first: list[int] = []
        """For each element, the index of the first block at or after its start."""
        self.last: list[int] = []
        """For each element, one past its last block."""
        self._trees: list[LexborHTMLParser] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._hrefs: list[tuple[str, str]] = []
        self._spot = _Spot()

    def run(self, tree: LexborHTMLParser) -> None:
        """Walk a tree; ``open_nodes`` is the chain of ancestors still to be closed."""
        self._trees.append(tree)  # a node lives only as long as its tree
        open_nodes: list[tuple[LexborNode, _Spot | None]] = []
        links = 0
        node: LexborNode | None = tree.root
        while node is not None:
            tag = node.tag or ""
            if tag == "-text":
                text = node.text_content or ""
                if self._pieces or not text.isspace():  # indentation begins no line
                    self._add_text(text, links)
            elif tag == "br":
                self._flush()
            elif tag == "script":
                self._read_script(node)
            elif not tag.startswith(("-", "!")) and tag not in self.markup.skipped:
                links += tag == "a"
                opened = self._enter(node, tag)
                if node.child is not None:
                    open_nodes.append(opened)
                    node = node.child
                    continue
                links -= self._leave(*opened)
            following = node.next
            while following is None and open_nodes:
                opened = open_nodes.pop()
                links -= self._leave(*opened)
                following = opened[0].next
            node = following
        self._flush()

    def _enter(self, node: LexborNode, tag: str) -> tuple[LexborNode, _Spot | None]:
        """Open an element; with it, where the walk was if the element is a block."""
        if tag not in self.markup.block:
            if tag == "a":
                self._note_href(node)
            return node, None
        self._flush()
        outer = self._spot
        self.nodes.append(node)
        self.parents.append(outer.element)
        self.first.append(len(self.blocks))
        self.last.append(-1)
        element = len(self.nodes) - 1
        row = element if tag == "tr" else outer.row
        cell = element if tag in {"td", "th"} else outer.cell
        self._spot = _Spot(element, tag, row, cell)
        return node, outer

    def _leave(self, node: LexborNode, outer: _Spot | None) -> int:
        """Close an element; 1 if it was a link."""
        if outer is None:
            return int(node.tag == "a")
        self._flush()
        spot, self._spot = self._spot, outer
        if spot.cell == spot.element and self.first[spot.element] == len(self.blocks):
            self.blocks.append(Block("", spot.tag, spot.element, spot.row, spot.cell, 0))
        self.last[spot.element] = len(self.blocks)
        return 0

    def _read_script(self, node: LexborNode) -> None:
        article = scripted_article(node.text()) if len(self._trees) == 1 else None
        if article is None:
            return
        inner = LexborHTMLParser(article)
        outer = self._enter(node, "div")
        self.run(inner)
        self._leave(*outer)

    def _note_href(self, node: LexborNode) -> None:
        href = node.attributes.get("href")
        if href and not href.lower().startswith(("javascript:", "#")):
            self._hrefs.append((fold(node.text()[:LONGEST_LINK]), href.strip()))

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
            seamed = fold(fold_spaces(" ".join(self._pieces))) if apart else text
            spot, hrefs, element = self._spot, tuple(self._hrefs), max(self._spot.element, 0)
            self.blocks.append(
                Block(text, spot.tag, element, spot.row, spot.cell, self._linked, hrefs, seamed)
            )
        self._pieces.clear()
        self._hrefs.clear()
        self._linked = 0
