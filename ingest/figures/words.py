"""Words of the rules in a text: the longest at each place, with its classes and its topic."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

Span = tuple[int, int]
_HALVES = re.compile("[\ud800-\udfff]")


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
    """Finds words, all at once (Aho-Corasick); time is linear in text and words found."""

    def __init__(self, words: Mapping[str, Word]) -> None:
        self._words = list(words.values())
        self._automaton = AhoCorasick(list(words))

    def tokens(self, text: str, start: int = 0, end: int | None = None) -> list[Token]:
        """The words between two places of a text in order; none lies within another, but one may
        begin in another and reach beyond it (普法宣传, 宣传单)."""
        found: list[Token] = []
        words = self._words
        last_start = last_end = -1
        # In the order of their ends, of one end the longest first: what lies within another is
        # either followed by it, or comes right after it.
        for word, first, until in self._matches(text[start:end]):
            if until == last_end:
                continue
            while last_start >= first:
                found.pop()
                last_start = found[-1].start - start if found else -1
            found.append(Token(first + start, until + start, words[word]))
            last_start, last_end = first, until
        return found

    def _matches(self, text: str) -> list[tuple[int, int, int]]:
        try:
            return self._automaton.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:  # half of a surrogate pair
            return self._matches(_HALVES.sub("\ufffd", text))


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
