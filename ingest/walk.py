"""One walk over the tree: block elements in document order, and the lines of text in them.

Without recursion, so that a page nested 10,000 levels deep is only a page. An article kept in a
script's string is walked as if it stood where the script stands.

Half of the chain's time was once spent here, so the walk asks each node for as little as it can:
a tag is known by its number, whose name is asked for once a page.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.blocks import Block, fold, fold_seams
from ingest.markup import Deed, Markup
from ingest.prose import prose_length
from ingest.scripted import scripted_article, scripted_facts

SEAMS_SHOWN = 300
"""Characters up to which a line may be page furniture, whose parts style alone sets apart."""

new_tuple = tuple.__new__
"""Makes a Block of a line in half the time that its own constructor takes."""

# Plain numbers, since those of an enumeration are compared three times as slowly.
TEXT, SKIP, BREAK, SCRIPT, FRAME, INLINE, LINK, BLOCK, ROW, CELL = map(int, Deed)


class Walk:
    """A page taken apart. The lists ``nodes``, ``tags``, ``parents``, ``first`` and ``last`` run in
    step."""

    def __init__(self, markup: Markup) -> None:
        self.markup = markup
        self.blocks: list[Block] = []
        self.anchors: list[tuple[int, LexborNode]] = []
        """Links, frames and pictures, each with the index of the block it stands in."""
        self.facts: dict[str, str] = {}
        """What the script that keeps the article says of it: title, date, source."""
        self.nodes: list[LexborNode] = []
        """The block elements, parents before children."""
        self.tags: list[str] = []
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
        deeds: dict[int, int] = {}
        pieces = self._pieces
        open_nodes: list[tuple[LexborNode, int]] = []
        links = 0
        node: LexborNode | None = tree.root
        while node is not None:
            number = node.tag_id
            deed = deeds.get(number)
            if deed is None:
                deed = deeds[number] = int(self.markup.deeds.get(node.tag or "", INLINE))
            if deed == TEXT:
                text = node.text_content or ""
                if pieces or not text.isspace():  # indentation begins no line
                    pieces.append(text)
                    if links:
                        self._linked += len(text.strip())
            elif deed >= INLINE:
                if deed >= BLOCK:
                    self._enter(node, deed)
                elif deed == LINK:
                    links += 1
                    self.anchors.append((len(self.blocks), node))
                child = node.first_child
                if child is not None:
                    open_nodes.append((node, deed))
                    node = child
                    continue
                if deed >= BLOCK:
                    self._leave()
                links -= deed == LINK
            elif deed != SKIP:
                self._interrupt(node, deed)
            following = node.next
            while following is None and open_nodes:
                node, deed = open_nodes.pop()
                if deed >= BLOCK:
                    self._leave()
                elif deed == LINK:
                    links -= 1
                following = node.next
            node = following
        self._flush()

    def _enter(self, node: LexborNode, deed: int) -> None:
        """Open a block element."""
        if self._pieces:
            self._flush()
        element = len(self.nodes)
        self.nodes.append(node)
        self.tags.append(node.tag or "")
        self.parents.append(self._current)
        self.first.append(len(self.blocks))
        self.last.append(-1)
        self._current = element
        if deed != BLOCK:
            self._outer.append((element, self._row, self._cell))
            self._row, self._cell = (element, self._cell) if deed == ROW else (self._row, element)

    def _leave(self) -> None:
        """Close the innermost block element; an empty cell is a line, since it is a value."""
        if self._pieces:
            self._flush()
        element = self._current
        if self._cell == element and self.first[element] == len(self.blocks):
            self.blocks.append(Block("", self.tags[element], element, self._row, element, 0))
        self.last[element] = len(self.blocks)
        self._current = self.parents[element]
        if self._outer and self._outer[-1][0] == element:
            _, self._row, self._cell = self._outer.pop()

    def _interrupt(self, node: LexborNode, deed: int) -> None:
        """A line break; a frame or picture, which may show a document; a script, likewise."""
        if deed == BREAK:
            self._flush()
            return
        if deed == FRAME:
            self.anchors.append((len(self.blocks), node))
            return
        script = node.text() if len(self._trees) == 1 else ""
        article = scripted_article(script)
        if article is not None:
            self.facts = self.facts or scripted_facts(script, article)
            inner = LexborHTMLParser(article)
            self._enter(node, BLOCK)
            self.run(inner)
            self._leave()

    def _flush(self) -> None:
        """End the line."""
        pieces = self._pieces
        if not pieces:
            self._linked = 0
            return
        one = len(pieces) == 1
        text = fold(pieces[0] if one else "".join(pieces))
        if text:
            seamed = text if one or len(text) > SEAMS_SHOWN else fold_seams(pieces)
            element, linked = self._current, self._linked
            tag = self.tags[element] if element >= 0 else "body"
            prose = prose_length(text, linked)
            line = (text, tag, max(element, 0), self._row, self._cell, linked, seamed, prose)
            self.blocks.append(new_tuple(Block, line))
        pieces.clear()
        self._linked = 0
