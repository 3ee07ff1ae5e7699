"""Where figures stand in a body and what they were taken for: for those who read over the rules."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from ingest.records import Indicator, Record


class Mark(NamedTuple):
    """A run of the body with a note; ``kind`` is ``indicator``, ``doubtful`` or ``fact``."""

    start: int
    end: int
    kind: str
    note: str


def marks(record: Record) -> tuple[Mark, ...]:
    """The marks of a record in order, none overlapping another; a fact that is an indicator too
    is marked as that."""
    free = 0
    kept: list[Mark] = []
    for mark in sorted([*_indicators(record), *_facts(record)]):
        if mark.start >= free:
            kept.append(mark)
            free = mark.end
    return tuple(kept)


def _indicators(record: Record) -> Iterator[Mark]:
    for (start, end), same in groupby(record.indicators, key=lambda item: (item.start, item.end)):
        items = list(same)
        kind = "doubtful" if any(item.doubtful for item in items) else "indicator"
        yield Mark(start, end, kind, "; ".join(_note(item) for item in items))


def _note(item: Indicator) -> str:
    told = f"{item.code} = {item.value:g}{item.unit or ''}, {item.period}, rule {item.rule}"
    subtype = f", {item.subtype}" if item.subtype else ""
    return f"{told}{subtype}" + (f": {item.doubtful}" if item.doubtful else "")


def _facts(record: Record) -> Iterator[Mark]:
    taken = [(item.start, item.end) for item in record.indicators]
    index = 0
    for fact in record.facts:
        while index < len(taken) and taken[index][1] <= fact.start:
            index += 1
        if index == len(taken) or taken[index][0] >= fact.end:
            note = f"{fact.value:g}{fact.unit} {fact.subject or ''}".strip()
            yield Mark(fact.start, fact.end, "fact", note)
