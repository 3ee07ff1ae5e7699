"""Shapes of the values that stand behind labels: dates, codes, names, counters."""

from __future__ import annotations

import re

_BRACKETS = {")": "(", "）": "（", "]": "[", "】": "【", "〗": "〖", "」": "「", "》": "《"}
_OPENERS = {opener: closer for closer, opener in _BRACKETS.items()}
EMPTY = frozenset({"", "-", "--", "—", "——", "无", "/", "\\"})
"""How pages print that there is no value."""
_EDGE = " \t\u3000|｜,，;；>·"

DATE = (
    r"(?:19|20)\d{2}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?"
    r"(?:[\sT]{0,3}\d{1,2}\s?[:：时]\s?\d{1,2}(?:\s?[:：分]\s?\d{0,2}秒?)?分?)?"
)
NUMBERED = re.compile(r"\d[\]〕﹞】）)]?第?\s?\d{1,5}\s?号$")
"""The end of a document number, 〔2025〕6号."""
# Shapes that are matched at the place where the value begins; a value may be empty.
PREFIX_SHAPES = {
    "sizes": re.compile(
        r"[\s\[\]【】〖〗()（）|｜:：]*(?:(?:超大|特大|较大|默认|正常|标准|放大|缩小|恢复|[大中小特]|A\+?|T\+?|\+|-)"
        r"[\s\[\]【】〖〗()（）|｜]*)*"
    ),
    "networks": re.compile(
        r"[\sX×+|｜]*(?:(?:新浪|腾讯)?微博|微信(?:好友|朋友圈)?|QQ(?:空间|好友)?|qq|空间|头条|豆瓣|人人网|更多|[\sX×+|｜]+)*"
    ),
    "count": re.compile(r"\s*(?:[\d,]+|[-—]+)?\s*(?:人?次)?"),
    "date": re.compile(rf"\s*[(（\[]?\s*(?P<value>{DATE})?"),
}
# Shapes of values that run on to the next item or the end of the line.
FREE_SHAPES = {
    "short": re.compile(r"[^。；;！？]{0,30}"),
    "line": re.compile(r"[^。；！？]{0,120}"),
    "code": re.compile(r"[^。；;，,！？]{0,60}"),
    "organisation": re.compile(r"[^。；;！？，,:：]{0,60}"),
    "name": re.compile(r"[^。；;，,！？:：]{0,40}"),
    "contact": re.compile(r"[\w\s\-—()（）/·*+、，,]{0,40}"),
}


def squeeze(text: str) -> str:
    """Text without white space, to compare what was printed with what was printed elsewhere."""
    return "".join(text.split())


def _is_wrapped(value: str) -> bool:
    """Whether one pair of brackets holds the whole value: [某局]."""
    opener = _BRACKETS.get(value[-1])
    return value[0] == opener != "《" and value.count(opener) == value.count(value[-1]) == 1


def trim(value: str) -> str:
    """A value without separators and brackets that only close what its line had opened."""
    value = value.strip(_EDGE)
    while value:
        if (
            value[-1] in _BRACKETS and value.count(_BRACKETS[value[-1]]) < value.count(value[-1])
        ) or value[-1] in _OPENERS:
            value = value[:-1].rstrip(_EDGE)
        elif value[0] in _BRACKETS:
            value = value[1:].lstrip(_EDGE)
        elif _is_wrapped(value):
            value = value[1:-1].strip(_EDGE)
        else:
            break
    return "" if value in EMPTY else value
