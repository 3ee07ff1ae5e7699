"""The signature (落款) of a document: who signs, and the date, in figures or Han numerals."""

from __future__ import annotations

import re
from datetime import date

_DIGIT = "〇○ＯOo零一二三四五六七八九十0-9０-９"
SIGNED_DATE = re.compile(
    rf"(?P<year>[{_DIGIT}]{{4}})\s?年\s?(?P<month>[{_DIGIT}]{{1,3}})\s?月\s?(?P<day>[{_DIGIT}]{{1,3}})\s?日"
)
_DOTTED = re.compile(r"(?P<year>20\d\d)\s?[.．]\s?(?P<month>\d{1,2})\s?[.．]\s?(?P<day>\d{1,2})")
_MONTH = re.compile(rf"[{_DIGIT}]{{4}}\s?年\s?[{_DIGIT}]{{1,3}}\s?月")
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9（）()〇·\-、\s]{0,60}"
    r"(?:政府|委员会|委|厅|局|部|办公室|办|处|院|署|党组|党委|街道|街|镇|乡|中心|会|司|所|队|站|集团|公司|学校|大学)"
    r"(?:[（(][^）)]{1,30}[）)])?"
)
_BRACKETED = re.compile(r"[（(\[【][^（(\[【）)\]】]*[）)\]】]")
_SPREAD = re.compile(r"(?:\S[ \u3000\xa0]+){3,}\S")
"""A line set wide, with a space after each character: 某 县 人 民 政 府."""
_HAN = {c: i for i, c in enumerate("零一二三四五六七八九")} | dict.fromkeys("〇○ＯOo", 0)
_DATE_ENDS = frozenset("日）)】]")
LONGEST = 60
"""Characters of a line of a signature; a longer one is text."""


def parse_date(text: str) -> date | None:
    """The first full date 年月日 in the text, if it is a day of the calendar."""
    match = SIGNED_DATE.search(text)
    return _day(match) if match else None


def _day(match: re.Match[str]) -> date | None:
    year, month, day = (_number(match[part]) for part in ("year", "month", "day"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def is_month(text: str) -> bool:
    """Whether a line is the date of a signature that names no day, such as 2025年2月."""
    return _MONTH.fullmatch(_bare(text)) is not None


def is_signer(text: str) -> bool:
    """Whether a line is the name of a body that could sign, and no more."""
    name = _bare(text)
    return 2 <= len(name) <= LONGEST and _ORGANISATION.fullmatch(name) is not None


def split_signature(text: str) -> tuple[str, date] | None:
    """(signer or "", date) of a line that is a date, alone or after the signer's name.

    A date with dots is one only where a signer is named, which the caller must see to.
    """
    line = text.strip()
    if len(line) > LONGEST or not (line[-1:] in _DATE_ENDS or line[-1:].isdecimal()):
        return None
    bare = _bare(line)
    match = SIGNED_DATE.search(bare) or _DOTTED.search(bare)
    if match is None or match.end() != len(bare):
        return None
    signed = _day(match)
    signer = bare[: match.start()].strip()
    if signed is None or (signer and not is_signer(signer)):
        return None
    return signer, signed


def set_close(line: str) -> str:
    """A line that is set wide without the spaces; any other as it is."""
    return "".join(line.split()) if _SPREAD.fullmatch(line) else line


def _bare(text: str) -> str:
    """A line without the brackets around the whole of it, and without spaces if it is set wide."""
    line = set_close(text.strip())
    return line[1:-1].strip() if _BRACKETED.fullmatch(line) else line


def _number(text: str) -> int:
    """Figures, Han numerals digit by digit (二〇二四), or with 十 (十二, 二十一)."""
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_number(tens) if tens else 1) * 10 + (_number(ones) if ones else 0)
    value = 0
    for character in text:
        digit = _HAN.get(character)
        value = value * 10 + (int(character) if digit is None else digit)
    return value
