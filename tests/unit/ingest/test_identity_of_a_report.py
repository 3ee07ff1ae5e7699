"""Who reports, on which year, signed when, under which title."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.identity import choose_issuer, choose_year, find_signature, text_end
from ingest.page import Page, read_html
from ingest.pieces import Cleaned, Piece, Place
from ingest.ruleset import Rules
from ingest.signature import is_month, is_signer, parse_date, split_signature
from ingest.titles import choose_title, is_sentence

RULES = Rules.load()
TITLE = "云岭县人民政府关于2024年度法治政府建设情况的报告"


ZOOM = f"<div id=zoom>{'全县依法行政，公正执法。' * 9}</div>"


def judge(title: str) -> str:
    return RULES.titles.judge(title).kind


def article(*pieces: Piece) -> Cleaned:
    return Cleaned(pieces, ())


def body(*paragraphs: str) -> Cleaned:
    return article(*(Piece(paragraph, Place.BODY) for paragraph in paragraphs))


# ------------------------------------------------------------------------- signatures


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025年1月20日", date(2025, 1, 20)),
        ("2025 年 1 月 20 日", date(2025, 1, 20)),
        ("二〇二五年一月二十日", date(2025, 1, 20)),
        ("二○二四年十二月三十一日", date(2024, 12, 31)),
        ("二零二四年十月十日", date(2024, 10, 10)),
        ("２０２５年１月２０日", date(2025, 1, 20)),
        ("2025年13月1日", None),
        ("2025年2月30日", None),
        ("二〇二五年一月", None),
        ("2025-01-20", None),
    ],
)
def test_a_date_is_read_in_figures_and_in_han_numerals(text: str, day: date | None) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2025年1月20日", ("", date(2025, 1, 20))),
        ("（2025年1月20日）", ("", date(2025, 1, 20))),
        ("云岭县司法局 2025年1月20日", ("云岭县司法局", date(2025, 1, 20))),
        ("云岭县司法局　　二〇二五年一月二十日", ("云岭县司法局", date(2025, 1, 20))),
        ("全县部署推进会于2025年1月20日", None),
        ("2025年1月20日召开会议", None),
        ("截至2025年1月20日", None),
        ("发布日期：2025年1月20日", None),
        ("", None),
    ],
)
def test_a_line_of_a_signature_is_a_date_alone_or_after_the_signer(
    line: str, expected: tuple[str, date] | None
) -> None:
    assert split_signature(line) == expected


def test_a_signature_set_wide_is_a_signature() -> None:
    assert is_signer("云 岭 县 人 民 政 府")
    found = find_signature(("全年审核文件12件。", "云 岭 县 人 民 政 府", "2025 年 1 月 20 日"))
    assert found == ("云岭县人民政府", date(2025, 1, 20))


@pytest.mark.parametrize(
    "name",
    ["云岭县人民政府", "中共云岭县委全面依法治县委员会办公室", "云岭县青石镇",
     "云岭县人民政府（代章）", "清河高新技术产业开发区管理委员会",
     "云 岭 县 司 法 局", "云岭县公安局交通管理大队"],
)  # fmt: skip
def test_a_body_that_could_sign_is_a_signer(name: str) -> None:
    assert is_signer(name)


@pytest.mark.parametrize(
    "text", ["", "县", "加强队伍建设，提升执法水平。", "2025年1月20日", "政务公开"]
)
def test_other_lines_are_not(text: str) -> None:
    assert not is_signer(text)


def test_a_month_without_a_day_is_part_of_a_signature_but_no_date() -> None:
    assert is_month("二〇二五年一月")
    assert not is_month("2025年1月20日")


@pytest.mark.parametrize(
    ("paragraphs", "signer", "day"),
    [
        (("正文。", "云岭县司法局", "2025年1月20日"), "云岭县司法局", date(2025, 1, 20)),
        (("正文。", "云岭县司法局 2025年1月20日"), "云岭县司法局", date(2025, 1, 20)),
        (("正文。", "2025年1月20日"), None, date(2025, 1, 20)),
        (("正文。", "云岭县司法局"), "云岭县司法局", None),
        (("正文。",), None, None),
        ((), None, None),
    ],
)
def test_signer_and_date_are_found_at_the_end_of_the_body(
    paragraphs: tuple[str, ...], signer: str | None, day: date | None
) -> None:
    assert find_signature(paragraphs) == (signer, day)


@pytest.mark.parametrize(
    ("paragraphs", "text"),
    [
        (("正文。", "云岭县司法局", "2025年1月20日"), "正文。\n"),
        (("正文。", "特此报告。", "云岭县司法局", "2025年1月20日"), "正文。\n"),
        (("正文。",), "正文。"),
        ((), ""),
    ],
)
def test_the_text_ends_before_closing_words_and_signature(
    paragraphs: tuple[str, ...], text: str
) -> None:
    assert text_end(paragraphs) == len(text)


# ------------------------------------------------------------------------------ titles


def page(html: str = "", **metas: str) -> Page:
    tags = "".join(f'<meta name="{name}" content="{value}">' for name, value in metas.items())
    return read_html(tags + html)


def test_the_title_in_the_article_weighs_most() -> None:
    own = article(Piece(TITLE, Place.FIELD, "title", TITLE))
    chosen = choose_title(page(articletitle="云岭县2024年度法治政府建设报告"), own, None, judge)
    assert (chosen.value, chosen.why) == (TITLE, "the article")


@pytest.mark.parametrize(
    ("given", "where"),
    [
        (page(articletitle=TITLE), "meta articletitle"),
        (page(f"<title>{TITLE}</title>"), "title element"),
        (page(f"<title>{TITLE}_法治政府建设_云岭县政务公开网</title>"), "title element"),
        (page(f"<title>政务公开-{TITLE}</title>"), "title element"),
        (page(f"<h1>{TITLE}</h1>{ZOOM}"), "headline"),
        (page(f"<h2>{TITLE[:9]}<br>{TITLE[9:]}</h2>{ZOOM}"), "headline"),
        (page(f"<p>{TITLE}</p>{ZOOM}"), "line above the article"),
    ],
)  # fmt: skip
def test_without_one_it_is_found_around_the_article(given: Page, where: str) -> None:
    chosen = choose_title(given, article(), None, judge)
    assert (chosen.value, chosen.why) == (TITLE, where)


def test_the_index_table_weighs_more_than_meta_tags() -> None:
    chosen = choose_title(
        page(articletitle="云岭县2024年度法治政府建设报告"), article(), TITLE, judge
    )
    assert (chosen.value, chosen.why) == (TITLE, "index table")


def test_a_mark_before_the_title_is_not_part_of_it() -> None:
    marked = page(articletitle=f"【法治政府建设】{TITLE}")
    assert choose_title(marked, article(), None, judge).value == TITLE


def test_the_name_of_a_column_makes_no_near_miss_of_a_report() -> None:
    column = page(
        f"<title>政府信息公开</title><h2>政府信息公开</h2><div id=zoom>{'完。' * 20}</div>"
    )
    own = article(Piece(TITLE, Place.FIELD, "title", TITLE))
    assert choose_title(column, own, None, judge).value == TITLE


def test_a_page_that_explains_a_report_is_not_the_report_whose_title_it_quotes() -> None:
    explained = f"《{TITLE}》政策解读"
    own = article(Piece(TITLE, Place.FIELD, "title", TITLE))
    assert choose_title(page(articletitle=explained), own, None, judge).value == explained


def test_a_headline_that_says_more_than_the_title_element_s_part_decides() -> None:
    whole = "一图读懂 | 云岭县2024年法治政府建设报告"
    page = read_html(f"<title>{whole}</title><h1>{whole}</h1>{ZOOM}")
    assert choose_title(page, article(), None, judge).value == whole


def test_the_name_of_the_site_in_the_title_element_makes_no_near_miss() -> None:
    page = read_html(f"<title>{TITLE}_云岭县政府信息公开网</title><p>正文</p>{ZOOM}")
    assert choose_title(page, article(), None, judge).value == TITLE
    before = read_html(f"<title>云岭县政务网 部门信息公开 {TITLE}</title>{ZOOM}")
    assert choose_title(before, article(), None, judge).value == TITLE


def test_a_title_that_is_a_link_to_a_file_loses_its_ending() -> None:
    line = article(Piece(f"{TITLE}.pdf", Place.FIELD, "title", f"{TITLE}.pdf"))
    assert choose_title(read_html(ZOOM), line, None, judge).value == TITLE


def test_a_page_without_a_title_has_none() -> None:
    assert choose_title(page(), article(), None, judge).value is None


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (TITLE, False),
        ("坚持依法行政，建设法治政府", False),
        ("2024年法治政府建设情况报告如下", True),
        ("2024年，全县推进法治政府建设，现将情况报告如下：", True),
        ("2024年法治政府建设情况总结报送完毕。", True),
        ("报告" * 100, True),
    ],
)
def test_running_text_is_told_from_a_title(line: str, sentence: bool) -> None:
    assert is_sentence(line) is sentence


# --------------------------------------------------------------------- year and issuer


@pytest.mark.parametrize(
    ("title", "opening", "latest", "year"),
    [
        ("云岭县2024年度法治政府建设情况报告", "", None, 2024),
        ("云岭县二〇二三年法治政府建设情况报告", "", None, 2023),
        ("2023年工作总结和2024年工作计划", "", date(2024, 1, 5), 2023),
        ("2024年工作计划和2023年工作总结", "", date(2024, 1, 5), 2024),
        ("2025年工作要点及2024年工作总结", "", date(2024, 12, 5), 2024),
        ("云岭县2024年法治政府建设总结", "", date(2020, 3, 1), 2024),
        ("法治政府建设实施纲要（2021-2025年）落实情况：2022年度报告", "", None, 2022),
        ("法治政府建设情况报告", "2024年，云岭县扎实推进。", None, 2024),
        ("法治政府建设情况报告", "根据2021年印发的纲要，云岭县扎实推进。", None, None),
        ("法治政府建设情况报告", "2025年，云岭县扎实推进。", date(2024, 1, 1), None),
        (None, "", None, None),
    ],
)
def test_the_year_is_that_of_the_title_or_of_the_first_words(
    title: str | None, opening: str, latest: date | None, year: int | None
) -> None:
    assert choose_year(title, [opening] if opening else [], latest).value == year


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        (TITLE, "云岭县人民政府"),
        ("云岭县司法局2024年法治政府建设年度报告", "云岭县司法局"),
        ("云岭县委 云岭县人民政府关于2024年法治政府建设的报告", "云岭县委云岭县人民政府"),
        ("云岭县林业局（草原局）2024年法治政府建设情况报告", "云岭县林业局（草原局）"),
        ("清河高新区管理委员会2021年法治政府建设情况报告", "清河高新区管理委员会"),
        ("云岭县青石镇人民政府2024年法治政府建设工作总结", "云岭县青石镇人民政府"),
        ("2024年云岭县人民政府法治政府建设工作报告", "云岭县人民政府"),
        ("关于云岭县司法局2024年法治政府建设情况的报告", "云岭县司法局"),
    ],
)  # fmt: skip
def test_the_issuer_is_the_body_that_the_title_names(title: str, issuer: str) -> None:
    chosen = choose_issuer(title, body("正文。"), "别的机构")
    assert (chosen.value, chosen.why) == (issuer, "title")


def test_without_one_in_the_title_the_signer_is_the_issuer() -> None:
    signed = body("正文。", "云岭县司法局", "2025年1月20日")
    chosen = choose_issuer("关于2024年度法治政府建设情况的报告", signed, "云岭县人民政府")
    assert (chosen.value, chosen.why) == ("云岭县司法局", "signature")


def test_a_body_named_without_its_place_is_named_in_full_where_it_signs() -> None:
    title = "市人社局2024年度法治政府建设报告"
    signed = body("正文。", "清河市人力资源和社会保障局", "2025年1月20日")
    assert choose_issuer(title, signed, None).value == "清河市人力资源和社会保障局"
    table = choose_issuer(title, body("正文。"), "清河市人力资源和社会保障局")
    assert table.why == "title, in full by the index table"
    ours = "关于我局2024年度法治政府建设情况的报告"
    assert choose_issuer(ours, signed, None).value == "清河市人力资源和社会保障局"
    bare = "人力资源和社会保障局2024年法治政府建设年度报告"
    assert choose_issuer(bare, signed, None).value == "清河市人力资源和社会保障局"
    own = "清河市人力资源和社会保障局2024年法治政府建设年度报告"
    above = body("正文。", "示范省清河市人力资源和社会保障局", "2025年1月20日")
    assert choose_issuer(own, above, None).why == "title"
    other = body("正文。", "清河市司法局", "2025年1月20日")
    assert choose_issuer(title, other, None).value == "市人社局"


@pytest.mark.parametrize(
    ("opening", "year"),
    [
        ("根据有关规定，现将云岭县2023年法治政府建设年度报告公布如下：", 2023),
        ("云岭县2023年度法治政府建设工作情况报告如下。", 2023),
        ("按照2019年印发的《规定》，云岭县坚持依法行政。", None),
        ("根据有关规定，现将2021年以来制定的文件清理如下：", None),
    ],
)
def test_a_report_without_a_year_in_its_title_may_say_what_it_reports(
    opening: str, year: int | None
) -> None:
    assert choose_year("法治政府建设年度报告", [opening], None).value == year


def test_a_body_may_be_named_below_the_title_with_the_day() -> None:
    removed = [Piece(t, Place.REMOVED, "x") for t in ("清河市司法局", "（2025年2月20日）")]
    title = "2024年法治政府建设情况报告"
    headed = article(*removed, Piece("正文。", Place.BODY))
    assert choose_issuer(title, headed, None).value == "清河市司法局"
    alone = article(removed[0], Piece("正文。", Place.BODY))
    assert choose_issuer(title, alone, None).value is None


def test_then_the_body_of_the_index_table_and_then_none() -> None:
    assert choose_issuer(None, body("正文。"), "云岭县人民政府").why == "index table"
    assert choose_issuer("2024年度报告", body("正文。"), None).value is None
