"""Which words belong to which number, in which time and of whom."""

from __future__ import annotations

import pytest

from ingest.figures.mentions import Mention, mentions
from ingest.figures.number_rules import load_number_rules
from ingest.figures.numbers import NumberReader
from ingest.figures.reader import FigureReader
from ingest.figures.scope import Scope, period, scope
from ingest.records import Indicator, Role, Section

RULES = load_number_rules()
READER = FigureReader("fazhi")


def read(text: str) -> list[Mention]:
    return mentions(text, NumberReader(RULES).read(text), RULES.of_class("time"))


def said(text: str) -> list[str]:
    return ["|".join(text[slice(*span)] for span in mention.spans) for mention in read(text)]


def found(text: str, sections: tuple[Section, ...] = ()) -> dict[str, Indicator]:
    return {item.code: item for item in READER.read(text, sections, 2023).indicators}


def test_a_clause_of_one_number_is_all_its_own() -> None:
    assert said("全年共受理行政复议案件56件，办结。") == ["全年共受理行政复议案件|"]
    assert said("对89个议题进行了审查") == ["对|议题进行了审查"]


def test_numbers_of_one_clause_share_its_words_at_the_separator() -> None:
    assert said("制定方案3份、出台意见1份") == ["制定方案|", "出台意见|"]
    assert said("维持78件、撤销及确认违法14件") == ["维持|", "撤销及确认违法|"]
    assert said("收到申请3件并答复3件") == ["收到申请|", "答复|"]


def test_where_a_clause_only_says_how_many_the_clause_before_speaks() -> None:
    assert said("行政复议收案量再创新高，达106件") == ["行政复议收案量再创新高|达|"]


def test_a_value_may_follow_the_change_that_it_came_by() -> None:
    rate = found("矛盾纠纷化解成功率同比提高1.5个百分点，达到98.8%。")["mediation_success_rate"]
    assert rate.value == 98.8


def test_a_mark_that_was_passed_is_not_the_value() -> None:
    values = READER.read("行政复议申请量首次突破200件，达到213件。", year=2023).indicators
    assert [item.value for item in values] == [213]


def test_labels_of_a_respectively_list_come_at_their_turn() -> None:
    text = "收到、受理、办结申请分别为61件、52件、49件"
    assert [text[slice(*mention.label)] for mention in read(text) if mention.label] == [
        "收到", "受理", "办结申请",
    ]  # fmt: skip


def test_words_in_parentheses_without_a_number_are_not_the_number_s_own() -> None:
    assert found("审结行政复议案件（含上年受理未结）40件。").keys() == {
        "reconsideration_cases_concluded"
    }


def test_a_number_in_parentheses_is_no_value_of_the_clause_around() -> None:
    values = READER.read("已审结行政复议案件110件（含结转16件）。", year=2023).indicators
    assert [(item.code, item.value) for item in values] == [
        ("reconsideration_cases_concluded", 110)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("受理案件20件", Scope.OWN),
        ("同比增长12%", Scope.CHANGE),
        ("案件数较上年下降1.5%", Scope.CHANGE),
        ("增长到35件", Scope.OWN),
        ("由81%提高到93%", Scope.PREVIOUS),
        ("上年受理20件", Scope.PREVIOUS),
        ("2021年受理20件", Scope.PREVIOUS),
        ("2021年，全县办理案件20件", Scope.PREVIOUS),
        ("去年，全县办理案件20件", Scope.PREVIOUS),
        ("根据2021年修订的办法，办理案件20件", Scope.OWN),
        ("全市受理行政复议案件若干，云岭县受理20件", Scope.OTHER),
        ("全市上下联动，我县受理20件", Scope.OWN),
        ("规定行政机关负责人出庭应诉率不低于90%", Scope.TARGET),
        ("出庭应诉率不低于90%", Scope.OWN),
        ("出庭应诉率未达到100%", Scope.TARGET),
        ("部分部门出庭应诉率低于90%", Scope.TARGET),
        ("全国法院受理行政案件20件", Scope.OTHER),
        ("每万人行政诉讼发案数为1.2件", Scope.OTHER),
        ("考核中出庭应诉权重为5%", Scope.OTHER),
        ("全省平均水平为85%", Scope.OTHER),
        ("力争达到95%", Scope.TARGET),
        ("占审结案件的44%", Scope.SHARE),
        ("新增3254户", Scope.OWN),
        ("败诉率下降2个百分点", Scope.CHANGE),
    ],
)
def test_whose_and_when_a_number_is(text: str, expected: Scope) -> None:
    assert scope(text, read(text)[0], 2023) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年受理20件", "this_year"),
        ("2023年以来，受理20件", "this_year"),
        ("截至目前，受理20件", "cumulative"),
        ("自机构改革以来，受理20件", "cumulative"),
        ("累计受理20件", "cumulative"),
        ("2023年累计受理20件", "this_year"),
        ("上半年受理20件", "months:6"),
        ("1至11月，受理20件", "months:11"),
        ("前三季度受理20件", "months:9"),
        ("出庭应诉率连续三年保持100%", "years:3"),
        ("出庭应诉率连续54个月100%", "months:54"),
        ("宪法宣传周期间，开展活动20场", "event"),
    ],
)
def test_the_time_that_a_number_covers(text: str, expected: str) -> None:
    mention = next(m for m in read(text) if not m.measure)
    assert period(text, mention) == expected


def test_a_number_of_the_plan_is_never_an_indicator() -> None:
    text = "规范性文件报备率100%。"
    plan = (Section(1, "三、", "下一步计划", Role.PLAN, 0, len(text)),)
    assert found(text).keys() == {"normative_docs_filing_rate"}
    assert found(text, plan) == {}
    assert READER.read(text, plan, 2023).facts


def test_what_was_said_before_is_not_counted_again() -> None:
    values = READER.read("行政复议结案85件。结案的85件中，撤销6件。", year=2023).indicators
    assert [item.value for item in values] == [85, 6]


def test_a_topic_carries_on_until_another_comes_up() -> None:
    text = "受理行政复议申请20件，审结18件。法律援助工作扎实推进，共受理30件，审结28件。"
    assert [(item.code, item.value) for item in READER.read(text, year=2023).indicators] == [
        ("reconsideration_cases_accepted", 20),
        ("reconsideration_cases_concluded", 18),
        ("legal_aid_cases_accepted", 30),
        ("legal_aid_cases_concluded", 28),
    ]


def test_evidence_is_the_run_of_text_at_its_offsets() -> None:
    body = "一、工作情况\n全年收到政府信息公开申请33件，均已答复。"
    for item in READER.read(body, year=2023).indicators:
        assert body[item.start : item.end] == item.evidence == "全年收到政府信息公开申请33件"


def test_cases_against_the_body_itself_have_a_subtype() -> None:
    item = found("以我局为被申请人的行政复议案件9件。")["reconsideration_cases_handled"]
    assert item.subtype == "respondent"


def test_numbers_side_by_side_are_said_of_the_same() -> None:
    items = found("组织执法人员法律知识培训6期580人次。")
    assert items["law_training_sessions"].value == 6
    assert items["law_training_participants"].value == 580


def test_a_second_measure_after_a_comma_counts_the_same() -> None:
    both = found("组织执法培训8期、580人次。")
    assert (both["law_training_sessions"].value, both["law_training_participants"].value) == (
        8,
        580,
    )
    assert "law_training_participants" not in found("组织执法培训8期、座谈580人次。")


def test_a_class_without_a_name_for_it_leaves_no_subtype() -> None:
    whole = found("行政复议申请不予受理、告知等12件。")["reconsideration_cases_not_accepted"]
    narrow = found("行政复议申请不予受理7件。")["reconsideration_cases_not_accepted"]
    assert (whole.subtype, narrow.subtype) == (None, "strict")
