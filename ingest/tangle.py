"""Pages that no parser should be given: nested or crossed so that work or memory would explode.

An HTML parser repeats every unclosed <font>, <b> ... in each paragraph that follows (memory grows
with their product), looks through all open elements at each new one, and compares each attribute
with those before it. Real portal pages stay far below the bounds; the largest seen has 2,700 tags
and a depth of 60.
"""

from __future__ import annotations

import re

FEW_TAGS = 2000
"""Tags up to which nothing can go wrong."""
DEEPEST = 20_000
"""Open elements at one time."""
MOST_COPIES = 5_000_000
"""Unclosed formatting elements times tags: the elements a parser would have to make."""
LONGEST_TAG = 50_000
"""Characters of a tag from which its attributes are counted (pictures within the page are long)."""
MOST_ATTRIBUTES = 2000
"""Attributes of one tag."""

_TAG = re.compile(
    r"<(?P<close>/?)(?:(?P<formatting>a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)"
    r"|div|span|table|tbody|tr|td|ul|ol|dl|li|section|article|blockquote|center|form|fieldset)\b",
    re.IGNORECASE,
)
_FORMATTING = re.compile(
    r"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s>]", re.IGNORECASE
)
_LONG_TAG = re.compile(rf"<[a-z][^<>]{{{LONGEST_TAG},}}+", re.IGNORECASE)


def tangled(text: str) -> str | None:
    """What makes a page unfit to be parsed, in a few words; None for a page that is fit."""
    if _may_hold_long_tag(text):
        most = max((tag.group().count("=") for tag in _LONG_TAG.finditer(text)), default=0)
        if most > MOST_ATTRIBUTES:
            return f"{most} attributes in one tag"
    tags = text.count("<")
    if tags <= FEW_TAGS:
        return None
    opened = tags - text.count("</")  # more than the formatting elements, and counted faster
    if tags <= DEEPEST and opened * tags <= MOST_COPIES:
        return None
    if tags <= DEEPEST and len(_FORMATTING.findall(text)) * tags <= MOST_COPIES:
        return None
    depth = formatting = deepest = 0
    for tag in _TAG.finditer(text):
        step = -1 if tag["close"] else 1
        depth = max(0, depth + step)
        deepest = max(deepest, depth)
        if tag["formatting"]:
            formatting = max(0, formatting + step)
            if formatting * tags > MOST_COPIES:
                return f"{formatting} unclosed elements that every paragraph repeats"
    return f"nested {deepest} levels deep" if deepest > DEEPEST else None


def _may_hold_long_tag(text: str) -> bool:
    """Whether there is room for a long tag: it would cover a whole stride without another tag."""
    stride = LONGEST_TAG // 2
    strides = range(0, len(text) - stride, stride)
    return any(text.find("<", start, start + stride) < 0 for start in strides)
