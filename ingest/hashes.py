"""The numbers of words, marks and pairs of characters, as terms.py says; SQL makes the same."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from ingest.tokens import WORDS_REMEMBERED, words_of_two

PAIRS = 1 << 17
"""A rare pair is then looked for in one report of a hundred: 10,000 of a million."""


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
