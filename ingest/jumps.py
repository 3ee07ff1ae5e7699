"""Jumps: values that differ twentyfold from the same body's year before. Pure.

The year before is the best yardstick a value has outside its own report: a misplaced 万 or another
scope shows as a jump. A jump is a doubt, never a correction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FACTOR = 20
"""Counts of one body move two- or threefold between years at most; a misread 万 is 10,000-fold."""

Key = tuple[int, int]
"""Version and position: what names a value in the database."""


@dataclass(frozen=True, slots=True)
class YearlyValue:
    """A value of one body, with all that decides what it may be compared with.

    ``sound`` is False where its own report speaks against it: no yardstick for others.
    """

    key: Key
    year: int
    code: str
    subtype: str | None
    period: str
    unit: str | None
    value: float
    sound: bool = True

    @property
    def series(self) -> tuple[str, str | None, str, bool]:
        """Values of one series may be compared: the same thing, counted or as a rate."""
        return self.code, self.subtype, self.period, self.unit == "%"


def jumps(values: Iterable[YearlyValue]) -> dict[Key, str]:
    """Of one body's values, those that jump against the year before, each with the reason.

    Where the year before has several values of a series, one that is near is enough. A value that
    jumps is no yardstick for the year after. Zero is compared with nothing.
    """
    by_year: dict[int, list[YearlyValue]] = defaultdict(list)
    for value in values:
        by_year[value.year].append(value)
    found: dict[Key, str] = {}
    for year in sorted(by_year):
        yardsticks: dict[object, list[float]] = defaultdict(list)
        for before in by_year.get(year - 1, ()):
            if before.sound and before.key not in found:
                yardsticks[before.series].append(before.value)
        for value in by_year[year]:
            if reason := jump(value.value, yardsticks.get(value.series, ()), year - 1):
                found[value.key] = reason
    return found


def jump(value: float, before: Sequence[float], year: int) -> str | None:
    """Why ``value`` is not plausible beside the values of the ``year`` before it, or None."""
    yardsticks = [other for other in before if other > 0]
    if value <= 0 or not yardsticks:
        return None
    nearest = min(yardsticks, key=lambda other: max(value / other, other / value))
    ratio = max(value / nearest, nearest / value)
    if ratio < FACTOR:
        return None
    told = f"{ratio:.0f} times" if value > nearest else f"1/{ratio:.0f} of"
    return f"jump: {value:.15g} is {told} the {nearest:.15g} of {year}"
