"""One walk over the tree: block elements in document order, and the lines of text in them.

Without recursion, so that a page nested 10,000 levels deep is only a page. An article kept in a
script's string is walked as if it stood where the script stands.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.blocks import Block, fold, fold_spaces
from ingest.markup import Deed, Markup
from ingest.scripted import scripted_article

SEAMS_SHOWN = 300
"""Characters up to which a line may be page furniture, whose parts style alone sets apart."""

TEXT, SKIP, BREAK, SCRIPT = Deed.TEXT, Deed.SKIP, Deed.BREAK, Deed.SCRIPT
INLINE, LINK, BLOCK, ROW, CELL = Deed.INLINE, Deed.LINK, Deed.BLOCK, Deed.ROW, Deed.CELL


class Walk:
    """A page taken apart. The lists ``nodes``, ``parents``, ``first`` and ``last`` run in step."""

    def __init__(self, markup: Markup) -> None:
        self.markup = markup
        self.blocks: list[Block] = []
        self.anchors: list[tuple[int, LexborNode]] = []
        """Links, each with the index of the block it stands in."""
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
        self._current = self._row = self._cell = -1
        self._outer: list[tuple[int, int, int]] = []
        """For each open row and cell: its element, and the row and cell around it."""

    def run(self, tree: LexborHTMLParser) -> None:
        """Walk a tree; ``open_nodes`` is the chain of ancestors still to be closed."""
        self._trees.append(tree)  # a node lives only as long as its tree
        deeds, pieces = self.markup.deeds, self._pieces
        open_nodes: list[tuple[LexborNode, Deed]] = []
        links = 0
        node: LexborNode | None = tree.root
        while node is not None:
            deed = deeds.get(node.tag or "", INLINE)
            if deed is TEXT:
                text = node.text_content or ""
                if pieces or not text.isspace():  # indentation begins no line
                    pieces.append(text)
                    if links:
                        self._linked += len(text.strip())
            elif deed >= INLINE:
                links += deed is LINK
                if deed >= LINK:
                    self._enter(node, deed)
                child = node.child
                if child is not None:
                    open_nodes.append((node, deed))
                    node = child
                    continue
                links -= deed is LINK
                if deed >= BLOCK:
                    self._leave()
            elif deed is not SKIP:
                self._interrupt(node, deed)
            following = node.next
            while following is None and open_nodes:
                node, deed = open_nodes.pop()
                links -= deed is LINK
                if deed >= BLOCK:
                    self._leave()
                following = node.next
            node = following
        self._flush()

    def _enter(self, node: LexborNode, deed: Deed) -> None:
        """Open a block element, or note a link."""
        if deed is LINK:
            self.anchors.append((len(self.blocks), node))
            return
        if self._pieces:
            self._flush()
        element = len(self.nodes)
        self.nodes.append(node)
        self.parents.append(self._current)
        self.first.append(len(self.blocks))
        self.last.append(-1)
        self._current = element
        if deed is not BLOCK:
            self._outer.append((element, self._row, self._cell))
            self._row, self._cell = (element, self._cell) if deed is ROW else (self._row, element)

    def _leave(self) -> None:
        """Close the innermost block element; an empty cell is a line, since it is a value."""
        if self._pieces:
            self._flush()
        element = self._current
        if self._cell == element and self.first[element] == len(self.blocks):
            tag = self.nodes[element].tag or ""
            self.blocks.append(Block("", tag, element, self._row, element, 0))
        self.last[element] = len(self.blocks)
        self._current = self.parents[element]
        if self._outer and self._outer[-1][0] == element:
            _, self._row, self._cell = self._outer.pop()

    def _interrupt(self, node: LexborNode, deed: Deed) -> None:
        """A line break, or a script, which may hold the article."""
        if deed is BREAK:
            self._flush()
            return
        article = scripted_article(node.text()) if len(self._trees) == 1 else None
        if article is not None:
            inner = LexborHTMLParser(article)
            self._enter(node, BLOCK)
            self.run(inner)
            self._leave()

    def _flush(self) -> None:
        """End the line."""
        pieces = self._pieces
        text = fold("".join(pieces)) if pieces else ""
        if text:
            apart = len(pieces) > 1 and len(text) <= SEAMS_SHOWN
            seamed = fold(fold_spaces(" ".join(pieces))) if apart else text
            at = self._current
            tag = (self.nodes[at].tag or "") if at >= 0 else "body"
            self.blocks.append(
                Block(text, tag, max(at, 0), self._row, self._cell, self._linked, seamed)
            )
        pieces.clear()
        self._linked = 0
