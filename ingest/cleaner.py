"""The article's lines to body, fields and removals: nothing leaves the article without a name.

Every line of the article becomes one or more ``Piece``s, whose texts joined again are the article.
The body runs from its first paragraph to the signature inclusive. What stands before and after is
a field, or furniture by a rule of seeds/rules, or a removal that says where it stood.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.addressee import split_addressee
from ingest.article import Line, read_lines, split_copies
from ingest.blocks import Block
from ingest.bounds import body_end, body_start
from ingest.head import NO_WORDS, IsTitle, Titles, judge_head
from ingest.lines import Item
from ingest.pieces import Cleaned, Piece, Place
from ingest.reader import Reader
from ingest.shapes import squeeze
from ingest.tables import read_table

LONGEST_CELL = 60
"""Characters of a cell of a data table; longer cells are paragraphs set in a table."""


def clean(
    blocks: Sequence[Block], reader: Reader, titles: Sequence[str], is_title: IsTitle
) -> Cleaned:
    """Take an article apart.

    ``titles`` are the titles the page gives the document elsewhere (meta tag, headline); a line
    equal to one of them, or for which ``is_title`` holds, is no paragraph.
    """
    known = Titles(frozenset(squeeze(title) for title in titles), is_title)
    lines, copies = split_copies(read_lines(blocks, reader))
    start = body_start(lines, reader, known)
    end = body_end(lines, start)
    taken = _Taken(reader)
    taken.head(lines[:start], known)
    split = split_addressee(lines[start].text) if start < end else None
    if split is not None:
        taken.pieces.append(Piece(split[0], Place.FIELD, "addressee", split[0].rstrip("：: ")))
        lines[start] = lines[start]._replace(text=split[1])
    taken.body(lines[start:end])
    taken.tail(lines[end:])
    taken.pieces += [Piece(line.text, Place.REMOVED, "second-copy") for line in copies]
    return Cleaned(tuple(piece for piece in taken.pieces if piece.text), tuple(taken.items))


class _Taken:
    """The pieces and facts taken from an article, in page order."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.pieces: list[Piece] = []
        self.items: list[Item] = []

    def head(self, lines: Sequence[Line], titles: Titles) -> None:
        index = 0
        while index < len(lines):
            table = read_table(lines, index, self.reader)
            if table is not None:
                found, end = table
                self.items += found
                self.pieces += _table_pieces(found, lines[index:end])
                index = end
            elif lines[index].items:
                self._furniture(lines[index])
                index += 1
            else:
                pieces = judge_head(lines, index, titles)
                self.pieces += pieces
                index += len(pieces)

    def body(self, lines: Sequence[Line]) -> None:
        index = 0
        while index < len(lines):
            line = lines[index]
            cells = _data_row(lines, index) if line.row >= 0 else ()
            if cells:
                row = "\t".join(cell.text for cell in cells if cell.text)
                self.pieces.append(Piece(row, Place.BODY))
            elif line.glued or (line.items and all(item.rule.anywhere for item in line.items)):
                self._furniture(line)
            elif NO_WORDS.fullmatch(line.text):
                self.pieces.append(Piece(line.text, Place.REMOVED, "no-words"))
            else:
                self.pieces.append(Piece(line.text, Place.BODY))
            index += max(1, len(cells))

    def tail(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if line.items:
                self._furniture(line)
            else:
                rule = "no-words" if NO_WORDS.fullmatch(line.text) else "after-body"
                self.pieces.append(Piece(line.text, Place.REMOVED, rule))

    def _furniture(self, line: Line) -> None:
        """A line of items: a field if all give that field, else a removal naming its rules."""
        self.items += line.items
        fields = {item.rule.field for item in line.items}
        if "contacts" in fields:  # personal data: never among the removals, which all may read
            self.pieces.append(Piece(line.text, Place.FIELD, "contacts"))
            return
        if len(fields) == 1 and None not in fields:
            value = next((item.value for item in line.items if item.value), None)
            self.pieces.append(Piece(line.text, Place.FIELD, fields.pop() or "", value))
            return
        rules = dict.fromkeys(item.rule.id for item in line.items)
        self.pieces.append(Piece(line.text, Place.REMOVED, "+".join(rules) or "glued"))


def _data_row(lines: Sequence[Line], index: int) -> Sequence[Line]:
    """The cells of a row of a data table that begins at ``index``; empty for other lines."""
    row, end = lines[index].row, index
    if row < 0:
        return ()
    while end < len(lines) and lines[end].row == row and len(lines[end].text) <= LONGEST_CELL:
        end += 1
    whole = end == len(lines) or lines[end].row != row
    first = index == 0 or lines[index - 1].row != row
    cells = {line.cell for line in lines[index:end]}
    return lines[index:end] if whole and first and len(cells) == end - index > 1 else ()


def _table_pieces(items: Sequence[Item], cells: Sequence[Line]) -> list[Piece]:
    """Each label of an index table with its value, which stands after it or in the row below."""
    pieces = []
    for number, item in enumerate(items):
        pair = (cells[number], *cells[number + len(items) :: len(items) + len(cells)])
        text = " ".join(cell.text for cell in pair if cell.text)
        removed = item.rule.field is None
        place, name = (Place.REMOVED, item.rule.id) if removed else (Place.FIELD, item.rule.field)
        pieces.append(Piece(text, place, name or "", None if removed else item.value))
    return pieces
