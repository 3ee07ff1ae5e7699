"""PDF to paragraphs: lines are joined again where the page's width broke them.

A paragraph is told by where its lines lie: official documents indent its first line, and every line
but the last reaches the right margin. What stands at the head or foot of page after page is the
page's own: numbers, running titles, what a browser printed there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pypdfium2

INDENT = 0.8
"""Widths of a character by which a first line is indented at least; two are usual."""
SHORT = 3.5
"""Widths of a character that a full line may lack at its end: a number is not broken in two."""
APART = 1.3
"""Distances of two lines beyond which one begins a paragraph."""
STOPS = ("。", "：", ":", "！", "？")
EDGE = 0.12
"""Share of a page's height, at its head and at its foot, in which lines may be the page's own."""
_PAGE_NUMBER = re.compile(r"[-—–－·•\s第]*\d{1,3}[-—–－·•\s页]*(?:[/／共]\s?\d{1,3}\s?页?)?")
_DIGITS = re.compile(r"\d+")


class Line(NamedTuple):
    """A line of a page: its text, its edges and size in points, and its place.

    ``height`` is from 0 (the page's foot) to 1 (its head).
    """

    text: str
    left: float
    right: float
    size: float
    height: float
    page: int


def paragraphs(pdf: pypdfium2.PdfDocument) -> list[str]:
    """The paragraphs of a document in reading order; none where every page is a picture."""
    lines = [line for number, page in enumerate(pdf) for line in _lines(page, number)]
    return list(_joined(_without_page_matter(lines)))


def _lines(page: pypdfium2.PdfPage, number: int) -> Iterator[Line]:
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    tall, end = page.get_height() or 1.0, text_page.count_chars() - 1
    for match in re.finditer(r"[^\r\n]+", text):
        shown = match[0].replace("\ufffe", "")
        if not shown.strip():
            continue
        first = match.start() + len(match[0]) - len(match[0].lstrip())
        last = match.start() + len(match[0].rstrip()) - 1
        # Characters beyond the first plane count once on the page and twice in the text.
        left, bottom, _, top = text_page.get_charbox(min(first, end), loose=True)
        right = text_page.get_charbox(min(last, end), loose=True)[2]
        yield Line(shown.strip(), left, right, abs(top - bottom), (top + bottom) / 2 / tall, number)


def _without_page_matter(lines: Sequence[Line]) -> list[Line]:
    """Without page numbers, and without what repeats at the edge of page after page."""
    edges = [line for line in lines if line.height < EDGE or line.height > 1 - EDGE]
    pages = len({line.page for line in lines})
    shapes = Counter(shape for _, shape in {(line.page, _shape(line)) for line in edges})
    own = {shape for shape, count in shapes.items() if count > 1 and count >= pages / 3}
    edge = set(edges)
    return [
        line
        for line in lines
        if not (line in edge and (_shape(line) in own or _PAGE_NUMBER.fullmatch(line.text)))
    ]


def _shape(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("0", line.text), round(line.height * 50)


def _joined(lines: Sequence[Line]) -> Iterator[str]:
    if not lines:
        return
    layout = _Layout.of(lines)
    text, before = lines[0].text, lines[0]
    for line in lines[1:]:
        if layout.goes_on(before, line):
            text += _seam(text, line.text) + line.text
        else:
            yield text
            text = line.text
        before = line
    yield text


@dataclass(frozen=True, slots=True)
class _Layout:
    """How running text lies on the pages of one document; ``width`` is that of a character,
    ``gap`` the distance of two lines as a share of the page's height."""

    left: float
    right: float
    width: float
    gap: float
    indents: bool

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Layout:
        size = median(line.size for line in lines)
        width = (
            min(median((line.right - line.left) / len(line.text) for line in lines), size) or 1.0
        )
        body = [line for line in lines if _alike(line.size, size)]
        places = Counter(round(line.left / width) for line in body)
        shared = [place for place, count in places.items() if count > 1]
        left = min(shared or places) * width
        gaps = [gap for pair in pairwise(lines) if (gap := _gap(*pair)) is not None]
        return cls(
            left=left,
            right=max(line.right for line in body),
            width=width,
            gap=median(gaps) if gaps else 1.0,
            indents=any(INDENT < (line.left - left) / width < SHORT for line in body),
        )

    def goes_on(self, before: Line, line: Line) -> bool:
        """Whether a line goes on with the paragraph of the one before it."""
        gap = _gap(before, line)
        apart = gap is not None and gap > APART * self.gap
        indented = (line.left - self.left) / self.width > INDENT
        if apart or indented or not _alike(before.size, line.size):
            return False
        lacking = (self.right - before.right) / self.width
        stops = before.text.endswith(STOPS)
        if self.indents:  # then a line that is not indented begins nothing, but for a heading
            return lacking <= (SHORT if stops else 2 * SHORT)
        return lacking <= SHORT and not stops


def _alike(size: float, other: float) -> bool:
    return abs(size - other) <= 0.15 * max(size, other)


def _gap(before: Line, line: Line) -> float | None:
    """The distance of two lines of one page, the second below the first."""
    distance = before.height - line.height
    return distance if before.page == line.page and distance > 0 else None


def _seam(before: str, after: str) -> str:
    """A space between two words of Latin letters; Chinese needs none."""
    latin = all(one.isascii() and one.isalpha() for one in (before[-1:], after[:1]))
    return " " if latin else ""
