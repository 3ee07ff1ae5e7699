"""Numbers in their clause: which words are said of which number.

A clause is what stands between commas. A number's own words are those of its clause, shared out
where a clause holds several numbers; where its clause says nothing but 达 or 共, the clause before
speaks for it, and in 分别为 lists the label that comes at its turn.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.figures.clauses import (
    LINK,
    RESPECTIVELY,
    clauses,
    is_change,
    is_passed,
    is_silent,
    labels_of,
    left_behind,
    shares,
)
from ingest.figures.numbers import Number
from ingest.figures.words import Span

LONGEST = 800
"""Characters of a sentence; a longer one is cut at a comma, so that time stays linear."""
_STOPS = "。；;！？!?\\n"
_SENTENCE = re.compile(
    rf"[^{_STOPS}]{{1,{LONGEST}}}(?=[{_STOPS}，,]|\Z)|[^{_STOPS}]{{1,{LONGEST}}}"
)
_ASIDE = re.compile(r"[（(][^（()）]{0,200}[）)]")


class Mention(NamedTuple):
    """A number with its own words: ``before`` ends where it begins, ``after`` begins where it
    ends. ``label`` is set in 分别为 lists and where the clause before speaks for it. ``aside``: in
    parentheses; ``part``: after 其中 in its sentence. ``paragraph`` is where that begins.
    """

    number: Number
    before: Span
    after: Span
    label: Span | None
    clause: Span
    sentence: Span
    paragraph: int
    aside: bool
    part: bool
    skipped: tuple[Span, ...] = ()
    """Parentheses of its sentence, whose words are not its own."""
    names: Span | None = None
    """All the labels of its 分别为 list; then the label alone says what the number is."""
    measure: bool = False
    """A length of time, a number of times or a value that was left (由81%): it says something of
    another number rather than of a thing."""

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where its own words stand."""
        if self.label and self.names:
            return (self.label, self.after)
        if self.label:
            return (self.label, self.before, self.after)
        return (self.before, self.after)


@dataclass(frozen=True, slots=True)
class _Place:
    """The sentence that a number stands in."""

    sentence: Span
    paragraph: int
    aside: bool
    skipped: tuple[Span, ...]
    measures: frozenset[str]


def mentions(
    text: str, numbers: Sequence[Number], measures: frozenset[str] = frozenset()
) -> list[Mention]:
    """Every number in its clause, in order. ``measures`` are the units of time."""
    found: list[Mention] = []
    starts = [number.digits for number in numbers]
    paragraph = end = 0
    for match in _SENTENCE.finditer(text):
        paragraph = max(paragraph, text.rfind("\n", end, match.start()) + 1)
        end = match.end()
        low = bisect_left(starts, match.start())
        high = bisect_left(starts, match.end())
        if low < high:
            found += _sentence(text, match.span(), paragraph, numbers[low:high], measures)
    found.sort(key=lambda mention: mention.number.digits)
    return found


def _sentence(
    text: str,
    sentence: Span,
    paragraph: int,
    numbers: Sequence[Number],
    measures: frozenset[str],
) -> Iterator[Mention]:
    closed: list[Span] = []
    asides: list[Span] = []
    for match in _ASIDE.finditer(text, *sentence):
        closed.append(match.span())
        if any(match.start() < number.digits < match.end() for number in numbers):
            asides.append(match.span())
    for start, end in asides:
        inner = [number for number in numbers if start < number.digits < end]
        place = _Place(sentence, paragraph, True, (), measures)
        yield from _shared(text, clauses(text, (start + 1, end - 1), inner, ()), place)
    outer = numbers
    if asides:
        outer = [n for n in numbers if not any(s < n.digits < e for s, e in asides)]
    place = _Place(sentence, paragraph, False, tuple(closed), measures)
    yield from _shared(text, clauses(text, sentence, outer, closed), place)


def _shared(
    text: str, parts: Sequence[tuple[Span, list[Number]]], place: _Place
) -> Iterator[Mention]:
    silent: Span | None = None
    part = False
    listed: list[Span] = []
    names: Span | None = None
    for clause, numbers in parts:
        if not numbers:
            words = text[slice(*clause)].strip()
            part = part or words.startswith("其中")
            if not LINK.fullmatch(words):
                silent = clause
            continue
        aside = [number for number in numbers if _is_measure(text, clause, number, place.measures)]
        counting = [number for number in numbers if number not in aside] if aside else numbers
        for number in aside:
            before, after = (clause[0], number.start), (number.end, clause[1])
            yield _mention(number, before, after, None, clause, place, part, measure=True)
        if not counting:
            if is_passed(text, aside[-1]):
                silent = (clause[0], aside[-1].start)
            continue
        befores, afters = shares(text, clause, counting)
        labels, listed = labels_of(text, silent, befores, counting, listed)
        if labels[0] and RESPECTIVELY.search(text[slice(*befores[0])]):
            names = (labels[0][0], befores[0][1])
        for number, before, after, label in zip(counting, befores, afters, labels, strict=True):
            part = part or "其中" in text[slice(*before)]
            said = label
            if said is None and silent and is_silent(text, before, after):
                said = silent
            silent = None
            yield _mention(
                number, before, after, said, clause, place, part, names if label else None
            )
        if len(counting) == 1 and is_change(text, counting[0]):
            silent = befores[0]


def _mention(
    number: Number,
    before: Span,
    after: Span,
    label: Span | None,
    clause: Span,
    place: _Place,
    part: bool,
    names: Span | None = None,
    *,
    measure: bool = False,
) -> Mention:
    return Mention(
        number=number,
        before=before,
        after=after,
        label=label,
        clause=clause,
        sentence=place.sentence,
        paragraph=place.paragraph,
        aside=place.aside,
        part=part,
        skipped=place.skipped,
        names=names,
        measure=measure,
    )


def _is_measure(text: str, clause: Span, number: Number, measures: frozenset[str]) -> bool:
    if number.unit in measures or is_passed(text, number):
        return True
    return left_behind(text, clause, number)
