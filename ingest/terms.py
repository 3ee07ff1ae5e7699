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

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.hashes import key
from ingest.records import Region, Section
from ingest.tokens import (
    WORDS_REMEMBERED,
    count_words,
    dictionary_version,
    fold,
    foldings,
    replace_all,
    words_within,
)

OFTEN = 4
"""How many times a word stands in a report that is about it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A report as the index has it. ``folds_from`` and ``folds_to`` make the printed text the
    folded one (SQL: translate); both None where they are the same. ``terms`` are 32-bit numbers,
    each once, ascending."""

    folds_from: str | None
    folds_to: str | None
    dictionary: str
    terms: array[int]


def make_entry(
    title: str | None, body: str | None, sections: Sequence[Section], region: Region | None
) -> Entry:
    """What the index has of a report. Pure."""
    text = "\n".join(part for part in (title, body) if part)
    printed, plain = foldings(text)
    folded = replace_all(text, printed, plain)
    headings = fold("\n".join([title or "", *(part.heading or "" for part in sections)]))
    terms = _numbers(folded, headings, marks(region, sections))
    return Entry(printed or None, plain or None, dictionary_version(), terms)


def marks(region: Region | None, sections: Iterable[Section]) -> set[str]:
    """What filters go by: the division and all above it, its level, the roles of the sections."""
    found = {f"%{part.role.value}" for part in sections if part.role}
    if region is not None:
        found |= {f"@{region.adcode[:size]}" for size in (2, 4, 6, 9, 12)}
        found |= {f"@{name}" for name in region.path}
        found.add(f"#{region.level}")
    return found


def _numbers(folded: str, headings: str, marks: Iterable[str]) -> array[int]:
    from ingest.neighbours import numbers_in_order

    counts = count_words(folded)
    found = [_expand(word) for word in counts]
    often = [word for word, count in counts.items() if count >= OFTEN and len(word) > 1]
    marked = {_marked("+", word) for word in often}
    for word in count_words(headings):
        marked.update(_marked("^", part) for part in (word, *words_within(word)) if len(part) > 1)
    marked.update(key(mark) for mark in marks)
    keys = b"".join([array("i", marked).tobytes(), *(keys for keys, _ in found)])
    return numbers_in_order(folded, keys, b"".join([codes for _, codes in found]))


@lru_cache(maxsize=WORDS_REMEMBERED)
def _marked(mark: str, word: str) -> int:
    return key(mark + word)


@lru_cache(maxsize=WORDS_REMEMBERED)
def _expand(word: str) -> tuple[bytes, bytes]:
    """The numbers of a word and the words in it; and the codes of neighbours that are thereby
    told, as they lie in memory (neighbours.py)."""
    words = [part for part in (word, *words_within(word)) if len(part) > 1]
    told = "".join([part for part in words if len(part) == 2])
    return array("i", map(key, words)).tobytes(), told.encode("utf-16-le")
