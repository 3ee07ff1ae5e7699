"""Where the article is on a page: in a known container, or where the prose is.

From the root down, the search follows the child that holds the prose, and stops where the prose is
shared out among children: those are the article's own parts. What stands beside the child is told
by its nature: a document's sentences belong to the article, links and short lines do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.blocks import Block
from ingest.markup import Markup
from ingest.prose import is_numbered, is_sentence
from ingest.signature import is_signer, split_signature
from ingest.walk import Walk

DOCUMENT_SHARE = 0.5
"""Share of sentences in the text beside an element from which that text is the document's own."""
COPY_SHARE = 0.3
"""Prose beside an element, as a share of its own, that may be its second copy."""
LONGEST_DATUM = 30
"""Characters of a cell of a data table."""
SMALL = 2000
"""Characters of prose from which no short cover note elsewhere can be the article."""
LONG = 200
"""Characters of a paragraph that no box beside an article has."""
NOTE = 30
"""Unlinked characters of a line of a cover note."""
FEW = 200
"""Characters of prose below which the headline tells better than prose where the article is."""
SIGNATURE_GAP = 6
"""Lines below the article in which its signature may stand in an element of its own."""


def find_article(walk: Walk, markup: Markup, title: str | None) -> tuple[int, int, str]:
    """Blocks [start, end) of the article, and the evidence that found it."""
    if not walk.nodes:
        return 0, len(walk.blocks), "no elements"
    weights = _weigh(walk)
    path = list(_descend(walk, markup, weights))
    known = next((index for index in path if markup.is_container(walk.nodes[index])), None)
    if known is not None:
        return _reach(walk, known, "known container")
    most = weights[path[-1]]
    note = most < SMALL and not _is_document(walk, path[-1])
    small = _small_container(walk, markup) if note else None
    if small is not None:
        return _reach(walk, small, "known container")
    below = _below_headline(walk, title) if note and title else None
    if below is not None and (most < FEW or not _meet(walk, path[-1], below)):
        return *below, "headline"
    return _reach(walk, path[-1], "prose")


def _meet(walk: Walk, element: int, below: tuple[int, int]) -> bool:
    """Whether the element with the prose and what stands below the headline have lines in common.

    Where they have none, the prose is that of a box beside a short note.
    """
    return walk.first[element] < below[1] and below[0] < walk.last[element]


def _reach(walk: Walk, element: int, how: str) -> tuple[int, int, str]:
    """An element's blocks, and the signature right below it."""
    start, end = walk.first[element], walk.last[element]
    return start, _signed_end(walk.blocks, start, end), how


def _signed_end(blocks: Sequence[Block], start: int, end: int) -> int:
    """Where the article ends when its signature stands below it, else ``end``."""
    inside = blocks[max(start, end - 2 * SIGNATURE_GAP) : end]
    if any(split_signature(block.text) for block in inside):
        return end
    for index in range(end, min(len(blocks), end + SIGNATURE_GAP)):
        signature = None if blocks[index].linked else split_signature(blocks[index].text)
        if signature is None:
            continue
        before = blocks[index - 1].text if index else ""
        return index + 1 if signature[0] or is_signer(before) else end
    return end


def _weigh(walk: Walk) -> list[int]:
    """Prose characters below each element; parents come before children, so one pass back does."""
    weights = [0] * len(walk.nodes)
    for block in walk.blocks:
        if block.prose:
            weights[block.element] += block.prose
    for index in range(len(weights) - 1, 0, -1):
        weights[walk.parents[index]] += weights[index]
    return weights


def _descend(walk: Walk, markup: Markup, weights: Sequence[int]) -> Iterator[int]:
    """From the root down, as long as one child holds the article."""
    heaviest: dict[int, int] = {}
    for index, weight in enumerate(weights):
        if weight and walk.tags[index] not in markup.leaves:
            rival = heaviest.setdefault(walk.parents[index], index)
            if weight > weights[rival]:
                heaviest[walk.parents[index]] = index
    current = 0
    while True:
        yield current
        best = heaviest.get(current)
        if best is None or not _is_whole(walk, current, best, weights):
            return
        current = best


def _is_whole(walk: Walk, parent: int, child: int, weights: Sequence[int]) -> bool:
    """Whether the child holds all of the article that its parent holds.

    What stands beside the child is left out when it repeats the child (a page for telephones), or
    when links and short lines outweigh its sentences.
    """
    if weights[parent] == weights[child]:  # no prose beside it
        return True
    beside = [
        *walk.blocks[walk.first[parent] : walk.first[child]],
        *walk.blocks[walk.last[child] : walk.last[parent]],
    ]
    if weights[parent] - weights[child] > COPY_SHARE * weights[child]:
        own = {block.text for block in walk.blocks[walk.first[child] : walk.last[child]]}
        beside = [block for block in beside if block.text not in own]
    sentences = sum(block.prose for block in beside if block.prose and is_sentence(block.text))
    if sentences >= weights[child]:
        return False
    text = sum(len(block.text) for block in beside if not _is_datum(block))
    return not sentences or sentences < DOCUMENT_SHARE * text


def _is_datum(block: Block) -> bool:
    """A short cell of a table without a link: it may be the document's own data."""
    return block.row >= 0 and not block.linked and len(block.text) <= LONGEST_DATUM


def _is_document(walk: Walk, element: int) -> bool:
    """Whether an element holds numbered parts or a long paragraph, which no box on a page does."""
    blocks = walk.blocks[walk.first[element] : walk.last[element]]
    numbered = sum(not block.linked and is_numbered(block.text) for block in blocks)
    return numbered > 1 or any(block.prose >= LONG for block in blocks)


def _small_container(walk: Walk, markup: Markup) -> int | None:
    """A known container off the path: a short cover note beside a page full of other prose."""
    for index, node in enumerate(walk.nodes):
        lines = walk.blocks[walk.first[index] : walk.last[index]]
        if markup.is_container(node) and any(len(b.text) - b.linked >= NOTE for b in lines):
            return index
    return None


def _below_headline(walk: Walk, title: str) -> tuple[int, int] | None:
    """The blocks below the headline, as far as the element goes that holds it and more."""
    squeezed = "".join(title.split())
    headline = None
    for index, block in enumerate(walk.blocks):
        text = "".join(block.text.split())
        if len(text) >= 8 and not block.linked and text in squeezed:
            headline = index
            if block.tag in {"h1", "h2", "h3"}:
                break
    if headline is None:
        return None
    element = walk.blocks[headline].element
    while element >= 0 and walk.last[element] <= headline + 2:
        element = walk.parents[element]
    end = walk.last[element] if element >= 0 else len(walk.blocks)
    return headline + 1, end
