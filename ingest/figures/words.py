"""Words of the rules in a text: the longest at each place, with its classes and its topic."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import add
from typing import NamedTuple

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """What a word stands for: its classes, and the topic that it brings up, if any."""

    classes: frozenset[str]
    topic: str | None


class Token(NamedTuple):
    """A word at its place in the text."""

    start: int
    end: int
    word: Word


class Lexicon:
    """Finds words; time is linear in the text, whatever the number of words."""

    def __init__(self, words: Mapping[str, Word]) -> None:
        """``words`` have two characters or more."""
        self._words = dict(words)
        lengths: dict[str, set[int]] = {}
        for text in words:
            lengths.setdefault(text[:2], set()).add(len(text))
        self._lengths = {
            opening: tuple(sorted(found, reverse=True)) for opening, found in lengths.items()
        }

    def tokens(self, text: str, start: int = 0, end: int | None = None) -> list[Token]:
        """The words between two places of a text in order; none lies within another, but one may
        begin in another and reach beyond it (普法宣传, 宣传单)."""
        found: list[Token] = []
        until = len(text) if end is None else end
        part = text[start:until]
        free = start
        words = self._words.get
        # Four places of five begin no word: they are passed over without a turn of a loop.
        openings = map(self._lengths.get, map(add, part, part[1:]))
        for place, possible in [pair for pair in enumerate(openings, start) if pair[1]]:
            for length in possible or ():
                end_of_word = place + length
                if end_of_word <= free:
                    break
                word = words(text[place:end_of_word])
                if word is not None and end_of_word <= until:
                    free = end_of_word
                    found.append(Token(place, free, word))
                    break
        return found


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, to be asked by place."""

    all: Sequence[Token]
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> Tokens:
        """From tokens in order, none within another, so that their ends are in order too."""
        return cls(tokens, [token.start for token in tokens], [token.end for token in tokens])

    def within(self, spans: Iterable[Span]) -> list[Token]:
        """Those that lie in one of the spans."""
        found: list[Token] = []
        for start, end in spans:
            first = bisect_left(self.starts, start)
            found += self.all[first : bisect_right(self.ends, end, first)]
        return found

    def topic_before(self, place: int, start: int) -> str | None:
        """The topic brought up last between ``start`` and ``place``."""
        index = bisect_left(self.starts, place) - 1
        while index >= 0 and self.starts[index] >= start:
            topic = self.all[index].word.topic
            if topic is not None:
                return topic
            index -= 1
        return None

    def topic_after(self, place: int, end: int) -> str | None:
        """The topic brought up first between two places: 不予受理5件，受理复议申请60件."""
        for token in self.all[bisect_left(self.starts, place) :]:
            if token.end > end:
                return None
            if token.word.topic is not None:
                return token.word.topic
        return None
