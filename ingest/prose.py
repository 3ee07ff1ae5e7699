"""What a paragraph looks like, as far as its form tells."""

from __future__ import annotations

import re

SHORTEST_SENTENCE = 10
"""Characters of a line that ends like a sentence."""
SHORTEST_RUN = 30
"""Characters of a line that only pauses like a sentence."""
SHORTEST_HEADING = 4
"""Characters of a line that begins with a number."""

ENUMERATION = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]\d{1,2}[)）]|\d{1,2}[.．、](?!\d)"
    r"|第[一二三四五六七八九十]{1,3}[，、,]|[一二三四五六七八九十]{1,2}是(?!否|非)"
)
_NUMBERS = frozenset("（(第一二三四五六七八九十")
"""What an enumeration begins with when it does not begin with a digit."""
_SENTENCE_END = re.compile(r"[。！？；!?;][”’」』)）\"]*$")
_SENTENCE_ENDS = frozenset('。！？；!?;”’」』)）"\n')
"""What the last character of a sentence may be."""
_ANNOUNCEMENT = re.compile(
    r"(?:报告|汇报|总结|通报|公布|公开|公告|公示|呈报|情况|说明)[^。]{0,4}如下\s?[：:]?$"
)
"""现将有关情况报告如下： is how most reports open, and some have no more before the first part."""
_PAUSE = re.compile(r"[，。；;、]|,(?!\d)")


def is_paragraph(text: str, linked: int = 0) -> bool:
    """A paragraph or numbered heading of a document; ``linked`` counts characters inside links."""
    length = len(text)
    if length < SHORTEST_HEADING or linked * 2 > length:
        return False
    if (text[0] in _NUMBERS or text[0].isdecimal()) and ENUMERATION.match(text):
        return True
    if text[-1] in _SENTENCE_ENDS and _ends_sentence(text):
        return length >= SHORTEST_SENTENCE
    if length >= SHORTEST_RUN and _PAUSE.search(text) is not None:
        return True
    return "如下" in text[-4:] and _ANNOUNCEMENT.search(text, max(0, length - 12)) is not None


def prose_length(text: str, linked: int) -> int:
    """Characters of a line that count as running text; none if it is no paragraph."""
    # Most lines of a page are links; they are told before anything else is looked at.
    return len(text) - linked if linked < len(text) and is_paragraph(text, linked) else 0


def is_numbered(text: str) -> bool:
    """Whether a line begins with the number of a part; its first character tells most lines."""
    first = text[:1]
    may_be = first in _NUMBERS or first.isdecimal()
    return may_be and ENUMERATION.match(text) is not None


def is_sentence(text: str) -> bool:
    """A paragraph that begins with a number or ends like a sentence: no line of a foot does."""
    if not is_paragraph(text):
        return False
    if is_numbered(text) or _ends_sentence(text):
        return True
    return text.endswith(("：", ":")) and _PAUSE.search(text) is not None


def _ends_sentence(text: str) -> bool:
    last = text[-1:]
    return last in _SENTENCE_ENDS and _SENTENCE_END.search(text, max(0, len(text) - 8)) is not None
