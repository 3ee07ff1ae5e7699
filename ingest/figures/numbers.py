"""Every number of a text, with its unit, qualifier and place.

``1.5万余份``, ``3至5个``, ``２０％``, ``百分之九十``, ``43余次``, ``2亿3千万元``. In a list like
``5、3、2件`` the last unit is that of all. Dates, names and numbering are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ingest.figures.number_rules import Nothing, NumberRules
from ingest.figures.numerals import HAN_NUMERALS, han_value, scale_value

FOLD = str.maketrans("０１２３４５６７８９％．～－﹣＋", "0123456789%.~--+")
"""Full-width forms, one character for one, so that offsets stay."""
LARGEST = 1e15
"""More than anything that is counted in a report: such digits are a code."""
_FULL_WIDTH = re.compile("[０-９％．～－﹣＋]")
_NUM = r"[0-9](?:[0-9]{0,2}(?:,[0-9]{3})+(?![0-9])|[0-9]*)(?:\.[0-9]+)?"
_SCALE = r"(?:[百千]?[万亿]|万亿|[百千](?![瓦米克分]))"
_BARE_END = re.compile(r"\s?(?:[，,。；;、)）\n]|$)")
_JOINED = re.compile(r"[.+A-Za-z]\d")
"""A digit after one of these is part of a name or a version."""
_LIST_GAP = re.compile(r"\s?(?:[、，,]|和|与|及|以及)\s?")
_VAGUE = "数几上成好若"
"""Before 十, 百, 千 or 万 these make no number: 数十次."""


class Number(NamedTuple):
    """A number as printed. ``start`` to ``end`` spans qualifier, digits and unit; ``digits`` is
    where the digits begin. ``value_to`` is the upper end of a range. ``decimals`` counts the
    printed decimal places and ``scale`` is the factor printed (万): both tell the precision.
    """

    value: float
    unit: str | None
    qualifier: str | None
    start: int
    digits: int
    end: int
    value_to: float | None = None
    decimals: int = 0
    scale: float = 1.0


@dataclass(frozen=True)
class NumberReader:
    """Reads numbers by one rule set."""

    rules: NumberRules

    @cached_property
    def _arabic(self) -> re.Pattern[str]:
        inner = f"[{self.rules.inner}]"
        return re.compile(
            rf"(?P<num>{_NUM})(?:%?\s?(?:--|——|[~\-—–至到])\s?(?P<to>{_NUM})(?=\D))?"
            rf"\s?(?P<mid>{inner})?(?P<scale>{_SCALE})?"
            rf"(?:(?P<more>\d+(?:\.\d+)?)(?P<more_scale>[百千]?万|千))?(?P<late>{inner})?"
            rf"\s?(?P<unit>{self.rules.units})?"
        )

    @cached_property
    def _han(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?P<num>[{HAN_NUMERALS}]{{1,12}}+)(?:分之(?P<percent>[{HAN_NUMERALS}点]{{1,12}})"
            rf"|(?P<mid>[{self.rules.inner}])?(?P<scale>[万亿])?(?P<unit>{self.rules.numeral_units})"
            r"|(?P<zero>(?=[”\"]?败诉)))"
        )

    @cached_property
    def _asked_of(self) -> dict[tuple[str, bool], tuple[Nothing, ...]]:
        return {}

    @cached_property
    def _after(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.rules.after)) or "(?!)")

    @cached_property
    def _last_of_qualifiers(self) -> frozenset[str]:
        return frozenset(word[-1] for word in self.rules.before)

    def read(self, text: str) -> list[Number]:
        """The numbers of a text in order. One without unit has ``unit`` None."""
        folded = text.translate(FOLD) if _FULL_WIDTH.search(text) else text
        found = [*self._read_arabic(folded), *self._read_han(folded)]
        found.sort(key=lambda number: number.digits)
        return _share_units(folded, found)

    def _read_arabic(self, text: str) -> Iterator[Number]:
        for match in self._arabic.finditer(text):
            start, end = match.span()
            if _JOINED.match(text, max(0, start - 1)):
                continue
            unit = match["unit"]
            if unit is None and not _BARE_END.match(text, end):
                continue
            yield from self._finish(text, match, unit, _arabic_value(match), han=False)

    def _read_han(self, text: str) -> Iterator[Number]:
        for match in self._han.finditer(text):
            if match["zero"] is not None:
                if match["num"] == "零":
                    yield Number(0.0, None, None, match.start(), match.start(), match.end())
                continue
            if match["percent"]:
                value = han_value(match["percent"])
                if value is not None and match["num"] == "百":
                    yield from self._finish(text, match, "%", value, han=True)
                continue
            before = text[max(0, match.start() - 1) : match.start()]
            numeral = match["num"]
            if before and (before in _VAGUE or before.isdigit() or before in HAN_NUMERALS):
                continue
            if numeral[0] in "百千万亿" and not match["mid"] and before not in "近逾超约":
                continue
            value = han_value(numeral)
            if value is not None:
                value *= scale_value(match["scale"] or "")
                yield from self._finish(text, match, match["unit"], value, han=True)

    def _finish(
        self, text: str, match: re.Match[str], unit: str | None, value: float, *, han: bool
    ) -> Iterator[Number]:
        digits, end = match.span()
        if value > LARGEST:
            return
        for rule in self._asked(unit or "", han):
            if rule.holds(text, digits, end, value):
                return
        start, before = self._qualifier_before(text, digits)
        following = self._after.match(text, end)
        after = following[0] if following else None
        inner = match["mid"] or (None if han else match["late"])
        scale = scale_value(match["scale"] or "")
        upper = None if han else match["to"]
        yield Number(
            value=value,
            unit=unit,
            qualifier=_joined(before, inner, after),
            start=start,
            digits=digits,
            end=end + len(after or ""),
            value_to=None if upper is None else _plain(upper) * scale,
            decimals=0 if han else len(match["num"].partition(".")[2]),
            scale=scale,
        )

    def _asked(self, unit: str, han: bool) -> tuple[Nothing, ...]:
        """The rules for numbers that count nothing that concern such a number."""
        asked = self._asked_of.get((unit, han))
        if asked is None:
            asked = tuple(rule for rule in self.rules.nothing if rule.concerns(unit, han))
            self._asked_of[(unit, han)] = asked
        return asked

    def _qualifier_before(self, text: str, digits: int) -> tuple[int, str | None]:
        if text[digits - 1 : digits] not in self._last_of_qualifiers:
            return digits, None
        for word in self.rules.before:
            at = digits - len(word)
            if (
                at >= 0
                and text.startswith(word, at)
                and text[at - 1 : at] not in {"最", "附", "临"}
            ):
                return at, word
        return digits, None


def _plain(text: str) -> float:
    return float(text.replace(",", ""))


def _arabic_value(match: re.Match[str]) -> float:
    value = _plain(match["num"]) * scale_value(match["scale"] or "")
    if match["more"]:
        value += float(match["more"]) * scale_value(match["more_scale"])
    return round(value, 6)


def _joined(before: str | None, inner: str | None, after: str | None) -> str | None:
    """近 and 余 around one number are printed 近…余; the last word of several wins otherwise."""
    if before and inner:
        return f"{before}…{inner}"
    return before or inner or after


def _share_units(text: str, numbers: list[Number]) -> list[Number]:
    """In a list of bare numbers (5、3、2件) the last one's unit is that of all."""
    shared: list[Number] = []
    for number in reversed(numbers):
        following = shared[-1] if shared else None
        if (
            number.unit is None
            and following is not None
            and following.unit is not None
            and _LIST_GAP.fullmatch(text[number.end : following.start])
        ):
            shared.append(number._replace(unit=following.unit))
        else:
            shared.append(number)
    return shared[::-1]
