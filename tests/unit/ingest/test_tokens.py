"""The tokenizer: jieba is the reference, and whatever comes in, nothing breaks."""

from __future__ import annotations

import re
from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import SeedError
from ingest.tokens import (
    HAN,
    count_words,
    fold,
    fold_pairs,
    foldings,
    load_dictionary,
    own_words,
    segment,
    words_within,
)

REPORTS = sorted((Path(__file__).parents[3] / "seeds" / "demo" / "reports").glob("*.txt"))


@pytest.fixture(scope="module")
def reference() -> jieba.Tokenizer:
    """jieba itself, with our words."""
    tokenizer = jieba.Tokenizer()
    tokenizer.cache_file = None
    for word, count in own_words():
        tokenizer.add_word(word, count)
    return tokenizer


def test_words_are_cut_as_jieba_cuts_them(reference: jieba.Tokenizer) -> None:
    text = fold("\n".join(path.read_text(encoding="utf-8") for path in REPORTS))
    runs = re.findall(f"[{HAN}]+", text)
    assert len(runs) > 1000
    for run in runs:
        assert segment(run) == list(reference.cut(run, HMM=False))


def test_the_reference_knows_the_same_words(reference: jieba.Tokenizer) -> None:
    words = load_dictionary().words
    known = {word: count for word, count in reference.FREQ.items() if count}
    assert {word: count for word, count in words.items() if count} == known


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("行政复议败诉率", ["行政复议", "败诉率"]),
        ("依法治省委员会", ["依法治省", "委员会"]),
        ("2023年办理1.5万件", ["2023", "年", "办理", "1.5", "万件"]),
        ("ppp项目", ["ppp", "项目"]),
        ("", []),
        ("，。😀", []),
    ],
)
def test_words_of_law_stay_whole_and_numbers_too(text: str, words: list[str]) -> None:
    assert segment(text) == words


@pytest.mark.parametrize("word", [word for word, _ in own_words()])
def test_each_word_of_our_dictionary_is_one_word(word: str) -> None:
    assert segment(word) == [word]


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("行政復議敗訴率", "行政复议败诉率"),
        ("２０２３年ＰＰＰ", "2023年ppp"),
        ("１２．５％", "12.5%"),
        ("App", "app"),
        ("，（）", "，（）"),
        ("😀", "😀"),
    ],
)
def test_the_same_word_printed_otherwise_is_found(printed: str, folded: str) -> None:
    assert fold(printed) == folded


def test_folding_once_is_enough() -> None:
    pairs = fold_pairs()
    assert not set(pairs.values()) & pairs.keys()
    assert len(pairs) > 3000


@given(st.text())
def test_folded_text_is_as_long_as_printed_and_any_input_is_harmless(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    printed, plain = foldings(text)
    assert text.translate(str.maketrans(printed, plain)) == folded
    words = segment(folded)
    assert all(word in folded for word in words)
    assert count_words(folded).total() == len(words)


@given(st.text(alphabet="行政复议委员会的法治0.1a，\n", max_size=40))
def test_counting_words_finds_those_that_cutting_finds(text: str) -> None:
    assert sorted(count_words(text).elements()) == sorted(segment(text))


def test_words_in_a_word_are_found_too() -> None:
    assert set(words_within("行政复议委员会")) >= {"行政", "复议", "行政复议", "委员会"}
    assert words_within("复议") == ()
    assert words_within("2023") == ()


def test_a_bad_line_of_the_dictionary_is_named(tmp_path: Path) -> None:
    (tmp_path / "dictionary.txt").write_text("# words\n行政复议 100\n败诉率\n", encoding="utf-8")
    with pytest.raises(SeedError, match=r"dictionary\.txt:3: '败诉率' is not 'WORD FREQUENCY'"):
        list(own_words(tmp_path))


def test_a_missing_dictionary_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match="is missing; restore it"):
        list(own_words(tmp_path))
