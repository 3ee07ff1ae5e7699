"""What a report can be found by."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from ingest.hashes import PAIRS, key, pair
from ingest.records import Region, Role, Section
from ingest.terms import OFTEN, make_entry, marks

PLACE = Region("350581", "石狮市", ("福建省", "泉州市", "石狮市"), "county")
BODY = "本机关行政复议委员会审理案件。\n司法院校共3所。"


def terms(body: str = BODY, title: str = "石狮市報告", **given: object) -> set[int]:
    sections = (Section(1, "一、", "复议工作", Role.PROBLEMS, 0, 5),)
    return set(make_entry(title, body, sections, PLACE).terms)


def test_a_report_is_found_by_its_words_and_the_words_in_them() -> None:
    for word in ("行政复议委员会", "行政复议", "行政", "复议", "案件", "报告"):
        assert key(word) in terms(), word
    assert key("法院") not in terms(), "it is no word of 司法院校"


def test_any_two_neighbours_are_there_as_a_word_or_as_a_pair() -> None:
    assert pair("法", "院") in terms()
    assert pair("政", "复") in terms()
    assert pair("共", "3") in terms()
    assert pair("件", "司") not in terms(), "a full stop and a line stand between"


@given(st.text(alphabet="行政复议委员会的法治建设0a，。\n", min_size=2, max_size=60))
def test_no_neighbours_are_forgotten(body: str) -> None:
    found = terms(body)
    for first, second in itertools.pairwise(body):
        if not {first, second} & set("，。\n"):
            assert {key(first + second), pair(first, second)} & found


def test_words_of_title_and_headings_and_words_used_often_are_marked() -> None:
    found = terms("案件" * OFTEN)
    assert {key("^报告"), key("^复议"), key("^石狮市")} <= found
    assert key("^案件") not in found
    assert key("+案件") in found
    assert key("+案件") not in terms("案件" * (OFTEN - 1))


def test_filters_are_marks_and_a_province_takes_in_its_counties() -> None:
    sections = (Section(1, None, None, Role.PLAN, 0, 1),)
    assert marks(PLACE, sections) == {
        *("@35", "@3505", "@350581", "@福建省", "@泉州市", "@石狮市", "#county", "%plan")
    }
    assert marks(None, ()) == set()


def test_the_numbers_ascend_and_none_comes_twice() -> None:
    numbers = make_entry("石狮市报告", BODY, (), PLACE).terms.tolist()
    assert len(numbers) > 30
    assert numbers == sorted(set(numbers))


def test_words_lie_below_zero_and_pairs_above() -> None:
    assert key("复议") < 0 <= pair("复", "案") < PAIRS


def test_what_folding_changes_is_noted_for_the_text() -> None:
    entry = make_entry("報告", "ＰＰＰ", (), None)
    assert (entry.folds_from, entry.folds_to) == ("報Ｐ", "报p")
    plain = make_entry("报告", "ppp", (), None)
    assert (plain.folds_from, plain.folds_to) == (None, None)


def test_a_report_without_anything_has_an_entry_too() -> None:
    assert make_entry(None, None, (), None).terms.tolist() == []
    assert make_entry("", "\ud800\x00😀", (), None).terms.tolist() == []


def test_a_word_across_two_words_has_a_number_of_its_own() -> None:
    assert pair("法", "院") == key("~法院")
    assert 0 <= pair("司", "院") < PAIRS
