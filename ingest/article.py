"""The article's lines, before they are judged: split, unglued, and without a second copy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.blocks import Block
from ingest.lines import Item, LineReader

LONG = 60
"""Characters from which two equal lines are taken for copies of each other."""
COPIED_SHARE = 0.8
"""Share of the long lines that must come twice before a second copy is dropped."""

ENUMERATION = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]\d{1,2}[)）]|\d{1,2}[.．、](?!\d)"
    r"|第[一二三四五六七八九十]{1,3}[，、,]|[一二三四五六七八九十]{1,2}是(?!否|非)"
)
_SENTENCE_END = re.compile(r"[。！？；!?;][”’」』)）\"]*$")
_PAUSE = re.compile(r"[，,。；;、]")
_GAP = re.compile(
    r"(?<=[。！？；：!?;:”）)])[ \u2003]*\u3000[ \u2003\u3000]*(?=\S)|\u3000{2,}(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the article. ``items`` if it is furniture or labelled facts from end to end.

    ``glued`` marks furniture that was stuck to a paragraph.
    """

    text: str
    row: int = -1
    cell: int = -1
    linked: int = 0
    glued: bool = False
    items: tuple[Item, ...] = ()

    @property
    def is_prose(self) -> bool:
        """A paragraph or a numbered heading of the document, as far as its form tells."""
        if self.items or self.glued or self.linked * 2 > len(self.text):
            return False
        length = len(self.text)
        if ENUMERATION.match(self.text):
            return length >= 4
        if _SENTENCE_END.search(self.text):
            return length >= 10
        return length >= 30 and _PAUSE.search(self.text) is not None


def read_lines(blocks: Sequence[Block], reader: LineReader) -> list[Line]:
    """Blocks to lines. A paragraph parted only by ideographic spaces becomes several."""
    lines: list[Line] = []
    for block in blocks:
        cell = (block.row, block.cell)
        parts = _GAP.split(block.text) if "\u3000" in block.text else [block.text]
        for part in parts:
            items = reader.read(block.seamed if part is block.text else part)
            front, middle, end = ("", part, "") if items else reader.unglue(part)
            if front.strip():
                lines.append(Line(front.strip(), *cell, 0, True, reader.read(front)))
            lines.append(Line(middle.strip(), *cell, block.linked, False, items))
            if end.strip():
                lines.append(Line(end.strip(), *cell, 0, True, reader.read(end)))
    return lines


def split_copies(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """(the article, its second copy): a page may hold it twice, for desktop and for mobile."""
    first: dict[str, int] = {}
    repeated: list[int] = []
    for index, line in enumerate(lines):
        if len(line.text) >= LONG and first.setdefault(line.text, index) != index:
            repeated.append(index)
    if not repeated or len(repeated) < COPIED_SHARE * len(first):
        return list(lines), []
    once = {line.text for line in lines[: repeated[0]]}
    cut = repeated[0]
    while cut > 0 and lines[cut - 1].text in {line.text for line in lines[: min(cut - 1, 40)]}:
        cut -= 1
    kept: list[Line] = list(lines[:cut])
    copies: list[Line] = []
    for line in lines[cut:]:
        (copies if line.text in once else kept).append(line)
    return kept, copies
