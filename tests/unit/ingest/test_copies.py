"""Signatures and digests that tell copies: what counts, what does not, and how sure it is."""

from __future__ import annotations

import random

import pytest

from ingest.copies import (
    BANDS,
    LONGER,
    SHORTEST,
    SHORTEST_PARAGRAPH,
    bands,
    likeness,
    paragraph_digests,
    shingles,
)

WORDS = [
    "行政",
    "复议",
    "执法",
    "监督",
    "审查",
    "决策",
    "案件",
    "培训",
    "机关",
    "规范",
    "依法",
    "公开",
]


def text(seed: int, characters: int = 1200) -> str:
    """Made-up prose, a paragraph every 60 characters, the same for a seed."""
    draw = random.Random(seed)
    written = "".join(draw.choice(WORDS) for _ in range(characters // 2))
    return "\n".join(written[n : n + 60] for n in range(0, characters, 60))


def shared_bands(one: str, other: str) -> int:
    pairs = zip(bands(shingles(one)), bands(shingles(other)), strict=True)
    return sum(mine == theirs for mine, theirs in pairs)


def test_width_spaces_and_breaks_make_no_difference() -> None:
    body = text(1) + "\n全年办理案件12件，办结率98%。"
    same = body.replace("12", "１２").replace("，", ",").replace("\n", "\n\n　　")
    assert shingles(same) == shingles(body)
    assert bands(shingles(same)) == bands(shingles(body))
    found = likeness(shingles(body), shingles(same))
    assert (found.jaccard, found.containment, found.same_work) == (1.0, 1.0, True)


def test_a_body_that_is_too_short_is_a_copy_of_nothing() -> None:
    note = "现将年度报告印发给你们。" * 9
    assert len(note) < SHORTEST
    assert shingles(note) == frozenset()
    assert bands(shingles(note)) == []
    assert not likeness(shingles(note), shingles(note)).same_work


def test_bands_are_as_many_for_every_body_and_fit_a_bigint() -> None:
    for seed in range(5):
        numbers = bands(shingles(text(seed)))
        assert len(numbers) == BANDS
        assert all(-(2**63) <= number < 2**63 for number in numbers)


def test_bands_do_not_depend_on_an_order() -> None:
    own = shingles(text(3))
    assert (
        bands(own) == bands(frozenset(sorted(own))) == bands(frozenset(sorted(own, reverse=True)))
    )


def test_a_report_with_a_few_figures_altered_is_found_and_is_the_same_work() -> None:
    lines = text(4).split("\n")
    altered = "\n".join(["本年案件数另行公布。", *lines[1:]])
    assert shared_bands("\n".join(lines), altered) >= 1
    assert likeness(shingles("\n".join(lines)), shingles(altered)).same_work


def test_reports_that_share_a_template_are_two_works() -> None:
    template = text(5, 600)
    one, other = f"{template}\n{text(6, 600)}", f"{template}\n{text(7, 600)}"
    found = likeness(shingles(one), shingles(other))
    assert 0.2 < found.jaccard < 0.8
    assert not found.same_work


@pytest.mark.parametrize(("added", "same"), [(360, True), (1500, False)])
def test_one_that_contains_another_is_the_same_work_only_if_it_is_not_much_longer(
    added: int, same: bool
) -> None:
    body = text(8)
    longer = f"{body}\n{text(9, added)}"
    found = likeness(shingles(body), shingles(longer))
    assert found.containment > 0.95
    assert (len(shingles(longer)) <= LONGER * len(shingles(body))) is same
    assert found.same_work is same


def test_likeness_has_no_direction() -> None:
    one, other = shingles(text(10)), shingles(text(10) + text(11, 300))
    assert likeness(one, other) == likeness(other, one)


def test_a_paragraph_is_known_again_where_it_stands_first_and_by_its_canonical_text() -> None:
    long = "全年办理行政复议案件12件，" * 6
    body = f"短段。\n{long}\n{long}\n{long.replace('12', '13')}"
    first, altered = paragraph_digests(body)
    assert body[first.start : first.end] == long
    assert body[altered.start : altered.end] == long.replace("12", "13")
    wide = long.replace("12", "１２").replace("，", ",")
    [again] = paragraph_digests(wide)
    assert again.digest == first.digest != altered.digest


def test_short_paragraphs_are_not_worth_being_called_copied() -> None:
    least = "文" * SHORTEST_PARAGRAPH
    assert paragraph_digests(least[1:]) == []
    assert len(paragraph_digests(least)) == 1
    assert paragraph_digests("") == []


def test_shingles_are_all_runs_of_five_characters() -> None:
    body = text(3) + "𝌆" + text(4)
    plain = body.replace("\n", "")
    assert shingles(body) == {plain[n : n + 5] for n in range(len(plain) - 4)}
