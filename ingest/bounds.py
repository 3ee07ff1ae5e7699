"""Where a document's body begins and ends among the lines of its article.

It begins with the first paragraph below the title and the addressee; it ends with the signature,
or with the last paragraph of a document that is not signed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.addressee import is_addressee
from ingest.article import Line
from ingest.head import Titles
from ingest.reader import Reader
from ingest.shapes import squeeze
from ingest.signature import is_month, is_signer, split_signature
from ingest.tables import read_table

MOST = 0.6
"""Share of the prose that must follow a title for it to be the headline of the whole."""
SUMMARY = 0.15
"""Share of the prose that a summary between a title and its repetition takes up at most."""
REACH = 12
"""Lines after the last paragraph in which a signature is looked for."""
AFTERWORD = 0.2
"""Share of the prose before a signature up to which prose after it is none of the document's."""

CONTENTS = frozenset({"目录", "目次"})
_LEADER = re.compile(r"(?:[.．…·。]{2,}|—{2,})\d{1,3}$")
"""The end of an entry in a table of contents: a leader and the number of the page."""
CLOSING = re.compile(r"(?:特此|专此)(?:报告|汇报|总结)|以上(?:报告|汇报|总结)[^。]{0,12}")
_COVER = re.compile(
    r"现将?.{0,60}(?:印发|转发|公布|公开|报送|呈报|发布)|予以(?:公布|公开|发布)|请.{0,12}(?:贯彻|审议|审阅)"
)
_REMARK = re.compile(r"[（(].*[）)]", re.DOTALL)


def body_start(lines: Sequence[Line], reader: Reader, titles: Titles) -> int:
    """Index of the first line that is a paragraph of the document; their number if none is.

    Prose above the headline is not the document's: a summary, a box beside the article.
    """
    index = _below_headline(lines, titles)
    while index < len(lines):
        line = lines[index]
        table = read_table(lines, index, reader)
        # The headline above may be that of the contents itself.
        contents = _contents_end(lines, index) or _contents_end(lines, max(0, index - 1))
        if table is not None:
            index = table[1]
        elif contents is not None and contents > index:
            index = contents
        elif not line.is_prose or titles.matches(line.text) or is_addressee(line.text):
            index += 1
        else:
            return index
    return len(lines)


def _contents_end(lines: Sequence[Line], index: int) -> int | None:
    """One past a table of contents that begins at this line: its entries end in a page number, or
    come once more as headings."""
    if squeeze(lines[index].text) not in CONTENTS:
        return None
    texts = [squeeze(line.text) for line in lines]
    last = {text: place for place, text in enumerate(texts)}
    end = index + 1
    while end < len(lines) and (_LEADER.search(texts[end]) or last[texts[end]] > end):
        end += 1
    return end if end > index + 2 else None


def _below_headline(lines: Sequence[Line], titles: Titles) -> int:
    """The line after the title or addressee that most of the prose follows.

    What stands between a title and its repetition, or the addressee, is a summary; but the letter
    that brings a report is part of the document.
    """
    total = sum(len(line.text) for line in lines if line.is_prose)
    following, skipped, below = total, 0, 0
    seen: set[str] = set()
    for index, line in enumerate(lines):
        if following < MOST * total or skipped > SUMMARY * total:
            break
        heads = (
            not line.items
            and titles.matches(line.text)
            and (following == total or titles.may_head(line.text))
        )
        if not line.items and (heads or is_addressee(line.text)):
            title = squeeze(line.text)
            if not below or title in seen or is_addressee(line.text):
                below, skipped = index + 1, 0
            seen.add(title)
        elif below and _COVER.search(line.text):
            break
        if line.is_prose:
            following -= len(line.text)
            skipped += len(line.text) if below else 0
    return below


def body_end(lines: Sequence[Line], start: int) -> int:
    """One past the last line of the body, which begins at ``start``."""
    backwards = range(len(lines) - 1, start - 1, -1)
    last = next((index for index in backwards if _is_paragraph(lines[index])), start - 1)
    signed = _signed_end(lines, start, last)
    if signed is not None:
        return signed
    end = last + 1
    while end < len(lines) and (CLOSING.match(lines[end].text) or _is_bare_signer(lines[end])):
        end += 1
    signer = end > start and _is_bare_signer(lines[end - 1])
    return end + 1 if end < len(lines) and signer and is_month(lines[end].text) else end


def _signed_end(lines: Sequence[Line], start: int, last: int) -> int | None:
    """One past the signature that ends the document; None if it is not signed.

    A signature that much prose follows ends a cover letter, not the document.
    """
    after = 0
    prose = [len(line.text) if _is_paragraph(line) else 0 for line in lines]
    before = sum(prose[start:])
    for index in range(min(len(lines), last + 1 + REACH) - 1, start - 1, -1):
        if after > AFTERWORD * before:
            return None
        signature = split_signature(lines[index].text)
        if signature is not None and not lines[index].linked:
            above = lines[index - 1] if index > start else None
            named = signature[0] or (above is not None and is_signer(above.text))
            alone = above is not None and (index - 1 == last or _is_closing(above))
            if named or (alone and "年" in lines[index].text):
                return index + 1
        after += prose[index]
        before -= prose[index]
    return None


def _is_paragraph(line: Line) -> bool:
    """Prose that is no remark in brackets, such as a contact below the signature."""
    return line.is_prose and not ("联系" in line.text[:6] and _REMARK.fullmatch(line.text))


def _is_closing(line: Line) -> bool:
    return CLOSING.match(line.text) is not None


def _is_bare_signer(line: Line) -> bool:
    """A signature without a date: a body's name below the last paragraph, and no more."""
    return not line.items and not line.linked and len(line.text) >= 5 and is_signer(line.text)
