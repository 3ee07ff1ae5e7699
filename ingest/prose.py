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
_SENTENCE_END = re.compile(r"[。！？；!?;][”’」』)）\"]*$")
_PAUSE = re.compile(r"[，。；;、]|,(?!\d)")


def is_paragraph(text: str, linked: int = 0) -> bool:
    """A paragraph or numbered heading of a document; ``linked`` counts characters inside links."""
    length = len(text)
    if length < SHORTEST_HEADING or linked * 2 > length:
        return False
    if ENUMERATION.match(text):
        return True
    if _SENTENCE_END.search(text, length - min(length, 8)):
        return length >= SHORTEST_SENTENCE
    return length >= SHORTEST_RUN and _PAUSE.search(text) is not None


def is_sentence(text: str) -> bool:
    """A paragraph that begins with a number or ends like a sentence: no line of a foot does."""
    if not is_paragraph(text):
        return False
    if ENUMERATION.match(text) or _SENTENCE_END.search(text, max(0, len(text) - 8)):
        return True
    return text.endswith(("：", ":")) and _PAUSE.search(text) is not None
