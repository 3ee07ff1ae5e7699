"""The article's lines, before they are judged: split, unglued, and without a second copy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.blocks import Block
from ingest.lines import Item
from ingest.prose import is_paragraph
from ingest.reader import Reader
from ingest.signature import is_signer, split_signature

LONG = 6
"""Characters from which two equal lines may be copies of each other."""
COPIED_SHARE = 0.7
"""Share of the text in long lines that must come twice before a second copy is dropped."""
LOOK_BACK = 40
"""Lines at the beginning that are compared with the short lines above a second copy."""

_GAP = re.compile(
    r"(?:(?<=[。！？；：!?;:])|(?<=[。！？!?][”’）)]))[ \u2003]*+\u3000[ \u2003\u3000]*+(?=\S)"
    r"|(?<!\u3000)\u3000{2,}+(?=\S)"
)
"""Ideographic spaces that part paragraphs: after a stop, or two and more (an indent)."""
_ENDS = re.compile(r"[。！？；：!?;:]$|[。！？!?][”’）)]$")


class Line(NamedTuple):
    """One line of the article. ``items`` if it is furniture or labelled facts from end to end.

    ``glued`` marks furniture that was stuck to a paragraph. ``is_prose`` holds for a paragraph or a
    numbered heading of the document, as far as its form tells.
    """

    text: str
    row: int
    cell: int
    linked: int
    glued: bool
    items: tuple[Item, ...]
    is_prose: bool


def read_lines(blocks: Sequence[Block], reader: Reader) -> list[Line]:
    """Blocks to lines. A paragraph parted only by ideographic spaces becomes several."""
    lines: list[Line] = []
    for block in blocks:
        text, linked, cell = block.text, block.linked, (block.row, block.cell)
        whole = reader.read(block.seamed)
        if whole or reader.label(text) is not None:
            prose = not whole and block.prose > 0
            lines.append(Line(text, *cell, linked, False, whole, prose))
            continue
        for part in _paragraphs(text, reader):
            front, middle, end = reader.unglue(part)
            if middle == text:  # so it is with most paragraphs
                lines.append(Line(text, *cell, linked, False, (), block.prose > 0))
                continue
            lines += _glued(front, cell, reader)
            items = reader.read(middle)
            middle = middle.strip()
            prose = not items and is_paragraph(middle, linked)
            lines.append(Line(middle, *cell, linked, False, items, prose))
            lines += _glued(end, cell, reader)
    return lines


def _glued(text: str, cell: tuple[int, int], reader: Reader) -> Sequence[Line]:
    """The line of what was stuck to a paragraph; none for white space."""
    stuck = text.strip()
    return [Line(stuck, *cell, 0, True, reader.read(text), False)] if stuck else ()


def _paragraphs(text: str, reader: Reader) -> Sequence[str]:
    """The paragraphs of a line. A gap inside a signature or a row of words parts none."""
    if "\u3000" not in text or split_signature(text) is not None:
        return [text]
    parts: list[str] = []
    for part in _GAP.split(text):
        if parts and _is_word(parts[-1], reader) and _is_word(part, reader):
            parts[-1] += f"\u3000\u3000{part}"
        else:
            parts.append(part)
    return parts


def _is_word(text: str, reader: Reader) -> bool:
    """A run that says nothing by itself: no paragraph, signature or furniture."""
    ends = is_paragraph(text) or _ENDS.search(text) is not None
    return not (ends or is_signer(text) or split_signature(text) or reader.read(text))


def split_copies(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """(the article, its second copy): a page may hold it twice, for desktop and for mobile."""
    first: dict[str, int] = {}
    repeated: dict[str, int] = {}
    for index, line in enumerate(lines):
        if len(line.text) >= LONG and not line.items and line.text in first:
            repeated.setdefault(line.text, index)
        elif len(line.text) >= LONG and not line.items:
            first[line.text] = index
    if not repeated or sum(map(len, repeated)) < COPIED_SHARE * sum(map(len, first)):
        return list(lines), []
    cut = min(repeated.values())
    opening = [line.text for line in lines[:LOOK_BACK]]
    while cut > 0 and lines[cut - 1].text in opening[: cut - 1]:
        cut -= 1
    once = {line.text for line in lines[:cut]}
    kept: list[Line] = list(lines[:cut])
    copies: list[Line] = []
    for line in lines[cut:]:
        (copies if line.text in once else kept).append(line)
    return kept, copies
