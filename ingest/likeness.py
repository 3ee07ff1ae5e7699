"""When a labelled item and a found one are the same: places, values, text. Pure.

Places are compared in characters that are not white, so that spacing of a body does not matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Item = Mapping[str, Any]
"""An indicator, a fact or a look-alike under the names of `fazhi extract`."""

_WHITE = re.compile(r"[\s\u200b-\u200d\ufeff]+")
_ALIKE = str.maketrans("〔〕﹝﹞【】“”‘’—–～∶﹣", "[][][]\"\"''--~:-")


def in_sentence(body: str, start: int | None, end: int | None) -> str:
    """The sentence around a place of a body, the place itself in 【】."""
    if start is None or end is None or not 0 <= start <= end <= len(body):
        return ""
    ends = "。;；!！?？\n"
    first = max(body.rfind(mark, 0, start) for mark in ends) + 1
    after = [place for mark in ends if (place := body.find(mark, end)) >= 0]
    last = min(after, default=len(body) - 1) + 1
    return f"{body[first:start]}【{body[start:end]}】{body[end:last]}".strip()


def matched(
    found: Sequence[Item], wanted: Sequence[Item], alike: Callable[[Item, Item], bool]
) -> dict[int, int]:
    """Each wanted with the first found that is alike and not taken yet."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for number, item in enumerate(wanted):
        for other, candidate in enumerate(found):
            if other not in taken and alike(candidate, item):
                pairs[number] = other
                taken.add(other)
                break
    return pairs


def same(one: float, other: float) -> bool:
    """Whether two values are equal but for rounding."""
    return abs(one - other) <= 1e-6 * max(1, abs(other))


def folded(text: object) -> str:
    """Text without white space, variants of a character written alike."""
    plain = _WHITE.sub("", str(text or ""))
    return unicodedata.normalize("NFKC", plain).translate(_ALIKE).replace("--", "-")


def place(body: str, item: Item) -> tuple[int, int] | None:
    """Where an item stands, in characters that are not white; None where it does not say."""
    start, end = item.get("start"), item.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        return None
    return _solid(body, start), _solid(body, end)


def _solid(body: str, offset: int) -> int:
    return len(_WHITE.sub("", body[:offset]))


def overlap(one: tuple[int, int] | None, other: tuple[int, int] | None, near: int = 0) -> bool:
    """Whether two places share a character, or are less than ``near`` apart."""
    if one is None or other is None:
        return False
    return one[0] - near < other[1] and other[0] - near < one[1]
