"""Words found in a text: the longest, and none within another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.figures.words import Lexicon, Word

TEXTS = st.text("复议案件", max_size=30)


@given(st.sets(st.text("复议案件", min_size=2, max_size=5), min_size=1), TEXTS, TEXTS, TEXTS)
def test_words_within_no_other_are_found(words: set[str], before: str, text: str, end: str) -> None:
    """As if each pair of places were looked up."""
    known = {word: Word(frozenset({word}), None) for word in words}
    start, until = len(before), len(before) + len(text)
    spans = [
        (first, last)
        for first in range(start, until)
        for last in range(first + 1, until + 1)
        if (before + text)[first:last] in words
    ]
    widest = [
        (first, last)
        for first, last in spans
        if not any(a <= first and last <= b and (a, b) != (first, last) for a, b in spans)
    ]
    found = Lexicon(known).tokens(before + text + end, start, until)
    assert [(token.start, token.end) for token in found] == widest
    assert all(token.word is known[(before + text)[token.start : token.end]] for token in found)


def test_half_a_surrogate_pair_is_no_word_and_moves_none() -> None:
    word = Word(frozenset({"case"}), None)
    assert Lexicon({"案件": word}).tokens("\ud800案件") == [(1, 3, word)]
