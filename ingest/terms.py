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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

from ingest.records import Region, Section
from ingest.tokens import (
    RUN,
    WORDS_REMEMBERED,
    count_words,
    dictionary_version,
    fold,
    foldings,
    replace_all,
    words_of_two,
    words_within,
)

PAIRS = 1 << 17
"""A rare pair is then looked for in one report of a hundred: 10,000 of a million."""
OFTEN = 4
"""How many times a word stands in a report that is about it."""
_WIDTH = 16
"""Bits of a character in a code."""
_LOW = (1 << _WIDTH) - 1


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
    folded = replace_all(text, printed, plain)
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
    if first + second in words_of_two():
        return key(f"~{first}{second}")
    return (ord(first) * 7919 + ord(second)) & (PAIRS - 1)


def _word_keys(folded: str, headings: str) -> set[int]:
    counts = count_words(folded)
    found = list(map(_expand, counts))
    terms = set(chain.from_iterable([keys for keys, _ in found]))
    terms.update(
        _marked("+", word) for word, count in counts.items() if count >= OFTEN and len(word) > 1
    )
    for word in count_words(headings):
        terms.update(_marked("^", part) for part in (word, *words_within(word)) if len(part) > 1)
    across = _neighbours(folded)
    across.difference_update(chain.from_iterable([codes for _, codes in found]))
    words = across & _codes_of_two()
    terms.update(map(_across, words))
    across -= words
    terms.update([((code & _LOW) * 7919 + (code >> _WIDTH)) & (PAIRS - 1) for code in across])
    return terms


@lru_cache(maxsize=WORDS_REMEMBERED)
def _marked(mark: str, word: str) -> int:
    return key(mark + word)


@lru_cache(maxsize=WORDS_REMEMBERED)
def _expand(word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The numbers of a word and the words in it; and the codes that some of these are already."""
    words = [part for part in (word, *words_within(word)) if len(part) > 1]
    codes = _codes("".join([part for part in words if len(part) == 2]))
    return tuple(map(key, words)), tuple(codes)


@lru_cache(maxsize=WORDS_REMEMBERED)
def _across(code: int) -> int:
    """The number of a word of two characters where it stands across words."""
    return pair(chr(code & _LOW), chr(code >> _WIDTH))


# A report has thousands of neighbours, and making a string of each would be most of the work. What
# a run is made of lies below 2^16, so that two characters are one number as they lie in memory.


def _codes(characters: str) -> array[int]:
    """The first and second, third and fourth ... character, each two as first | second << 16."""
    return array("I", (characters + "\0" * (len(characters) % 2)).encode("utf-16-le"))


def _neighbours(folded: str) -> set[int]:
    """The codes of all two characters that stand side by side in a run."""
    runs = RUN.findall(folded)
    row = "\0".join(runs)
    found = set(_codes(row))
    found.update(_codes(row[1:]))
    # Runs are parted by a zero, which is no neighbour.
    found.difference_update({ord(run[-1]) for run in runs}, {ord(run[0]) << _WIDTH for run in runs})
    return found


@cache
def _codes_of_two() -> frozenset[int]:
    """The code of each word of two characters that a run can hold."""
    return frozenset(_codes("".join(word for word in words_of_two() if RUN.fullmatch(word))))
