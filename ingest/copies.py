"""What tells that two reports are one work, or share paragraphs: signatures and digests. Pure.

A body's shingles are the runs of SHINGLE canonical characters in it. MinHash estimates how many of
them two bodies share, and bands of its numbers find those that may share most; the candidates are
then compared exactly (docs/decisions/0021).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rensa import RMinHash

from ingest.changes import paragraphs_of
from ingest.character_runs import canonical_lines

SHINGLE = 5
"""Characters: about three words, so that template sentences alone do not make a copy."""
BANDS, ROWS = 20, 6
"""Two bodies that share 80 % of their shingles meet in a band with 99.8 %, with 60 % in 6 of 10."""
SEED = 1
SHORTEST = 200
"""Canonical characters of a body that says enough to be a copy: a cover note does not."""
SAME_WORK = 0.8
"""Jaccard index from which two reports are one work."""
CONTAINED = 0.95
"""Share of the shorter one's shingles, where the other is up to LONGER times as long."""
LONGER = 1.5
SHORTEST_PARAGRAPH = 40
"""Canonical characters of a paragraph that is worth being called copied."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's digest, and where it stands in the body."""

    digest: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """``jaccard`` and ``containment``: shared shingles by all of both, and by the shorter one's."""

    jaccard: float
    containment: float
    same_work: bool


def shingles(body: str) -> frozenset[str]:
    """The shingles of a body; none of one that is too short to be a copy."""
    text = "".join([key for _, _, key in _canonical_paragraphs(body)])
    if len(text) < SHORTEST:
        return frozenset()
    from ingest.neighbours import runs

    return frozenset(runs(text, SHINGLE))


def bands(of: frozenset[str]) -> list[int]:
    """A number for each band, as PostgreSQL's bigint; none where there are no shingles."""
    if not of:
        return []
    signature = RMinHash(num_perm=BANDS * ROWS, seed=SEED)
    signature.update(list(of))
    numbers: Sequence[int] = signature.digest()
    return [_number(repr(numbers[n : n + ROWS])) for n in range(0, BANDS * ROWS, ROWS)]


def likeness(one: frozenset[str], other: frozenset[str]) -> Likeness:
    """How much two bodies share."""
    common, sizes = len(one & other), sorted((len(one), len(other)))
    if not sizes[0]:
        return Likeness(0.0, 0.0, same_work=False)
    jaccard, containment = common / (sum(sizes) - common), common / sizes[0]
    within = containment >= CONTAINED and sizes[1] <= LONGER * sizes[0]
    return Likeness(jaccard, containment, same_work=jaccard >= SAME_WORK or within)


def paragraph_digests(body: str) -> list[Paragraph]:
    """The paragraphs that are long enough, each once, where it stands first."""
    found: dict[int, Paragraph] = {}
    for start, end, key in _canonical_paragraphs(body):
        if len(key) >= SHORTEST_PARAGRAPH:
            digest = _number(key)
            found.setdefault(digest, Paragraph(digest, start, end))
    return list(found.values())


@lru_cache(maxsize=1)
def _canonical_paragraphs(body: str) -> tuple[tuple[int, int, str], ...]:
    """Where each paragraph stands, and it as it is compared: asked twice of each body in a row."""
    paragraphs = paragraphs_of(body)
    keys = canonical_lines("\n".join([text for _, text in paragraphs]))
    return tuple(
        (start, start + len(text), key)
        for (start, text), key in zip(paragraphs, keys, strict=False)  # one key of no paragraph
    )


def _number(text: str) -> int:
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], signed=True)
