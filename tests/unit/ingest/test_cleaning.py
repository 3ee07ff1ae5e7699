"""An article is taken apart into body, fields and removals, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.addressee import is_addressee
from ingest.article import read_lines, split_copies
from ingest.cleaner import clean
from ingest.extract import Rules
from ingest.lines import load_reader
from ingest.page import read_html, read_text
from ingest.pieces import Cleaned, Place
from ingest.prose import is_paragraph
from ingest.shapes import squeeze
from ingest.titles import is_sentence

READER = load_reader()
RULES = Rules.load()
TITLE = "云岭县人民政府关于2024年度法治政府建设情况的报告"
BODY = (
    "2024年，云岭县扎实推进法治政府建设。现将有关情况报告如下：",
    "一、主要举措",
    "（一）加强领导。县政府常务会议专题研究法治工作4次。",
    "二、存在的问题",
    "一是基层执法力量仍显薄弱。",
    "三、下一步打算",
    "加强队伍建设，提升执法水平。",
)


def is_title(text: str) -> bool:
    return not is_sentence(text) and RULES.titles.judge(text).kind != "unknown"


def cleaned(*lines: str, titles: Sequence[str] = ()) -> Cleaned:
    return clean(read_text("\n".join(lines)).article, READER, titles, is_title)


def removals(result: Cleaned) -> list[tuple[str, str]]:
    return [(p.name, p.text) for p in result.pieces if p.place is Place.REMOVED]


def fields(result: Cleaned) -> list[tuple[str, str | None]]:
    return [(p.name, p.value) for p in result.pieces if p.place is Place.FIELD]


def test_title_and_addressee_are_fields_and_the_body_begins_with_the_opening() -> None:
    result = cleaned(TITLE, "清河市人民政府：", *BODY)
    assert result.paragraphs == BODY
    assert fields(result) == [("title", TITLE), ("addressee", "清河市人民政府")]


@pytest.mark.parametrize(
    "opening",
    [
        "现将有关情况报告如下：",
        "现将我局工作总结如下:",
        "按照要求，现将有关情况汇报如下",
        "2024年，我镇扎实推进法治政府建设，现将情况报告如下：",
    ],
)
def test_a_short_opening_that_only_announces_is_the_first_paragraph(opening: str) -> None:
    result = cleaned(TITLE, opening, *BODY[1:])
    assert result.paragraphs == (opening, *BODY[1:])
    assert removals(result) == []


def test_an_addressee_may_stand_in_the_line_of_the_opening() -> None:
    result = cleaned(TITLE, f"市委、市政府：{BODY[0]}", *BODY[1:])
    assert result.paragraphs == BODY
    assert ("addressee", "市委、市政府") in fields(result)


def test_furniture_around_the_body_leaves_with_the_name_of_its_rule() -> None:
    result = cleaned(
        TITLE, "来源：县报 浏览次数：12", "字号：大 中 小", *BODY, "扫一扫在手机打开", "相关阅读"
    )  # fmt: skip
    assert result.paragraphs == BODY
    assert removals(result) == [
        ("source+views", "来源：县报 浏览次数：12"),
        ("font-size", "字号：大 中 小"),
        ("scan", "扫一扫在手机打开"),
        ("related", "相关阅读"),
    ]


def test_furniture_between_paragraphs_goes_where_its_rule_allows_it() -> None:
    result = cleaned(*BODY[:3], "【打印本页】 【关闭窗口】", *BODY[3:])
    assert result.paragraphs == BODY
    assert removals(result) == [("print", "【打印本页】 【关闭窗口】")]


def test_a_labelled_line_between_paragraphs_stays_in_the_body() -> None:
    lines = (*BODY[:3], "来源：县统计局", *BODY[3:])
    assert cleaned(*lines).paragraphs == lines


def test_what_has_no_rule_says_where_it_stood() -> None:
    result = cleaned("某某栏目", *BODY, "云岭县司法局", "2025年1月20日", "某某专题")
    assert removals(result) == [("before-body", "某某栏目"), ("after-body", "某某专题")]


def test_lines_without_words_are_removed_as_such() -> None:
    result = cleaned("——", *BODY[:2], "…………", *BODY[2:], "＊＊＊")
    assert result.paragraphs == BODY
    assert [rule for rule, _ in removals(result)] == ["no-words"] * 3


@pytest.mark.parametrize(
    "signature",
    [
        ("云岭县人民政府", "2025年1月20日"),
        ("云岭县人民政府", "二〇二五年一月二十日"),
        ("云岭县人民政府 2025年1月20日",),
        ("云岭县人民政府2025年1月20日",),
        ("中共云岭县委", "云岭县人民政府", "2025年1月20日"),
        ("特此报告。", "云岭县人民政府", "2025年1月20日"),
        ("特此报告", "2025年1月20日"),
        ("2025年1月20日",),
        ("云岭县人民政府",),
        ("云岭县人民政府", "2025年1月"),
        ("云岭县人民政府", "2025.1.20"),
        ("云岭县人民政府", "二O二五年一月二十日"),
        ("云岭县人民政府（代章）", "（2025年1月20日）"),
        ("附件：1.行政复议案件统计表", "2.行政应诉案件统计表", "云岭县人民政府", "2025年1月20日"),
    ],
)
def test_the_body_ends_with_its_signature(signature: tuple[str, ...]) -> None:
    tail = ("（此件公开发布）", "（联系人：周某，联系电话：6123456）", "相关链接")
    result = cleaned(*BODY, *signature, *tail)
    assert result.paragraphs == (*BODY, *signature)


def test_prose_below_the_signature_is_not_the_document() -> None:
    note = "欢迎关注我县普法宣传活动。"
    result = cleaned(*BODY, "云岭县司法局", "2025年1月20日", "最新动态", note)
    assert result.paragraphs == (*BODY, "云岭县司法局", "2025年1月20日")
    assert ("after-body", note) in removals(result)


def test_a_covering_letter_is_signed_before_the_report_that_it_brings() -> None:
    cover = (
        "现将《云岭县2024年度法治政府建设情况报告》印发给你们，请认真贯彻执行。",
        "云岭县人民政府办公室",
        "2025年1月20日",
    )
    lines = (
        *cover,
        "云岭县2024年度法治政府建设情况报告",
        *BODY,
        *(f"{n}.再做好一件实事。" for n in range(9)),
    )
    assert cleaned("各乡镇人民政府，县直各单位：", *lines).paragraphs == lines


def test_prose_above_the_headline_is_not_the_document() -> None:
    summary = "为便于公众了解法治政府建设情况，本栏目集中公开历年报告。"
    result = cleaned(summary, TITLE, *BODY, *BODY)
    assert ("before-body", summary) in removals(result)


def test_the_opening_that_ends_in_a_colon_is_no_title() -> None:
    opening = "2024年，云岭县落实法治政府建设各项要求，推动治理法治化，现将情况报告如下："
    assert cleaned(TITLE, opening, *BODY[1:]).paragraphs == (opening, *BODY[1:])


def test_a_row_of_a_data_table_is_one_paragraph_and_a_row_of_paragraphs_is_not() -> None:
    html = (
        f"<p>{BODY[0]}</p><table><tr><td>事项<td>数量<tr><td>行政复议<td>12件</table>"
        f"<table><tr><td><p>{BODY[2]}</p><p>{BODY[4]}</p></td></tr></table><p>{BODY[6]}</p>"
    )
    result = clean(read_html(html).article, READER, (), is_title)
    assert result.paragraphs == (BODY[0], "事项\t数量", "行政复议\t12件", BODY[2], BODY[4], BODY[6])


def test_pieces_joined_are_the_article() -> None:
    lines = (TITLE, "来源：县报", "索引号：", "900121/2025-1", *BODY, "云岭县司法局", "打印", "尾")
    joined = squeeze("".join(piece.text for piece in cleaned(*lines).pieces))
    assert joined == squeeze("".join(lines))


@pytest.mark.parametrize("heading", ["一、2024年法治政府建设情况", "2024年法治政府建设工作情况"])
def test_a_heading_that_reads_like_a_title_does_not_cut_off_the_opening(heading: str) -> None:
    lines = (BODY[0], heading, *BODY[2:])
    assert cleaned(TITLE, *lines).paragraphs == lines
    assert cleaned(TITLE, "清河市人民政府：", *lines).paragraphs == lines
    assert cleaned(*lines, titles=[TITLE]).paragraphs == lines


def test_a_summary_between_the_headline_and_its_repetition_is_not_the_document() -> None:
    summary = "本报告由县司法局起草。"
    result = cleaned(TITLE, summary, TITLE, *BODY)
    assert result.paragraphs == BODY
    assert ("before-body", summary) in removals(result)


# ------------------------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("云岭县人民政府", "关于2024年度法治政府建设情况的报告"), TITLE),
        (("云岭县人民政府关于2024年度", "法治政府建设情况的报告"), TITLE),
        (("云岭县人民政府", "关于2024年度法治政府", "建设情况的报告"), TITLE),
        (("云岭县司法局", "2024年法治政府建设年度报告"), "云岭县司法局2024年法治政府建设年度报告"),
        (("政务公开栏", TITLE), TITLE),
    ],
)
def test_a_title_broken_over_lines_is_put_together(lines: tuple[str, ...], title: str) -> None:
    assert ("title", title) in fields(cleaned(*lines, *BODY))


def test_a_body_named_above_a_title_that_the_page_gives_whole_is_not_part_of_it() -> None:
    own = "2024年度法治政府建设情况报告"
    result = cleaned("云岭县人民政府", own, *BODY, titles=[own])
    assert ("title", own) in fields(result)


# ------------------------------------------------------------------------ second copies


def test_a_second_copy_for_telephones_is_removed_as_a_copy() -> None:
    result = cleaned(TITLE, *BODY, "页脚", *BODY)
    assert result.paragraphs == BODY
    assert [text for rule, text in removals(result) if rule == "second-copy"] == list(BODY)


def test_paragraphs_that_two_chapters_share_are_no_copy() -> None:
    lines = read_lines(read_text("\n".join((*BODY, BODY[2]))).article, READER)
    assert split_copies(lines) == (lines, [])


# --------------------------------------------------------------------------- paragraphs


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("　　第一段完了。　　第二段完了。", ["第一段完了。", "第二段完了。"]),
        ("一、标题　　正文在此", ["一、标题", "正文在此"]),
        ("第一段完了。　第二段完了。", ["第一段完了。", "第二段完了。"]),
        ("张　三", ["张　三"]),
        ("（一）　加强领导。全年学法。", ["（一）　加强领导。全年学法。"]),
        ("一、　主要举措", ["一、　主要举措"]),
        ("云岭县司法局　　2025年1月20日", ["云岭县司法局　　2025年1月20日"]),
        ("标　　题：云岭县报告", ["标　　题：云岭县报告"]),
        ("事项　　收案　　结案", ["事项　　收案　　结案"]),
        ("甲乙丙丁　戊己庚辛", ["甲乙丙丁　戊己庚辛"]),
    ],
)
def test_paragraphs_parted_only_by_ideographic_spaces(text: str, paragraphs: list[str]) -> None:
    assert [line.text for line in read_lines(read_text(text).article, READER)] == paragraphs


@pytest.mark.parametrize(
    "text",
    [
        "一、主要做法",
        "（一）加强领导",
        "1.抓学习",
        "第一，抓学习。",
        "一是抓学习",
        "全年立案查处违法案件14起。",
    ],
)
def test_what_reads_like_a_document_is_a_paragraph(text: str) -> None:
    assert is_paragraph(text)


@pytest.mark.parametrize(
    "text",
    ["", "政务公开", "云岭县人民政府", "2025年1月20日", "完了。", "一、", "网站地图 联系我们"],
)
def test_what_does_not_is_none(text: str) -> None:
    assert not is_paragraph(text)


def test_a_linked_line_is_no_paragraph() -> None:
    text = "全县扎实推进法治政府建设，各项工作取得新进展。"
    assert is_paragraph(text, linked=3)
    assert not is_paragraph(text, linked=len(text))


# -------------------------------------------------------------------------- addressees


@pytest.mark.parametrize(
    "line",
    [
        "清河市人民政府：",
        "市委、市政府：",
        "清河市人民政府，中共云岭县委，县人大常委会：",
        "市委全面依法治市委员会办公室:",
        "县委依法治县工作领导小组办公室：",
        "省委和省政府：",
        "各乡镇人民政府、街道办事处，县直各部门、各单位：",
        "主任、各位副主任、秘书长、各位委员：",
        "县人大常委会（法制工作委员会）：",
        "示范省司法厅、清河市委依法治市办：",
        "党中央、国务院：",
        "云岭县司法局法治监督股：",
        "中共清河市委全面依法治市委员会办公室（市司法局）：",
        "尊敬的各位代表：",
    ],
)
def test_a_line_of_bodies_and_a_colon_is_an_addressee(line: str) -> None:
    assert is_addressee(line)


@pytest.mark.parametrize(
    "line",
    [
        "现将有关情况报告如下：",
        "主要工作情况：",
        "存在以下问题：",
        "一、主要举措：",
        "2024年，全县办理行政复议案件：",
        "清河市人民政府",
        "重点做好以下工作：",
        "：",
        "目标任务：",
        "工作措施：",
        "取得的成效：",
    ],
)
def test_a_line_that_announces_something_is_none(line: str) -> None:
    assert not is_addressee(line)
