"""A line is furniture only when items cover it from end to end; a sentence never is."""

from __future__ import annotations

import pytest

from ingest.lines import load_reader

READER = load_reader()


def facts(line: str) -> list[tuple[str, str | None]]:
    return [
        (item.rule.id, item.value.strip() if item.value else None) for item in READER.read(line)
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "来源：云岭日报 发布时间：2025-03-28 09:18 浏览次数：123次 字体：[大 中 小]",
            [
                ("source", "云岭日报"),
                ("published-at", "2025-03-28 09:18"),
                ("views", None),
                ("font-size", None),
            ],
        ),
        (
            "[2025-03-28 09:18] 来源:云岭县 作者：",
            [("bare-date", "2025-03-28 09:18"), ("source", "云岭县"), ("author", None)],
        ),
        (
            "2025-03-28 15:22 | 来源： 云岭县 | 【 大 中 小 】【打印】【关闭】",
            [
                ("bare-date", "2025-03-28 15:22"),
                ("source", "云岭县"),
                ("font-size-bare", "大 中 小"),
                ("print", "打印"),
                ("print", "关闭"),
            ],
        ),
        (
            "索 引 号： 900121/2025-001 主题分类： 综合政务、政务公开",
            [("index-number", "900121/2025-001"), ("subject", "综合政务、政务公开")],
        ),
        (
            "【索引号】900121/2025-001 【公开日期】2025-03-28",
            [("index-number", "900121/2025-001"), ("published-at", "2025-03-28")],
        ),
        (
            "发布机构 云岭县人民政府 公开日期 2025-03-28",
            [("table-issuer", "云岭县人民政府"), ("published-at", "2025-03-28")],
        ),
        ("（责任编辑：张某）", [("author", "张某")]),
        ("来源： 作者： 时间：", [("source", None), ("author", None), ("published-at", None)]),
        ("首页 > 政务公开 > 正文", [("position-bare", "首页 > 政务公开 > 正文")]),
    ],
)
def test_a_line_of_facts_and_furniture_is_read_item_by_item(
    line: str, expected: list[tuple[str, str | None]]
) -> None:
    assert facts(line) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "来源于群众的诉求全部纳入台账管理，办结率99.2%。",
        "时间紧、任务重，专业执法人才储备不足。",
        "分享审批数据12类，群众在窗口即可打印营业执照。",
        "打印身份证明材料等事项实现就近办理。",
        "电话：接听群众来电1200余个，办结率100%。",
        "一、打印一次、跑动零次，政务服务提速",
        "审核：对报送的规范性文件全部进行合法性审核。",
        "编辑、印发普法读物3000册。",
        "浏览法治宣传栏的群众达2万人次。",
        "关闭散乱污企业12家。",
        "2025年2月28日召开全县推进会，部署全年工作。",
        "地址变更登记实现全程网办。",
        "来源：群众来信来访及网上投诉363件，同比下降11.46%。",
        "主办法治讲座12场，承办全市现场会1次。",
        "扫码入企1200次，同比下降三成。",
        "（一）来源可查",
    ],
)
def test_a_sentence_with_words_of_furniture_is_left_alone(sentence: str) -> None:
    assert READER.read(sentence) == ()
    assert READER.unglue(sentence) == ("", sentence, "")


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (
            "字号: 大 中 小 2024年，云岭县推进依法行政。",
            ("字号: 大 中 小 ", "2024年，云岭县推进依法行政。", ""),
        ),
        (
            "【字体：大 中 小】2024年，云岭县推进依法行政。",
            ("【字体：大 中 小】", "2024年，云岭县推进依法行政。", ""),
        ),
        (
            "推动各项任务落地见效。扫一扫在手机打开当前页",
            ("", "推动各项任务落地见效。", "扫一扫在手机打开当前页"),
        ),
        (
            "推动各项任务落地见效。（责任编辑：张某）",
            ("", "推动各项任务落地见效。", "（责任编辑：张某）"),
        ),
        ("2025年1月20日【打印】【关闭】", ("", "2025年1月20日", "【打印】【关闭】")),
        ("我局已经办结。2025年1月20日", ("", "我局已经办结。2025年1月20日", "")),
        ("字号是商事主体名称的一部分。", ("", "字号是商事主体名称的一部分。", "")),
    ],
)
def test_furniture_stuck_to_a_paragraph_goes_and_the_paragraph_stays(
    line: str, parts: tuple[str, str, str]
) -> None:
    assert READER.unglue(line) == parts


def test_a_value_loses_brackets_that_only_close_what_the_line_opened() -> None:
    assert facts("（来源：县委（政法委））") == [("source", "县委（政法委）")]


@pytest.mark.parametrize("empty", ["-", "——", "无", "/", ""])
def test_a_value_printed_as_a_dash_is_no_value(empty: str) -> None:
    assert facts(f"发文字号：{empty}") == [("document-number", None)]


def test_a_line_too_long_for_furniture_is_text() -> None:
    assert READER.read("来源：县报 " * 60) == ()


@pytest.mark.parametrize("cell", ["索 引 号", "索引号：", " 发布机构: ", "· 公开日期"])
def test_a_cell_that_is_all_label_is_known_as_one(cell: str) -> None:
    assert READER.label(cell) is not None


@pytest.mark.parametrize(
    "run",
    [
        "　",
        " ",
        "·",
        "（",
        "【",
        "1",
        "大 ",
        "来源：",
        "：",
        "-",
        "一是",
        "扫",
        "字号：",
        "。",
        "日",
        "】",
    ],
)
def test_long_runs_cost_no_more_than_their_length(run: str) -> None:
    for text in (run * 200_000, f"字号：{run * 100_000}正文。", f"正文。{run * 100_000}尾"):
        front, middle, end = READER.unglue(text)
        assert front + middle + end == text
        READER.read(text[:300])
