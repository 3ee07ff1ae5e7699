"""Numbering: where a paragraph opens a section, and how its heading reads.

The number stands at the beginning of a paragraph. Several levels may stand on one line: then the
first number of a deeper level follows a heading, and the next numbers of its run follow a full
stop in the same paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

HAN = "一二三四五六七八九十"
STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"第[{HAN}]{{1,3}}(?:部分|章|编)\s*[:：、.]?")),
    (
        "cn_dun",
        re.compile(
            rf"[{HAN}]{{1,3}}(?:\s*[、.．](?![{HAN}]+[级类线产])|\s+(?=[^\s。；，,]{{2,30}}$))"
        ),
    ),
    ("cn_paren", re.compile(rf"(?:[（(]?\s*[{HAN}]{{1,3}}\s*[）)]|[㈠-㈩])\s*[、.．]?")),
    (
        "arabic",
        re.compile(r"\d{1,2}\s*(?:[.．、](?!\d)|(?<=\d)[.．](?=\d{4}年|\d{5}|\d\d小时))|[⒈-⒛]"),
    ),
    ("arabic_paren", re.compile(r"(?:[（(]\s*\d{1,2}\s*[）)]|[⑴-⒇]|\d{1,2}[）)])\s*[、.．]?")),
    ("circled", re.compile(r"[①-⑳]")),
    ("ordinal", re.compile(rf"第[{HAN}]{{1,3}}\s*[，,、:：]")),
    ("item", re.compile(rf"[{HAN}]{{1,2}}(?:是要|是|要|则)(?![否非])")),
)
"""Numbering styles from the outermost down; the pattern is the number as printed."""
RANK = {name: rank for rank, (name, _) in enumerate(STYLES)}
SECTIONS = ("part", "cn_dun", "cn_paren", "arabic", "arabic_paren")
"""Styles that make sections; the others number items of a list within one."""

LONGEST_LINE = 80
"""Characters of a heading that has its paragraph to itself and no full stop."""
LONGEST_RUN_IN = 55
"""Characters of a heading that ends in a full stop and is followed by its text."""
LONGEST_SENTENCE = 40
"""Characters of a paragraph of one whole sentence that is a heading, not a numbered sentence."""

_STYLE = re.compile("|".join(f"(?P<{name}>{pattern.pattern})" for name, pattern in STYLES))
"""Every style at once: the outermost that fits, and the number as printed."""
_DIGIT = re.compile(rf"[第{HAN}（(\d㈠-㈩⒈-⒛⑴-⒇①-⑳]")
"""What any number begins with; most paragraphs begin with something else."""
_FIRST = re.compile(
    r"(?<!第)(?P<cn_paren>[（(]一[）)])|(?<![\d第])(?P<arabic>1[.．、](?!\d))"
    r"|(?<!第)(?P<arabic_paren>[（(]1[）)])"
)
"""The first number of a level that may stand on the line of the level above."""
_MAY_BE_FIRST = re.compile(r"[（(1][一1.．、]")
"""What each first number holds; a search for it skips through text many times as fast."""
_NEXT = {
    "cn_paren": lambda n: rf"[（(]{_han(n)}[）)]",
    "arabic": lambda n: rf"{n}[.．、](?!\d)",
    "arabic_paren": lambda n: rf"[（(]{n}[）)]",
}
_AFTER_HEADING = re.compile(r"[。：:]?\s*")
_STOP = re.compile(r"[。；;！？]")
_PAUSE = re.compile(r"[，,、]")
_LABEL = re.compile(r"[^，,、。；;：:（(]{2,20}(?=[：:])(?<!如下)(?<!以下)(?<!下列)(?<!包括)")
"""A heading that a colon parts from its text: 1.组织领导：我县…"""
_SUBJECT = re.compile(r"(?<=.{4})我(?:省|市|区|县|旗|州|盟|镇|乡|街道|局|委|办|厅|部|院|中心)")
"""Where the text begins that follows a heading without a stop: reports speak of "our county"."""
_CLOSING = "：:。；; \u3000\t"


class Opening(NamedTuple):
    """A number with the first sentence after it, at an offset in the body.

    ``text`` is that sentence without its stop; ``stopped`` if it has one; ``alone`` if nothing
    follows it in its paragraph.
    """

    style: str
    number: str
    text: str
    start: int
    stopped: bool
    alone: bool

    @property
    def heading(self) -> str | None:
        """The sentence where it is short enough for a heading; else None."""
        longest = LONGEST_RUN_IN
        if self.alone:
            longest = LONGEST_SENTENCE if self.stopped else LONGEST_LINE
        return self.text if 2 <= len(self.text) <= longest else None

    @property
    def label(self) -> str | None:
        """What stands before the colon of a sentence too long for a heading."""
        label = _LABEL.match(self.text)
        return label.group() if label else None

    @property
    def cut(self) -> str | None:
        """The first clause of a sentence too long for a heading, which has run into its text."""
        subject = _SUBJECT.search(self.text)
        pause = _PAUSE.search(self.text)
        ends = [match.start() for match in (subject, pause) if match]
        clause = self.text[: min(ends)] if ends else ""
        return clause if 2 <= len(clause) <= LONGEST_SENTENCE and not self.alone else None


def openings(paragraph: str, start: int) -> Iterator[Opening]:
    """The sections that a paragraph opens; ``start`` is its offset in the body."""
    runs: dict[str, int] = {}
    position: int | None = 0
    while position is not None:
        found = _number_at(paragraph, position)
        if found is None:
            return
        style, number = found
        opening, end = _read(paragraph, start, position, style, number)
        if position and opening.heading is None:
            return
        yield opening
        if position:
            runs[style] = runs.get(style, 0) + 1
        runs = {name: last for name, last in runs.items() if RANK[name] <= RANK[style]}
        position = _first_deeper(paragraph, end, RANK[style])
        if position is None and runs:
            position = _next_of_run(paragraph, end, runs)


def _number_at(paragraph: str, position: int) -> tuple[str, str] | None:
    """(style, number as printed) of a section's number at this place; None for anything else."""
    if _DIGIT.match(paragraph, position) is None:
        return None
    match = _STYLE.match(paragraph, position)
    style = match.lastgroup if match else None
    return (style, match.group()) if match and style in SECTIONS else None


def _read(
    paragraph: str, start: int, position: int, style: str, number: str
) -> tuple[Opening, int]:
    """The opening at a number, and where its first sentence ends."""
    after = position + len(number)
    stop = _STOP.search(paragraph, after)
    end = stop.start() if stop else len(paragraph)
    if _MAY_BE_FIRST.search(paragraph, after, end):
        for first in _FIRST.finditer(paragraph, after, end):
            if RANK[first.lastgroup or ""] > RANK[style]:
                stop, end = None, first.start()
                break
    text = paragraph[after:end].strip(_CLOSING)
    rest = stop.end() if stop else end
    alone = rest == len(paragraph) or paragraph[rest:].isspace()
    return Opening(style, number.strip(), text, start + position, stop is not None, alone), end


def _first_deeper(paragraph: str, end: int, rank: int) -> int | None:
    """The place of a deeper level's first number, right after a heading or its full stop."""
    match = _AFTER_HEADING.match(paragraph, end)
    first = _FIRST.match(paragraph, match.end()) if match else None
    return first.start() if first and RANK[first.lastgroup or ""] > rank else None


def _next_of_run(paragraph: str, end: int, runs: dict[str, int]) -> int | None:
    """The place of the next number of a run that began on this line, right after a full stop."""
    places = []
    for style, last in runs.items():
        following = _NEXT[style](last + 1)
        match = re.compile(rf"(?<=。)\s*(?={following})").search(paragraph, end)
        if match:
            places.append(match.end())
    return min(places, default=None)


def _han(number: int) -> str:
    """A number below 100 in Han numerals."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else HAN[tens - 1] + "十"
    return head + (HAN[ones - 1] if ones else "")
