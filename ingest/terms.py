"""What a report can be found by: one set of numbers, which PostgreSQL's stock GIN index holds.

Each number is a word (or a mark) hashed, always negative; or a pair of neighbouring characters
that is no word of the report, hashed into PAIRS numbers from 0 up. Words make search exact and
fast, pairs let any run of characters be found, across words too; the text itself has the last
word. Marks: ``^`` a word of the title or a heading, ``+`` a word that is used often, ``~`` two
neighbours from two words that would be a word themselves (法院 in 司法院校), ``@`` a division,
``#`` a level, ``%`` a role of a section. The same hashes are made in SQL (search_key,
search_pair); docs/decisions/0019 says why numbers and not a tsvector.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.records import Region, Section
from ingest.tokens import (
    RUN,
    WORDS_REMEMBERED,
    count_words,
    dictionary_version,
    fold,
    foldings,
    words_of_two,
    words_within,
)

PAIRS = 1 << 17
"""A rare pair is then looked for in one report of a hundred: 10,000 of a million."""
OFTEN = 4
"""How many times a word stands in a report that is about it."""
_WIDTH = 21
"""Bits of a code point."""
_LOW = (1 << _WIDTH) - 1
_LANE = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """A report as the index has it. ``folds_from`` and ``folds_to`` make the printed text the
    folded one (SQL: translate); both None where they are the same."""

    folds_from: str | None
    folds_to: str | None
    dictionary: str
    terms: list[int]


def make_entry(
    title: str | None, body: str | None, sections: Sequence[Section], region: Region | None
) -> Entry:
    """What the index has of a report. Pure."""
    text = "\n".join(part for part in (title, body) if part)
    printed, plain = foldings(text)
    folded = fold(text) if printed else text
    headings = fold("\n".join([title or "", *(part.heading or "" for part in sections)]))
    terms = _word_keys(folded, headings)
    terms.update(key(mark) for mark in marks(region, sections))
    return Entry(printed or None, plain or None, dictionary_version(), list(terms))


def marks(region: Region | None, sections: Iterable[Section]) -> set[str]:
    """What filters go by: the division and all above it, its level, the roles of the sections."""
    found = {f"%{part.role.value}" for part in sections if part.role}
    if region is not None:
        found |= {f"@{region.adcode[:size]}" for size in (2, 4, 6, 9, 12)}
        found |= {f"@{name}" for name in region.path}
        found.add(f"#{region.level}")
    return found


@lru_cache(maxsize=WORDS_REMEMBERED)
def key(term: str) -> int:
    """The number of a word or mark: the first 31 bits of its SHA-256, below zero."""
    digest = hashlib.sha256(term.encode()).digest()
    return (int.from_bytes(digest[:4]) | 0x8000_0000) - (1 << 32)


def pair(first: str, second: str) -> int:
    """The number of two neighbouring characters that belong to two words."""
    code = _code(first, second)
    return _across(code) if code in _words_of_two() else _pairs([code])[0]


def _word_keys(folded: str, headings: str) -> set[int]:
    counts = count_words(folded)
    found = list(map(_expand, counts))
    terms = set[int]().union(*(keys for keys, _ in found))
    terms.update(
        _marked("+", word) for word, count in counts.items() if count >= OFTEN and len(word) > 1
    )
    for word in count_words(headings):
        terms.update(_marked("^", part) for part in (word, *words_within(word)) if len(part) > 1)
    across = _neighbours(folded).difference(*(pairs for _, pairs in found))
    words = across & _words_of_two()
    terms.update(map(_across, words))
    terms.update(_pairs(across - words))
    return terms


@lru_cache(maxsize=WORDS_REMEMBERED)
def _marked(mark: str, word: str) -> int:
    return key(mark + word)


@lru_cache(maxsize=WORDS_REMEMBERED)
def _expand(word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The numbers of a word and the words in it; and the pairs that some of these are already."""
    words = [part for part in (word, *words_within(word)) if len(part) > 1]
    pairs = [_code(part[0], part[1]) for part in words if len(part) == 2]
    return tuple(key(part) for part in words), tuple(pairs)


@cache
def _words_of_two() -> frozenset[int]:
    """The code of each word of two characters."""
    return frozenset(_code(*word) for word in words_of_two())


@lru_cache(maxsize=WORDS_REMEMBERED)
def _across(code: int) -> int:
    """The number of a word of two characters where it stands across words."""
    return key(f"~{chr(code >> _WIDTH)}{chr(code & _LOW)}")


# A report has thousands of pairs. Python counts one by one, but adds and multiplies a number of
# any length at once: a sequence is one long number, each member in a lane of its own.


def _code(first: str, second: str) -> int:
    return ord(first) << _WIDTH | ord(second)


def _neighbours(folded: str) -> set[int]:
    """The codes of all two characters that stand side by side in a run."""
    characters = "\0".join(RUN.findall(folded))
    lanes = array("Q", array("I", characters.encode("utf-32-le")))
    row = int.from_bytes(lanes.tobytes(), "little")
    codes = array("Q", ((row << _WIDTH) + (row >> _LANE)).to_bytes(len(lanes) * 8 + 8, "little"))
    # Runs are parted by a zero, which is no neighbour.
    return {code for code in set(codes) if code > _LOW and code & _LOW}


def _pairs(codes: Collection[int]) -> array[int]:
    """The numbers of pairs: first * 7919 + second, the last bits of it."""
    lanes = array("Q", codes)
    row = int.from_bytes(lanes.tobytes(), "little")
    low = row & _every_lane(len(lanes), _LOW)
    high = (row - low) >> _WIDTH
    numbers = (high * 7919 + low) & _every_lane(len(lanes), PAIRS - 1)
    return array("Q", numbers.to_bytes(len(lanes) * 8, "little"))


@lru_cache(maxsize=4096)
def _every_lane(count: int, value: int) -> int:
    return int.from_bytes(array("Q", [value] * count).tobytes(), "little")
