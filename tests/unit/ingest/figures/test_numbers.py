"""Numbers are read as they are printed, and names and dates are none."""

from __future__ import annotations

import pytest

from ingest.figures.number_rules import Nothing, load_number_rules
from ingest.figures.numbers import Number, NumberReader

RULES = load_number_rules()
READER = NumberReader(RULES)


def only(text: str) -> Number:
    numbers = [number for number in READER.read(text) if number.unit is not None]
    assert len(numbers) == 1, numbers
    return numbers[0]


@pytest.mark.parametrize(
    ("text", "value", "unit", "qualifier"),
    [
        ("受理56件", 56, "件", None),
        ("受理１,２３４件", 1234, "件", None),
        ("受理1,234,567件", 1234567, "件", None),
        ("发放1.5万余份", 15000, "份", "余"),
        ("发放近1.5万余份", 15000, "份", "近…余"),
        ("培训43余次", 43, "次", "余"),
        ("培训2400多人次", 2400, "人次", "多"),
        ("约3千人", 3000, "人", "约"),
        ("超过70%", 70, "%", "超过"),
        ("达98％以上", 98, "%", "以上"),
        ("百分之九十八点五", 98.5, "%", None),
        ("投入2亿3千万元", 230_000_000, "元", None),
        ("投入1800余万元", 18_000_000, "元", "余"),
        ("投入一亿二千万元", 120_000_000, "元", None),
        ("制定四项", 4, "项", None),
        ("举办两期", 2, "期", None),
        ("开展十余次", 10, "次", "余"),
        ("一百二十三人", 123, "人", None),
        ("百余场", 100, "场", "余"),
        ("服务85件(次)", 85, "件(次)", None),
        ("下降0.9个百分点", 0.9, "个百分点", None),
        ("5千瓦", 5, "千瓦", None),
        ("组织培训一次，", 1, "次", None),
        ("178个人民调解委员会", 178, "个", None),
    ],
)
def test_a_number_has_the_value_unit_and_qualifier_printed(
    text: str, value: float, unit: str, qualifier: str | None
) -> None:
    number = only(text)
    assert (number.value, number.unit, number.qualifier) == (value, unit, qualifier)


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [("压缩3~5个工作日", 3, 5), ("3至5个", 3, 5), ("30%-40%", 30, 40), ("1—2万件", 10000, 20000)],
)
def test_a_range_has_two_ends(text: str, lower: float, upper: float) -> None:
    number = only(text)
    assert (number.value, number.value_to) == (lower, upper)


@pytest.mark.parametrize(
    "text",
    [
        "2023年1月2日", "2021—2025年", "12345热线", "“1+N”工作体系", "“八五”普法", "148品牌",
        "〔2023〕15号", "第二十三条", "第3次会议", "位列前3名", "一是加强领导", "三个一活动",
        "市县两级", "一网通办", "“三项制度”", "四个意识", "数十次", "每季度一次，", "一项长期任务",
        "15分钟法律服务圈", "24小时自助服务", "三年行动计划", "4A级景区", "3部门联合",
        "电话0591-83300123", "编号11620300013909010000件",
    ],
)  # fmt: skip
def test_dates_names_and_numbering_are_no_numbers_with_a_unit(text: str) -> None:
    assert [number for number in READER.read(text) if number.unit is not None] == []


def test_in_a_list_the_last_unit_is_that_of_all() -> None:
    numbers = READER.read("收到、受理、办结分别为120、110、100件")
    assert [(number.value, number.unit) for number in numbers] == [
        (120, "件"), (110, "件"), (100, "件"),
    ]  # fmt: skip


def test_a_number_without_unit_is_kept_without_one() -> None:
    assert [(n.value, n.unit) for n in READER.read("化解3323，办结")] == [(3323, None)]


def test_the_place_spans_qualifier_number_and_unit() -> None:
    text = "发放近1.5万余份资料"
    number = only(text)
    assert text[number.start : number.end] == "近1.5万余份"


@pytest.mark.parametrize("rule", RULES.nothing, ids=lambda rule: rule.id)
def test_a_rule_for_numbers_that_count_nothing_holds_on_its_examples(rule: Nothing) -> None:
    for text in rule.matches:
        assert all(n.unit is None for n in READER.read(text)), text
    for text in rule.spares:
        assert READER.read(text), text


def test_the_length_of_a_text_does_not_change_the_time_for_each_number() -> None:
    clause = "受理行政复议案件56件，办结1.5万余件，"
    assert len(READER.read(clause * 2000)) == 4000
