"""What a page says about its article: labelled facts in it, above it and below it, meta tags, foot.

Gathered first, weighed later (metadata.py): a fact is kept with the place it was read in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ingest.blocks import Block
from ingest.head import DOCUMENT_NUMBER
from ingest.lines import Item
from ingest.page import Page
from ingest.pieces import Cleaned, Place
from ingest.reader import Reader
from ingest.shapes import squeeze
from ingest.tables import read_table

ABOVE = 150
"""Lines above the article that are read for facts."""
BELOW = 40
"""Lines below the article that are read for facts."""
LABEL = 3
"""Unlinked characters of a line that may be a label before a linked value (来源：)."""
NEAR = 15
"""Lines around the article in which a bare date or a file link belongs to it."""

ICP = re.compile(
    r"(?P<province>[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀川黔贵滇云藏陕秦陇甘青宁新示])\s?ICP\s?[备证]\s?-?\s?\d{5,12}\s?号?(?:\s?-\s?\d{1,3})?",
    re.IGNORECASE,
)
SITE_CODE = re.compile(
    r"标识码?\s?[:：]?\s*(?P<code>bm\d{8}|\d{10})(?!\d)|(?<![\w])(?P<bare>bm\d{8})(?!\d)",
    re.IGNORECASE,
)
_SITE_CODE_VALUE = re.compile(r"(?:bm\d{8}|\d{10})", re.IGNORECASE)
FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|rar|zip)(?:$|[?#])", re.IGNORECASE)


class Where(StrEnum):
    """Where a fact was read, from the most to the least trusted."""

    ARTICLE = "article"
    ABOVE = "above"
    BELOW = "below"


class Found(NamedTuple):
    """A labelled fact and where it was read; ``distance`` in lines from the article (0: inside)."""

    item: Item
    where: Where
    distance: int

    @property
    def in_table(self) -> bool:
        """Whether the fact stood in cells of an index table, not in a line."""
        return self.item.end == 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a page says about its article."""

    found: tuple[Found, ...]
    icp: str | None
    site_code: str | None
    files: tuple[tuple[str, str], ...]
    number: str | None = None
    """A document number alone on a line above the article, as a document in print has it."""

    def values(self, *fields: str) -> Iterator[Found]:
        """Facts of these fields with a value: in the article, then nearest above, then below.

        A label printed without a value is the article's own: what stands below is another's.
        """
        own = False
        for found in self.found:
            if found.item.rule.field not in fields or (own and found.where is Where.BELOW):
                continue
            own = own or found.where is not Where.BELOW
            if found.item.value:
                yield found

    def first(self, *fields: str) -> Found | None:
        """The most trusted of ``values``."""
        return next(self.values(*fields), None)


def gather(page: Page, cleaned: Cleaned, reader: Reader) -> Evidence:
    """Read the facts of a page around and in its article."""
    above = page.blocks[max(0, page.start - ABOVE) : page.start]
    below = page.blocks[page.end : page.end + BELOW]
    found = [Found(item, Where.ARTICLE, 0) for item in cleaned.items]
    found += [Found(item, Where.ARTICLE, 0) for item in _passed_over(cleaned, reader)]
    found += sorted(
        (
            Found(item, Where.ABOVE, len(above) - index)
            for index, item in (*_items(above, reader), *_mixed(above, reader))
        ),
        key=lambda fact: fact.distance,
    )
    found += [Found(item, Where.BELOW, index + 1) for index, item in _items(below, reader)]
    return Evidence(
        found=tuple(found),
        icp=_find_icp(page),
        site_code=_find_site_code(page),
        files=_find_files(page) or (() if cleaned.paragraphs else _scans(page)),
        number=_find_number(above),
    )


def _items(blocks: Sequence[Block], reader: Reader) -> Iterator[tuple[int, Item]]:
    index = 0
    while index < len(blocks):
        table = read_table(blocks, index, reader)
        if table is not None:
            items, following = table
            yield from ((index, item) for item in items)
            index = following
            continue
        block = blocks[index]
        if len(block.text) - block.linked >= LABEL:
            for item in reader.read(block.seamed):
                yield index, item
        index += 1


def _passed_over(cleaned: Cleaned, reader: Reader) -> Iterator[Item]:
    """Facts in lines above the body that were removed for where they stand alone."""
    for piece in cleaned.pieces:
        if piece.place is Place.REMOVED and piece.name == "before-body":
            yield from reader.facts(piece.text)


def _mixed(blocks: Sequence[Block], reader: Reader) -> Iterator[tuple[int, Item]]:
    """Facts in the last lines above the article that are not understood from end to end.

    A line that is mostly a link is an entry of a list, and its date another page's.
    """
    for index, block in enumerate(blocks[-NEAR:], max(0, len(blocks) - NEAR)):
        if 2 * block.linked < len(block.text) and not reader.read(block.seamed):
            yield from ((index, item) for item in reader.facts(block.seamed))


def _find_number(above: Sequence[Block]) -> str | None:
    """The document number on a line of its own that stands nearest above the article."""
    for block in reversed(above[-NEAR:]):
        if not block.linked and DOCUMENT_NUMBER.fullmatch(block.text):
            return block.text
    return None


def _find_icp(page: Page) -> str | None:
    """The ICP number as printed; the first, since a second foot is that of the mobile page."""
    for block in page.blocks:
        if "备" not in block.text and "证" not in block.text:
            continue
        match = ICP.search(block.text) if "ICP" in block.text.upper() else None
        if match:
            return squeeze(match.group())
    return None


def _find_site_code(page: Page) -> str | None:
    """网站标识码: as printed in the foot, else as the meta tag SiteIDCode has it."""
    for block in reversed(page.blocks):
        match = SITE_CODE.search(block.text) if "标识码" in block.text else None
        if match:
            return match["code"] or match["bare"]
    declared = page.metas.get("siteidcode", "")
    return declared if _SITE_CODE_VALUE.fullmatch(declared) else None


def _scans(page: Page) -> tuple[tuple[str, str], ...]:
    """The pictures of an article that has nothing else: its pages, scanned."""
    return tuple(dict.fromkeys((picture.text, picture.href) for picture in page.pictures))


def _find_files(page: Page) -> tuple[tuple[str, str], ...]:
    """Links to files in the article and right below it."""
    files = ((link.text, link.href) for link in page.links if FILE.search(link.href))
    return tuple(dict.fromkeys(files))
