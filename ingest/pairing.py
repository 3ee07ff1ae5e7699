"""Which paragraph of one version became which of another. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

ALIKE = 0.4
"""Share of neighbouring characters in common from which two paragraphs are one that was changed."""
MOST_PAIRS = 20_000
"""Paragraphs times paragraphs that are weighed against each other; beyond, by their order."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as printed and as compared; ``section`` as in ParagraphChange."""

    text: str
    canonical: str
    section: tuple[str, ...]


def pairs(
    old: list[Paragraph], new: list[Paragraph]
) -> Iterator[tuple[Paragraph | None, Paragraph | None]]:
    """Which paragraph became which, in order; None where there is no counterpart."""
    if [p.canonical for p in old] == [p.canonical for p in new]:
        yield from zip(old, new, strict=True)
        return
    place, other = 0, 0
    for first, second in (*_matches(old, new), (len(old), len(new))):
        yield from ((paragraph, None) for paragraph in old[place:first])
        yield from ((None, paragraph) for paragraph in new[other:second])
        if first < len(old):
            yield old[first], new[second]
        place, other = first + 1, second + 1


def _matches(old: list[Paragraph], new: list[Paragraph]) -> list[tuple[int, int]]:
    """Pairs in order whose likenesses have the largest sum."""
    if len(old) * len(new) > MOST_PAIRS:
        return [(n, n) for n in range(min(len(old), len(new))) if _alike(old[n], new[n]) >= ALIKE]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    paired = {}
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            alike = _alike(old[i], new[j])
            with_pair = best[i + 1][j + 1] + alike if alike >= ALIKE else -1.0
            best[i][j] = max(with_pair, best[i + 1][j], best[i][j + 1])
            paired[i, j] = with_pair == best[i][j]
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if paired[i, j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _alike(one: Paragraph, other: Paragraph) -> float:
    """Share of pairs of neighbouring characters that the shorter has in common with the longer."""
    pairs, others = _neighbours(one.canonical), _neighbours(other.canonical)
    return len(pairs & others) / max(1, min(len(pairs), len(others)))


def _neighbours(text: str) -> set[tuple[str, str]]:
    return set(pairwise(text))
