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

from ingest.figures.numbers import Number
from ingest.figures.words import Span

LONGEST = 800
"""Characters of a sentence; a longer one is cut at a comma, so that time stays linear."""
_STOPS = "。；;！？!?\\n"
_SENTENCE = re.compile(
    rf"[^{_STOPS}]{{1,{LONGEST}}}(?=[{_STOPS}，,]|\Z)|[^{_STOPS}]{{1,{LONGEST}}}"
)
_ASIDE = re.compile(r"[（(][^（()）]{0,200}[）)]")
_PAUSE = re.compile(r"[，：:]|,(?![0-9]{3}(?![0-9]))|(?<![0-9]),")
"""Not the comma of 1,234."""
_SEPARATOR = re.compile(r"、|以及|和|及(?!时|格)|与|并(?!购|联|网)|(?=共|累计|其中)")
_LINK = re.compile(
    r"(?:\s|其中|已|共计?|合计|总计|累计|总[数量]|数量|达到?|为|有|约|均|全部|都|也|则|即|各|计|就|了|"
    r"全年|今年|本年度|年内|占比?|分别|[“”\"])*"
)
_FROM = re.compile(r"(?:由|从|[较比])[^，,、]{0,14}$")
_TO = re.compile(
    r"[^，,、]{0,6}?(?:提高|提升|上升|增加|增长|下降|降低|压缩|压减|缩短|减少|扩大|调整|精简|优化|"
    r"扩展|拓展|增|降|升|减)(?:至|到|为)"
)
_RESPECTIVELY = re.compile(r"分别(?:为|是|达到?|有|共|占|约)?\s?$")
_LABELS = re.compile(r"、|以及|和|及(?!时|格)|与")


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
        yield from _shared(text, _clauses(text, (start + 1, end - 1), inner, ()), place)
    outer = numbers
    if asides:
        outer = [n for n in numbers if not any(s < n.digits < e for s, e in asides)]
    place = _Place(sentence, paragraph, False, tuple(closed), measures)
    yield from _shared(text, _clauses(text, sentence, outer, closed), place)


def _clauses(
    text: str, span: Span, numbers: Sequence[Number], closed: Sequence[Span]
) -> list[tuple[Span, list[Number]]]:
    """The clauses of a span with the numbers in each."""
    taken = [*closed, *((number.start, number.end) for number in numbers)]
    cuts = [
        place
        for place in (match.start() for match in _PAUSE.finditer(text, *span))
        if not _lies_in(place, taken)
    ]
    bounds = [span[0], *(cut + 1 for cut in cuts)]
    ends = [*cuts, span[1]]
    return [
        ((start, end), [n for n in numbers if start <= n.digits < end])
        for start, end in zip(bounds, ends, strict=True)
    ]


def _lies_in(place: int, spans: Sequence[Span]) -> bool:
    return any(start <= place < end for start, end in spans)


def _shared(
    text: str, clauses: Sequence[tuple[Span, list[Number]]], place: _Place
) -> Iterator[Mention]:
    silent: Span | None = None
    part = False
    listed: list[Span] = []
    names: Span | None = None
    for clause, numbers in clauses:
        if not numbers:
            words = text[slice(*clause)].strip()
            part = part or words.startswith("其中")
            if not _LINK.fullmatch(words):
                silent = clause
            continue
        aside = [number for number in numbers if _is_measure(text, clause, number, place.measures)]
        counting = [number for number in numbers if number not in aside] if aside else numbers
        for number in aside:
            before, after = (clause[0], number.start), (number.end, clause[1])
            yield _mention(number, before, after, None, clause, place, part, measure=True)
        if not counting:
            continue
        befores, afters = _split(text, clause, counting)
        labels, listed = _labels(text, silent, befores, counting, listed)
        if labels[0] and _RESPECTIVELY.search(text[slice(*befores[0])]):
            names = (labels[0][0], befores[0][1])
        for number, before, after, label in zip(counting, befores, afters, labels, strict=True):
            part = part or "其中" in text[slice(*before)]
            said = label
            if said is None and silent and _silent(text, before, after):
                said = silent
            silent = None
            yield _mention(
                number, before, after, said, clause, place, part, names if label else None
            )
        silent = None


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
    return number.unit in measures or left_behind(text, clause, number)


def left_behind(text: str, clause: Span, number: Number) -> bool:
    """Whether a number is the value that another came from: 由81%提高到93.5%."""
    if not _TO.match(text, number.end, number.end + 16):
        return False
    return bool(_FROM.search(text[max(clause[0], number.start - 24) : number.start]))


def _silent(text: str, before: Span, after: Span) -> bool:
    return bool(_LINK.fullmatch(text[slice(*before)])) and after[1] - after[0] < 2


def _split(text: str, clause: Span, numbers: Sequence[Number]) -> tuple[list[Span], list[Span]]:
    """The spans before and after each number of a clause."""
    befores: list[Span] = []
    afters: list[Span] = []
    left = clause[0]
    for index, number in enumerate(numbers):
        befores.append((min(left, number.start), number.start))
        if index + 1 == len(numbers):
            afters.append((number.end, clause[1]))
            break
        gap = (number.end, max(number.end, numbers[index + 1].start))
        cut = None
        for match in _SEPARATOR.finditer(text, *gap):
            cut = match
        afters.append((gap[0], cut.start()) if cut else gap)
        left = cut.end() if cut else gap[0]
    return befores, afters


def _labels(
    text: str,
    silent: Span | None,
    befores: Sequence[Span],
    numbers: Sequence[Number],
    listed: list[Span],
) -> tuple[list[Span | None], list[Span]]:
    """The label of each number in a 分别为 list; what is left of it goes on to the next clause."""
    waiting = listed
    first = text[slice(*befores[0])]
    match = _RESPECTIVELY.search(first) if "分别" in first else None
    if match:
        start = befores[0][0]
        names = (start, start + match.start())
        if match.start() < 2 and silent is not None:
            names = silent
        waiting = list(_pieces(text, names))
    elif not waiting or first.strip():
        return [None] * len(numbers), []
    labels: list[Span | None] = [None] * len(numbers)
    if match and len(waiting) == 1:
        return [waiting[0]] * len(numbers), []
    for index in range(len(numbers)):
        if waiting and (index == 0 or befores[index][0] >= befores[index][1]):
            labels[index] = waiting.pop(0)
    return labels, waiting


def _pieces(text: str, span: Span) -> Iterator[Span]:
    start = span[0]
    for match in _LABELS.finditer(text, *span):
        yield (start, match.start())
        start = match.end()
    yield (start, span[1])
