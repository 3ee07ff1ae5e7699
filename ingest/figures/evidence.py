"""Where a number is proved, and in which section it stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ingest.figures.mentions import Mention
from ingest.figures.words import Span, Token
from ingest.records import Section


def evidence(
    text: str, mention: Mention, classes: frozenset[str] = frozenset(), own: Sequence[Token] = ()
) -> Span:
    """The run of text that proves a number: its own words from the first to the last needed."""
    start = mention.before[0]
    if mention.label and text[mention.label[1] : mention.before[0]].strip("，,") == "":
        start = mention.label[0]
    end = mention.number.end
    for token in own:
        if token.start >= end and classes & token.word.classes:
            end = max(end, token.end)
    while start < mention.number.start and text[start] in " 、，,：:\u3000":
        start += 1
    return start, end


class Places:
    """Which section a place is in; sections are in order of their start."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._starts = [section.start for section in sections]
        self._ends = [section.end for section in sections]

    def section_of(self, place: int) -> int | None:
        """The index of the innermost section around a place."""
        index = bisect_right(self._starts, place) - 1
        while index >= 0 and self._ends[index] <= place:
            index -= 1
        return index if index >= 0 else None
