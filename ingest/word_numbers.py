"""The numbers that Word writes before paragraphs of a .docx by itself: 一、 and （二） of a list.

They stand in no paragraph's text, but whoever opens the file sees them. Formats are those of
ECMA-376 part 1, 17.9; one that is unknown here gives no number rather than a wrong one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

HAN = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
     "taiwaneseCountingThousand"}
)  # fmt: skip
CIRCLED = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})
_DIGITS = "〇一二三四五六七八九"
_PLACE = re.compile(r"%(\d)")


class WordNumbers:
    """Counts the numbered paragraphs of one document; ask for each paragraph once, in order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        """By list definition and level: (format, text with %1 ..., first number)."""
        self._lists: dict[str, str] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        element = _numbering_of(document)
        if element is not None:
            for one in _all(element, "abstractNum"):
                self._levels[_value(one, "abstractNumId")] = dict(_read_levels(one))
            for one in _all(element, "num"):
                self._lists[_value(one, "numId")] = _value(_one(one, "abstractNumId"), "val")

    def before(self, paragraph: Any) -> str:
        """The number of a paragraph as printed, "" for one without."""
        properties = _numbered(paragraph)
        if properties is None:
            return ""
        name = self._lists.get(_value(_one(properties, "numId"), "val"), "")
        level = int(_value(_one(properties, "ilvl"), "val") or 0)
        levels = self._levels.get(name, {})
        if level not in levels:
            return ""
        counts = self._counts[name]
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return _printed(levels, counts, level)


def _printed(levels: dict[int, tuple[str, str, int]], counts: dict[int, int], level: int) -> str:
    unknown = False

    def number(match: re.Match[str]) -> str:
        nonlocal unknown
        place = int(match[1]) - 1
        style, _, first = levels.get(place, ("", "", 1))
        shown = _number(style, counts.get(place, first))
        unknown = unknown or shown is None
        return shown or ""

    text = _PLACE.sub(number, levels[level][1])
    return "" if unknown else text


def _number(style: str, value: int) -> str | None:
    if style == "decimal":
        return str(value)
    if style == "decimalZero":
        return f"{value:02}"
    if style in HAN and 0 < value < 100:
        tens, ones = divmod(value, 10)
        head = "" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十"
        return head + (_DIGITS[ones] if ones else "")
    if style in CIRCLED and 0 < value <= 20:
        return chr(0x2460 + value - 1)
    return None


def _read_levels(abstract: Any) -> Iterator[tuple[int, tuple[str, str, int]]]:
    for level in _all(abstract, "lvl"):
        style, text, start = (_value(_one(level, n), "val") for n in ("numFmt", "lvlText", "start"))
        if style not in ("bullet", "none"):
            yield int(_value(level, "ilvl")), (style, text, int(start or 1))


def _numbered(paragraph: Any) -> Any:
    """The list properties of a paragraph, its own or those of its style."""
    own = _one(paragraph._p.pPr, "numPr")
    style = paragraph.style
    while own is None and style is not None:
        own = _one(style.element.pPr, "numPr")
        style = style.base_style
    return own


def _numbering_of(document: Any) -> Any:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering"
    for relation in document.part.rels.values():
        if relation.reltype == kind:
            return relation.target_part.element
    return None


def _all(element: Any, name: str) -> Any:
    return element.findall(f"{{{element.nsmap['w']}}}{name}")


def _one(element: Any, name: str) -> Any:
    return None if element is None else next(iter(_all(element, name)), None)


def _value(element: Any, name: str) -> str:
    return "" if element is None else element.get(f"{{{element.nsmap['w']}}}{name}") or ""
