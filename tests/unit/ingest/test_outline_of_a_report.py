"""Numbering becomes a tree of sections with offsets, headings and roles."""

from __future__ import annotations

import pytest

from ingest.outline import load_roles, outline
from ingest.records import Role, Section

ROLES = load_roles("fazhi")


def sections(*paragraphs: str) -> tuple[Section, ...]:
    return outline(paragraphs, len("\n".join(paragraphs)), ROLES)


def tree(*paragraphs: str) -> list[tuple[int, str | None, str | None]]:
    return [(section.level, section.number, section.heading) for section in sections(*paragraphs)]


def test_three_levels_make_a_tree() -> None:
    assert tree(
        "2024年，全县依法行政。", "一、主要举措", "（一）加强领导", "1.抓学习。学法12次。",
        "2.抓考核。全面覆盖。", "（二）规范执法", "二、存在的问题", "（一）力量不足。人员偏少。",
    ) == [
        (1, "一、", "主要举措"), (2, "（一）", "加强领导"), (3, "1.", "抓学习"),
        (3, "2.", "抓考核"),
        (2, "（二）", "规范执法"), (1, "二、", "存在的问题"), (2, "（一）", "力量不足"),
    ]  # fmt: skip


def test_a_level_is_the_depth_even_where_a_style_is_left_out() -> None:
    assert [level for level, _, _ in tree(
        "一、举措", "（一）领导", "1.学习。好。", "二、问题", "1.人员。少。", "2.装备。旧。",
        "三、打算",
    )] == [1, 2, 3, 1, 2, 2, 1]  # fmt: skip


def test_the_first_level_may_be_one_of_the_inner_styles() -> None:
    assert tree("（一）统筹推进。好。", "（二）存在的问题", "1.人员。少。") == [
        (1, "（一）", "统筹推进"),
        (1, "（二）", "存在的问题"),
        (2, "1.", "人员"),
    ]


def test_arabic_numbers_may_run_on_across_groups() -> None:
    assert tree("（一）领导", "1.学习。好。", "2.考核。严。", "（二）执法", "3.规范。细。")[
        -2:
    ] == [
        (1, "（二）", "执法"),
        (2, "3.", "规范"),
    ]


@pytest.mark.parametrize(
    ("paragraph", "number", "heading"),
    [
        ("一、主要举措", "一、", "主要举措"),
        ("一. 主要举措", "一.", "主要举措"),
        ("一 主要举措", "一", "主要举措"),
        ("一）主要举措", "一）", "主要举措"),
        ("1.主要举措：" + "全县依法行政，" * 12 + "成效明显。", "1.", "主要举措"),
        ("十二、主要举措", "十二、", "主要举措"),
        ("第一部分 主要举措", "第一部分", "主要举措"),
        ("第二章：主要举措", "第二章：", "主要举措"),
        ("(三)主要举措。全年学法。", "(三)", "主要举措"),
        ("（三）、主要举措：", "（三）、", "主要举措"),
        ("㈢主要举措", "㈢", "主要举措"),
        ("1．主要举措", "1．", "主要举措"),
        ("1、主要举措", "1、", "主要举措"),
        ("１．主要举措", "１．", "主要举措"),
        ("1.2024年主要举措。好。", "1.", "2024年主要举措"),
        ("1.12345热线办理。好。", "1.", "12345热线办理"),
        ("1.24小时自助服务。好。", "1.", "24小时自助服务"),
        ("（1）主要举措。好。", "（1）", "主要举措"),
        ("⑴主要举措。好。", "⑴", "主要举措"),
        ("1）主要举措。好。", "1）", "主要举措"),
        ("一、主要举措。", "一、", "主要举措"),
    ],
)
def test_every_way_to_print_a_number(paragraph: str, number: str, heading: str) -> None:
    assert tree(paragraph) == [(1, number, heading)]


@pytest.mark.parametrize(
    "paragraph",
    [
        "第一，抓学习。把法治列入学习计划。",
        "一是抓学习。把法治列入学习计划。",
        "一要抓学习；二要抓考核。",
        "①抓学习。",
        "首先，抓学习。",
        "一是否达标、二是否公开。",
        "3.15国际消费者权益日开展宣传。",
        "98.5%的案件按期办结。",
        "12345热线办结率99%。",
        "一、二级响应全年启动3次。",
        "2024年，全县依法行政。",
        "加强领导",
    ],
)
def test_items_of_a_list_and_plain_text_are_no_sections(paragraph: str) -> None:
    assert tree(paragraph) == []


def test_items_stay_inside_their_section() -> None:
    (first, second) = sections("一、举措", "一是学习。", "二是考核。", "二、打算")
    assert (first.start, first.end) == (0, second.start)


LONG = (
    "以学习宣传贯彻党的二十届三中全会精神为主线，"
    "把法治政府建设纳入全县高质量发展大局统筹谋划、同步推进"
)


@pytest.mark.parametrize(
    ("paragraphs", "heading"),
    [
        ((f"（一）{LONG}",), LONG),
        ((f"（一）{LONG[:46]}。全年学法12次。",), LONG[:46]),
        (("（一）全面提升我县依法行政水平。全年学法12次。",), "全面提升我县依法行政水平"),
        (("（一）坚决打赢蓝天保卫战；持续开展扬尘治理。",), "坚决打赢蓝天保卫战"),
        (("1.执法监督手段单一，信息化水平有待提升。",), "执法监督手段单一，信息化水平有待提升"),
        ((f"1.{LONG}。",), None),
        ((f"1.{LONG}，{LONG}。全年学法12次。",), None),
    ],
)
def test_a_heading_is_the_first_sentence_where_it_is_short_enough(
    paragraphs: tuple[str, ...], heading: str | None
) -> None:
    assert [found for _, _, found in tree(*paragraphs)] == [heading]


def test_a_heading_that_ran_into_its_text_is_cut_out_of_it_beside_headings() -> None:
    text = (
        "我县与省内高校开展课题合作，定期组织课题交流研讨，"
        "不断推动法治理论研究走深走实并取得一批高质量的研究成果"
    )
    found = tree(
        "1.抓学习。好。", "2.抓考核。严。", "3.抓宣传。广。", "4.抓队伍。强。",
        f"5.积极开展政校合作{text}。",
        f"6.积极开展合作{text}。再推。",
        f"7.坚决守好一方碧水、印发方案，{text}。再推。",
    )  # fmt: skip
    assert [heading for _, _, heading in found][4:] == [None, "积极开展合作", "坚决守好一方碧水"]


# ------------------------------------------------------------- several levels on one line


def starts(*paragraphs: str) -> list[tuple[str | None, str]]:
    body = "\n".join(paragraphs)
    return [(s.heading, body[s.start : s.start + 3]) for s in sections(*paragraphs)]


def test_a_deeper_number_right_after_a_heading_opens_a_section_of_its_own() -> None:
    assert starts("一、主要举措（一）强化领导。学法12次。", "（二）规范执法。好。", "二、打算") == [
        ("主要举措", "一、主"),
        ("强化领导", "（一）"),
        ("规范执法", "（二）"),
        ("打算", "二、打"),
    ]


def test_a_run_that_began_on_the_line_goes_on_in_it() -> None:
    assert starts(
        "一、主要举措：（一）强化领导。学法12次。（二）规范执法。评查案卷。1.统一标准。好。2.公开结果。好。"
    ) == [
        ("主要举措", "一、主"),
        ("强化领导", "（一）"),
        ("规范执法", "（二）"),
    ]


def test_three_levels_may_stand_on_one_line() -> None:
    assert [
        level for level, _, _ in tree("一、举措（一）领导1.学习。学法12次。2.考核。全面覆盖。")
    ] == [
        1,
        2,
        3,
        3,
    ]


@pytest.mark.parametrize(
    "paragraph",
    [
        "一、落实《条例》第三条第（一）项要求",
        "（一）开展专项行动。排查隐患，（1）消防12处；（2）用电10处。",
        "（一）加强领导。全年召开会议，重点是：1.学习；2.考核。",
    ],
)
def test_numbers_inside_a_sentence_open_nothing(paragraph: str) -> None:
    assert len(tree(paragraph)) == 1


# ------------------------------------------------------------------------------- roles


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("2024年推进法治政府建设的主要举措和成效", Role.ACHIEVEMENTS),
        ("党政主要负责人履行推进法治建设第一责任人职责情况", Role.ACHIEVEMENTS),
        ("聚焦突出问题，强化专项整治", Role.ACHIEVEMENTS),
        ("坚持高位推动，强化统筹谋划", Role.ACHIEVEMENTS),
        ("坚持问题导向，补齐短板弱项", Role.ACHIEVEMENTS),
        ("严格落实年度工作计划", Role.ACHIEVEMENTS),
        ("存在的问题", Role.PROBLEMS),
        ("存在的不足和原因", Role.PROBLEMS),
        ("推进法治政府建设工作中存在的薄弱环节", Role.PROBLEMS),
        ("面临的困难和问题", Role.PROBLEMS),
        ("主要问题及原因分析", Role.PROBLEMS),
        ("差距与不足", Role.PROBLEMS),
        ("短板弱项", Role.PROBLEMS),
        ("下一步工作打算", Role.PLAN),
        ("下步工作措施", Role.PLAN),
        ("2025年工作计划", Role.PLAN),
        ("2025年推进法治政府建设的主要安排", Role.PLAN),
        ("下一年度推进法治政府建设重点任务", Role.PLAN),
        ("今后工作努力方向", Role.PLAN),
        ("工作思路", Role.PLAN),
    ],
)
def test_a_first_level_section_has_the_role_that_its_heading_tells(
    heading: str, role: Role
) -> None:
    assert [section.role for section in sections(f"三、{heading}")] == [role]


def test_only_the_first_level_has_roles() -> None:
    assert [section.role for section in sections("一、成效", "（一）存在的问题")] == [
        Role.ACHIEVEMENTS,
        None,
    ]


def test_parts_without_a_heading_are_told_by_their_first_words() -> None:
    found = sections(
        "一、主要举措", "二、营商环境",
        "我县法治政府建设取得一定成绩，但还存在一些问题和不足：一是执法力量薄弱。",
        "2025年，我县将全面加强法治政府建设。",
    )  # fmt: skip
    assert [(s.number, s.heading, s.role) for s in found][2:] == [
        (None, None, Role.PROBLEMS),
        (None, None, Role.PLAN),
    ]


def test_a_role_that_a_heading_names_is_not_looked_for_in_paragraphs() -> None:
    text = "全县工作取得成绩，但还存在一些问题。"
    assert len(sections("一、举措", "二、存在的问题", "三、打算", text)) == 3


# ------------------------------------------------------------------------------ offsets


def test_sections_end_where_the_next_of_their_rank_begins_and_the_last_at_the_text_end() -> None:
    paragraphs = (
        "一、举措",
        "（一）领导",
        "（二）执法",
        "二、打算",
        "云岭县司法局",
        "2025年1月20日",
    )
    end = len("\n".join(paragraphs[:4])) + 1
    found = outline(paragraphs, end, ROLES)
    body = "\n".join(paragraphs)
    assert [body[s.start : s.end] for s in found] == [
        "一、举措\n（一）领导\n（二）执法\n",
        "（一）领导\n",
        "（二）执法\n",
        "二、打算\n",
    ]


def test_a_document_without_numbers_has_no_sections() -> None:
    assert sections("加强领导", "2024年，全县依法行政。", "规范执法") == ()
    assert sections() == ()


@pytest.mark.parametrize(
    "run",
    ["一、", "（一）", "1.", "一", "（", "第一", "我县", "1", "。（一）", "一是", " ", "　", "、"],
)
def test_long_runs_of_numbering_cost_no_more_than_their_length(run: str) -> None:
    for paragraph in (run * 50_000, f"一、举措{run * 50_000}", f"一、举措。（一）{run * 50_000}。"):
        assert all(0 <= s.start <= s.end for s in sections(paragraph))
