"""The value of a numeral: Arabic with scales (2亿3千万), or Chinese (一百二十)."""

from __future__ import annotations

DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
HAN_NUMERALS = "".join(DIGITS) + "".join(SMALL) + "".join(LARGE)


def han_value(text: str) -> float | None:
    """The value of a Chinese numeral, ``点`` for the decimal point; None if it is not one."""
    whole, point, decimals = text.partition("点")
    value = _han_whole(whole)
    if value is None or not point:
        return value
    if not decimals or any(digit not in DIGITS for digit in decimals):
        return None
    return value + float("0." + "".join(str(DIGITS[digit]) for digit in decimals))


def _han_whole(text: str) -> float | None:
    if not text or any(character not in HAN_NUMERALS for character in text):
        return None
    if len(text) > 1 and all(character in DIGITS for character in text):
        return float("".join(str(DIGITS[character]) for character in text))
    total = section = digit = 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in SMALL:
            section += (digit or 1) * SMALL[character]
            digit = 0
        elif character == "万":
            total += (section + digit or 1) * LARGE[character]
            section = digit = 0
        else:
            total = (total + section + digit or 1) * LARGE[character]
            section = digit = 0
    return float(total + section + digit)


def scale_value(scale: str) -> float:
    """The factor of a scale: 万, 亿, 千万, 百万, 万亿 ...; 1 for none."""
    factor = 1
    for character in scale:
        factor *= SMALL.get(character) or LARGE.get(character) or 1
    return float(factor)
