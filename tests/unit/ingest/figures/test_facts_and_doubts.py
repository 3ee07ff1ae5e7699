"""Facts with their subject, and doubts about values that contradict each other."""

from __future__ import annotations

import time

import pytest

from ingest.figures.reader import FigureReader
from ingest.records import Fact

READER = FigureReader("fazhi")


def facts(text: str) -> tuple[Fact, ...]:
    return READER.read(text, year=2023).facts


def doubts(text: str) -> dict[str, str | None]:
    return {item.code: item.doubtful for item in READER.read(text, year=2023).indicators}


def test_a_fact_says_what_it_is_said_of() -> None:
    told = {
        fact.value: fact.subject for fact in facts("2023年共归集信用信息38137条，涉及24家企业。")
    }
    assert told == {38137: "归集信用信息", 24: "涉及企业"}


def test_a_fall_in_percent_is_negative() -> None:
    assert [fact.value for fact in facts("收案数同比下降1.94%，增加3件。")] == [-1.94, 3]


def test_the_subject_is_carried_on_where_a_clause_has_none() -> None:
    assert [fact.subject for fact in facts("建成法治广场，面积600平方米、800平方米。")] == [
        "面积",
        "面积",
    ]


def test_facts_stand_at_their_offsets_in_order() -> None:
    body = "投入经费3.5万元，制作横幅20余条（其中新制12条）。\n举办培训两期。"
    found = facts(body)
    assert [body[fact.start : fact.end] for fact in found] == [fact.evidence for fact in found]
    assert [fact.value for fact in found] == [35000, 20, 12, 2]


@pytest.mark.parametrize(
    "text",
    [
        "行政诉讼案件169件，负责人出庭97件，占比57%。",
        "排查矛盾纠纷3353起，化解3323起，化解率99.1%。",
        "审结行政复议案件110件，实质性化解37件，实质性化解率33.64%。",
        "排查纠纷2.31万件，化解2.28万件，化解率98.7%。",
        "排查纠纷460余件，化解456件，化解率98%以上。",
        "负责人应出庭50件，行政诉讼案件90件，实际出庭应诉49件，出庭应诉率98%。",
        "受理行政复议申请20件，审结34件（含上年结转16件）。",
        "办理行政执法案件100件，其中行政处罚60件。",
    ],
)
def test_values_that_agree_raise_no_doubt(text: str) -> None:
    assert set(doubts(text).values()) == {None}


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("收集矛盾纠纷467件，化解456件，化解率99.14%。", "mediation_success_rate", "97.64%"),
        ("行政机关负责人出庭应诉率120%。", "head_appearance_rate", "between 0 and 100"),
        ("受理行政复议申请20件，审结40件。", "reconsideration_cases_concluded", "far more"),
        ("办理行政执法案件100件，其中行政处罚160件。", "enforcement_cases_total", "more than"),
        (
            "完成合法性审查20件，其中规范性文件12件、合同15件。",
            "legality_review_items",
            "add up to 27",
        ),
    ],
)
def test_values_that_contradict_are_marked_and_kept(text: str, code: str, reason: str) -> None:
    items = {item.code: item for item in reversed(READER.read(text, year=2023).indicators)}
    assert reason in (items[code].doubtful or "")


def test_every_paragraph_of_a_long_body_is_read_alike() -> None:
    clause = "全年受理行政复议案件56件，办结50件，其中撤销2件、维持4件（含结转1件）。"
    figures = READER.read("\n".join([clause] * 300), year=2023)
    assert len(figures.facts) == 1500
    assert len(figures.indicators) == 900


@pytest.mark.parametrize(
    "piece",
    [
        "受理行政复议案件56件，",
        "分别为5、",
        "56件",
        "（含5件",
        "由5",
        "1,234,",
        "一百",
        "累计，",
        "共计",
    ],
)
def test_a_body_without_a_full_stop_takes_no_longer(piece: str) -> None:
    def seconds(length: int) -> float:
        begin = time.process_time()
        READER.read(piece * (length // len(piece)) + "受理5件", year=2023)
        return time.process_time() - begin

    seconds(1_000)
    assert seconds(32_000) < 40 * max(seconds(4_000), 0.005)
