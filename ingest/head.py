"""What stands above the body: title, addressee, document number, index table, furniture."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ingest.addressee import is_addressee
from ingest.article import Line
from ingest.pieces import Piece, Place
from ingest.shapes import squeeze
from ingest.signature import is_signer

LONGEST_PART = 60
"""Characters of one line of a title that is broken over lines."""
MOST_PARTS = 3
"""Lines over which a title is broken at most."""

DOCUMENT_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,16}\s?[〔﹝\[（(【]\s?(?:19|20)\d{2}\s?[〕﹞\]）)】]\s?第?\s?\d{1,5}\s?号"
)
NO_WORDS = re.compile(r"[^\w\u3400-\u9fff]*")

_BEGINS = re.compile(
    r"关于20\d\d|[府委局厅办部会室院]关于|^[\u4e00-\u9fff]{1,12}[省市区县州盟旗镇乡]$|(?:20\d\d年|年度|的|《)$"
)
"""A line that a title may begin with and cannot end with."""
_YEAR = re.compile(r"20\d\d|二[〇○零]")

IsTitle = Callable[[str], bool]


class Titles:
    """Tells titles by the page's own word (``known``, squeezed) and by the rules of the kind."""

    def __init__(self, known: frozenset[str], judge: IsTitle) -> None:
        self.known = known
        self._judge = judge
        self._named = any(judge(title) for title in known)

    def matches(self, text: str) -> bool:
        """Whether a line is a whole title."""
        return squeeze(text) in self.known or self._judge(text)

    def may_head(self, text: str) -> bool:
        """Whether a line below prose may be the headline: not when the page names another."""
        return squeeze(text) in self.known or not self._named

    def is_part(self, text: str) -> bool:
        """Whether a line is a part of a title that the page names elsewhere."""
        part = squeeze(text)
        return len(part) >= 4 and any(part in title for title in self.known)

    def whole(self, lines: Sequence[Line], index: int) -> tuple[str, int] | None:
        """(title, lines it takes up) of a title that begins at this line and is broken in two.

        Joined only when the page does not itself use the last line as the title; a body's name
        above "关于…" or above a year is its beginning.
        """
        parts = [lines[index].text]
        for line in lines[index + 1 : index + MOST_PARTS]:
            if line.items or line.linked or is_addressee(line.text):
                return None
            if len(line.text) > LONGEST_PART:
                return None
            parts.append(line.text)
            joined = "".join(parts)
            if squeeze(joined) in self.known:
                return joined, len(parts)
            if self.matches(line.text):
                begins = _BEGINS.search(parts[0]) or is_signer("".join(parts[:-1]))
                own = squeeze(line.text) in self.known
                return (joined, len(parts)) if begins and not own and self._judge(joined) else None
            if self._judge(joined) and _YEAR.search(joined):
                return joined, len(parts)
        return None


def judge_head(lines: Sequence[Line], index: int, titles: Titles) -> list[Piece]:
    """Pieces of the line at ``index``, which is no furniture; of several if its title is broken."""
    text = lines[index].text
    if NO_WORDS.fullmatch(text):
        return [Piece(text, Place.REMOVED, "no-words")]
    if titles.matches(text):
        return [Piece(text, Place.FIELD, "title", text)]
    broken = titles.whole(lines, index) if 2 <= len(text) <= LONGEST_PART else None
    if broken is not None:
        whole, taken = broken
        parts = [line.text for line in lines[index : index + taken]]
        return [
            *(Piece(part, Place.FIELD, "title_part", part) for part in parts[:-1]),
            Piece(parts[-1], Place.FIELD, "title", whole),
        ]
    if titles.is_part(text):
        return [Piece(text, Place.FIELD, "title_part", text)]
    if DOCUMENT_NUMBER.fullmatch(text):
        return [Piece(text, Place.FIELD, "document_number", text)]
    if is_addressee(text):
        return [Piece(text, Place.FIELD, "addressee", text.rstrip("：: "))]
    return [Piece(text, Place.REMOVED, "before-body")]
