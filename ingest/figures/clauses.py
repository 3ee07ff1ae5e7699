"""Clauses: what stands between pauses, shared out among the numbers in it. Pure text and spans."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from ingest.figures.numbers import Number
from ingest.figures.words import Span

_PAUSE = re.compile(r"[，：:]|,(?![0-9]{3}(?![0-9]))|(?<![0-9]),")
"""Not the comma of 1,234."""
_SEPARATOR = re.compile(
    r"、|以及|和|及(?!时|格)|与|并(?!购|联|网)|(?=共|累计|其中)|(?<=[件起宗份])中(?=[^中国央心级])"
)
LINK = re.compile(
    r"(?:\s|其中|已|共计?|合计|总计|累计|总[数量]|数量|达到?|为|有|约|均|全部|都|也|则|即|各|计|就|了|"
    r"全年|今年|本年度|年内|占比?|分别|[“”\"])*+"
)
_FROM = re.compile(r"(?:由|从|[较比])[^，,、]{0,14}$")
_TO = re.compile(
    r"[^，,、]{0,6}?(?:提高|提升|上升|增加|增长|下降|降低|压缩|压减|缩短|减少|扩大|调整|精简|优化|"
    r"扩展|拓展|增|降|升|减)(?:至|到|为)"
)
_CHANGED = re.compile(
    r"(?:增长|增加|上升|提高|提升|下降|降低|减少|回落|缩短)(?:了|幅度?|率|约|近|超过?)*\s?$"
)
_BEYOND = frozenset({"突破", "超过", "超", "逾"})
_REACHED = re.compile(r"(?:大关)?[，,](?:达到?|已达|为|增至)\s?\d")
RESPECTIVELY = re.compile(r"分别(?:为|是|达到?|有|共|占|约)?\s?$")
_LABELS = re.compile(r"、|以及|和|及(?!时|格)|与")


def _lies_in(place: int, spans: Sequence[Span]) -> bool:
    for start, end in spans:  # noqa: SIM110 - asked of every comma, a third of the time of any()
        if start <= place < end:
            return True
    return False


def clauses(
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
    parts: list[tuple[Span, list[Number]]] = [
        (bound, []) for bound in zip(bounds, ends, strict=True)
    ]
    for number in numbers:
        at = bisect_right(bounds, number.digits) - 1
        if at >= 0 and number.digits < ends[at]:
            parts[at][1].append(number)
    return parts


def left_behind(text: str, clause: Span, number: Number) -> bool:
    """Whether a number is the value that another came from: 由81%提高到93.5%."""
    if not _TO.match(text, number.end, number.end + 16):
        return False
    return bool(_FROM.search(text[max(clause[0], number.start - 24) : number.start]))


def is_change(text: str, number: Number) -> bool:
    """Whether a number tells by how much a value changed; the value may follow: 提高1.5个百分点，
    达到98.8%."""
    if number.unit in {"个百分点", "百分点"}:
        return True
    close = text[max(0, number.start - 10) : number.start]
    return number.unit in {"%", "倍"} and _CHANGED.search(close) is not None


def is_passed(text: str, number: Number) -> bool:
    """Whether a number is a mark that the value after it went beyond: 突破200件，达到213件."""
    if number.qualifier not in _BEYOND:
        return False
    return _REACHED.match(text, number.end, number.end + 8) is not None


def is_silent(text: str, before: Span, after: Span) -> bool:
    """Whether a number's own words say nothing but 达, 共 or 全年."""
    return bool(LINK.fullmatch(text[slice(*before)])) and after[1] - after[0] < 2


def shares(text: str, clause: Span, numbers: Sequence[Number]) -> tuple[list[Span], list[Span]]:
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
            if match.start() == gap[0] and match.end() > gap[0]:
                break  # 维持78件、撤销及确认违法14件: nothing of it is said of the first
        afters.append((gap[0], cut.start()) if cut else gap)
        if gap[0] < gap[1] and not (cut and _adds(text, clause, cut, number, numbers[index + 1])):
            left = cut.end() if cut else gap[0]
    return befores, afters


def _adds(text: str, clause: Span, cut: re.Match[str], number: Number, following: Number) -> bool:
    """Whether a number is only another measure of what the one before counts, as in 培训8期、
    580人次; of 培训8期580人次 both are said of the same anyway."""
    if number.unit == following.unit or cut.start() != number.end or cut.end() != following.start:
        return False
    return following.end == clause[1] or text[following.end] in "、和及"


def labels_of(
    text: str,
    silent: Span | None,
    befores: Sequence[Span],
    numbers: Sequence[Number],
    listed: list[Span],
) -> tuple[list[Span | None], list[Span]]:
    """The label of each number in a 分别为 list; what is left of it goes on to the next clause."""
    waiting = listed
    first = text[slice(*befores[0])]
    match = RESPECTIVELY.search(first) if "分别" in first else None
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
