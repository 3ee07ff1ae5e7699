"""The article's lines to body, fields and removals: nothing leaves the article without a name.

Every line of the article becomes one or more ``Piece``s, whose texts joined again are the article.
The body runs from its first paragraph to the signature inclusive. What stands before and after is
a field, or furniture by a rule of seeds/rules, or a removal that says where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.article import Line, read_lines, split_copies
from ingest.blocks import Block
from ingest.lines import Item, LineReader
from ingest.signature import is_signer, split_signature
from ingest.tables import read_table

SIGNATURE_REACH = 12
"""Lines after the last paragraph in which a signature is looked for."""
DOCUMENT_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,16}\s?[〔﹝\[（(【]\s?(?:19|20)\d{2}\s?[〕﹞\]）)】]\s?第?\s?\d{1,5}\s?号"
)
_NO_WORDS = re.compile(r"[^\w\u3400-\u9fff]*")
_NOT_ADDRESSEE = re.compile(
    r"如下|以下|情况|报告|方面|工作|内容|包括|主要|目标|总结|[\d。；;！？《》“”]"
)
CLOSING = re.compile(r"(?:特此|专此)(?:报告|汇报|总结)|以上(?:报告|汇报|总结)[^。]{0,12}")

IsTitle = Callable[[str], bool]


class Place(StrEnum):
    """What became of a piece of the article."""

    BODY = "body"
    FIELD = "field"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the article. ``name`` is the field, or the rule that removed it ("" for body)."""

    text: str
    place: Place
    name: str = ""
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The article taken apart. ``items`` are the labelled facts read in it, in page order."""

    pieces: tuple[Piece, ...]
    items: tuple[Item, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body's paragraphs, in order."""
        return tuple(piece.text for piece in self.pieces if piece.place is Place.BODY)

    def field(self, name: str) -> str | None:
        """The first value of a field that a line of its own gives."""
        for piece in self.pieces:
            if piece.place is Place.FIELD and piece.name == name:
                return piece.value
        return None


def clean(
    blocks: Sequence[Block], reader: LineReader, titles: Sequence[str], is_title: IsTitle
) -> Cleaned:
    """Take an article apart.

    ``titles`` are the titles the page gives the document elsewhere (meta tag, headline); a line
    equal to one of them, or for which ``is_title`` holds, is no paragraph.
    """
    known = frozenset(squeeze(title) for title in titles)
    lines, copies = split_copies(read_lines(blocks, reader))
    start = _body_start(lines, reader, known, is_title)
    end = _body_end(lines, start)
    pieces: list[Piece] = []
    items: list[Item] = []
    _judge_head(lines[:start], reader, known, is_title, pieces, items)
    for line in lines[start:end]:
        if line.glued or (line.items and all(item.rule.anywhere for item in line.items)):
            _take_furniture(line, pieces, items)
        elif _NO_WORDS.fullmatch(line.text):
            pieces.append(Piece(line.text, Place.REMOVED, "no-words"))
        else:
            pieces.append(Piece(line.text, Place.BODY))
    _judge_tail(lines[end:], pieces, items)
    pieces += [Piece(line.text, Place.REMOVED, "second-copy") for line in copies]
    return Cleaned(tuple(piece for piece in pieces if piece.text), tuple(items))


def squeeze(text: str) -> str:
    """Text without white space, to compare what was printed with what was printed elsewhere."""
    return re.sub(r"\s+", "", text)


def is_addressee(text: str) -> bool:
    """A line that names to whom the report is made, ending in a colon."""
    if not text.endswith(("：", ":")) or not 3 <= len(text) <= 80:
        return False
    return _NOT_ADDRESSEE.search(text[:-1]) is None


def _body_start(
    lines: Sequence[Line], reader: LineReader, known: frozenset[str], is_title: IsTitle
) -> int:
    """Index of the first line that is a paragraph of the document."""
    index = 0
    while index < len(lines):
        line = lines[index]
        table = read_table(lines, index, reader)
        if table is not None:
            index = table[1]
        elif (
            not line.is_prose
            or squeeze(line.text) in known
            or is_title(line.text)
            or is_addressee(line.text)
        ):
            index += 1
        else:
            return index
    return len(lines)


def _body_end(lines: Sequence[Line], start: int) -> int:
    """One past the last line of the body: the date of the signature, or else the last paragraph."""
    last = max((i for i in range(start, len(lines)) if lines[i].is_prose), default=start - 1)
    while last >= start and _is_note(lines[last]):
        last -= 1
    reach = min(len(lines), last + 1 + SIGNATURE_REACH)
    for index in range(reach - 1, last, -1):
        signature = split_signature(lines[index].text)
        if signature is None:
            continue
        signer, _ = signature
        before = lines[index - 1] if index else None
        if signer or (before is not None and (is_signer(before.text) or index - 1 == last)):
            return index + 1
    end = last + 1
    while end < len(lines) and (CLOSING.match(lines[end].text) or _is_bare_signer(lines, end)):
        end += 1
    return end


def _is_bare_signer(lines: Sequence[Line], index: int) -> bool:
    """A signature without a date: a body's name right below the last paragraph, and no more."""
    line = lines[index]
    return not line.items and not line.linked and len(line.text) >= 5 and is_signer(line.text)


def _is_note(line: Line) -> bool:
    """A remark in brackets below the signature, such as a contact, that has a sentence's form."""
    text = line.text
    return text.startswith(("（", "(")) and text.endswith(("）", ")")) and "联系" in text[:6]


def _judge_head(
    lines: Sequence[Line],
    reader: LineReader,
    known: frozenset[str],
    is_title: IsTitle,
    pieces: list[Piece],
    items: list[Item],
) -> None:
    index = 0
    while index < len(lines):
        table = read_table(lines, index, reader)
        if table is not None:
            found, index = table
            items += found
            pieces += [_item_piece(item) for item in found]
            continue
        line = lines[index]
        index += 1
        if line.items:
            _take_furniture(line, pieces, items)
        else:
            pieces.append(_judge_head_line(line.text, known, is_title))


def _judge_head_line(text: str, known: frozenset[str], is_title: IsTitle) -> Piece:
    squeezed = squeeze(text)
    if _NO_WORDS.fullmatch(text):
        return Piece(text, Place.REMOVED, "no-words")
    if squeezed in known or is_title(text):
        return Piece(text, Place.FIELD, "title", text)
    if len(squeezed) >= 4 and any(squeezed in title for title in known):
        return Piece(text, Place.FIELD, "title_part", text)
    if DOCUMENT_NUMBER.fullmatch(text):
        return Piece(text, Place.FIELD, "document_number", text)
    if is_addressee(text):
        return Piece(text, Place.FIELD, "addressee", text.rstrip("：: "))
    return Piece(text, Place.REMOVED, "before-body")


def _judge_tail(lines: Sequence[Line], pieces: list[Piece], items: list[Item]) -> None:
    for line in lines:
        if line.items:
            _take_furniture(line, pieces, items)
        else:
            rule = "no-words" if _NO_WORDS.fullmatch(line.text) else "after-body"
            pieces.append(Piece(line.text, Place.REMOVED, rule))


def _take_furniture(line: Line, pieces: list[Piece], items: list[Item]) -> None:
    """A line of items: a field if all of them give that field, else a removal naming its rules."""
    items += line.items
    fields = {item.rule.field for item in line.items}
    if len(fields) == 1 and None not in fields:
        value = next((item.value for item in line.items if item.value), None)
        pieces.append(Piece(line.text, Place.FIELD, fields.pop() or "", value))
        return
    rules = dict.fromkeys(item.rule.id for item in line.items)
    pieces.append(Piece(line.text, Place.REMOVED, "+".join(rules) or "glued"))


def _item_piece(item: Item) -> Piece:
    text = f"{item.label} {item.value}" if item.value else item.label
    if item.rule.field is None:
        return Piece(text, Place.REMOVED, item.rule.id)
    return Piece(text, Place.FIELD, item.rule.field, item.value)
