"""Fields are weighed from what a page shows; nothing is invented, and the record says why."""

from __future__ import annotations

import pytest

from ingest.extract import extract
from ingest.metadata import normal_date
from ingest.records import Contact, Record

TITLE = "云岭县人民政府关于2024年度法治政府建设情况的报告"
TEXT = (
    "<p>2024年，云岭县扎实推进法治政府建设。现将有关情况报告如下：</p><p>一、主要举措</p>"
    "<p>县政府常务会议专题研究法治工作4次，评查案卷210份，办理行政复议案件12件。</p>"
    "<p>二、存在的问题</p><p>基层执法力量仍显薄弱，普法形式较为单一。</p>"
)
SIGNED = "<p>云岭县人民政府</p><p>2025年2月28日</p>"


def record(
    head: str = "", above: str = "", inside: str = "", tail: str = "", below: str = ""
) -> Record:
    page = (
        f"<html><head><title>{TITLE}</title>{head}</head><body><h1>{TITLE}</h1>{above}"
        f"<div id=zoom>{inside}{TEXT}{tail}</div>{below}</body></html>"
    )
    return extract(page.encode(), name="x")


def why(record: Record, field: str) -> str:
    return dict(record.why)[field]


# ------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("shown", "normal"),
    [
        ("2025-03-28", "2025-03-28"),
        ("2025/3/8", "2025-03-08"),
        ("2025.03.28", "2025-03-28"),
        ("2025年03月28日", "2025-03-28"),
        ("2025-03-28 09:18", "2025-03-28T09:18:00+08:00"),
        ("2025-03-28 09:18:33", "2025-03-28T09:18:33+08:00"),
        ("2025-03-28T09:18:33", "2025-03-28T09:18:33+08:00"),
        ("2025年3月28日 9时18分", "2025-03-28T09:18:00+08:00"),
        ("2025-02-30", None),
        ("2025-03-28 9:5", "2025-03-28T09:05:00+08:00"),
        ("2025-03-28 29:18", None),
        ("2021-2025年", None),
        ("近日", None),
    ],
)
def test_a_date_is_printed_in_iso_8601_with_the_time_if_one_is_shown(
    shown: str, normal: str | None
) -> None:
    assert normal_date(shown) == normal


PUBDATE = '<meta name="PubDate" content="2020-05-05 10:00">'


@pytest.mark.parametrize(
    ("given", "day", "reason"),
    [
        ({"above": "<p>发布时间：2025-03-28</p>"}, "2025-03-28", "labelled date, above"),
        ({"above": "<p>2025-03-28 来源：县报</p>"}, "2025-03-28", "date beside the headline"),
        ({"inside": "<p>时间：2025-03-28</p>"}, "2025-03-28", "labelled date, article"),
        ({"below": "<p>发布日期：2025-03-28</p>"}, "2025-03-28", "labelled date, below"),
        ({"above": "<p>更新时间：2025-03-28</p>"}, "2025-03-28", "date of the last change, above"),
        ({}, "2020-05-05", "meta pubdate: no date of publication is shown"),
    ],
)
def test_a_date_shown_outweighs_the_meta_tag(given: dict[str, str], day: str, reason: str) -> None:
    result = record(head=PUBDATE, **given)
    assert (result.published_at or "")[:10] == day
    assert why(result, "published_at").startswith(reason.split(",")[0])


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("2025-03-03 16:30 | 云岭县司法局 | 阅读：123", None),
        ("信息提供：云岭县司法局　发布日期：2025/3/3", None),
        (
            "云岭县政府网　www.yunling.example　2025-03-03　来源：县司法局　【字体：大 中 小】",
            "县司法局",
        ),
        ("中国·云岭 2025年03月03日", None),
        ("发布时间：2025-03-03 星期一 来源：[县司法局]", "县司法局"),
        ("发表于 2025-03-03 11:11", None),
        ("Release time: 2025-03-03", None),
    ],
)
@pytest.mark.parametrize("place", ["above", "inside"])
def test_date_and_source_are_read_among_words_that_no_rule_knows(
    line: str, source: str | None, place: str
) -> None:
    found = record(**{place: f"<p>{line}</p>"})
    assert (found.published_at or "")[:10] == "2025-03-03"
    assert found.source == source
    assert (found.body or "").startswith("2024年，云岭县")


@pytest.mark.parametrize(
    "line",
    [
        "今天是2025年3月20日 星期四 欢迎访问云岭",
        "<a href='/1'>关于公布行政执法数据的公告</a> 2025-01-10",
        "县十七届人大五次会议于2025年1月10日召开，审议通过报告。",
        "（2025年1月10日县十七届人民代表大会第五次会议通过）",
    ],
)
def test_the_date_of_something_else_near_the_headline_is_not_that_of_the_page(line: str) -> None:
    assert record(above=f"<p>{line}</p>").published_at is None


def test_no_date_is_taken_from_the_prose_or_from_the_date_of_today() -> None:
    result = record(above="<p>今天是：2026年11月21日 星期六</p>", below="<p>2026-11-20</p>")
    assert result.published_at is None


def test_the_date_of_the_document_is_not_the_date_of_publication() -> None:
    result = record(above="<table><tr><td>成文日期<td>2025-02-28</table>", tail=SIGNED)
    assert result.published_at is None
    assert result.signed_on == "2025-02-28"


def test_a_table_that_repeats_the_day_of_the_signature_gives_way_to_a_later_meta_tag() -> None:
    table = "<table><tr><td>公开日期<td>2025-02-28</table>"
    later = '<meta name="PubDate" content="2025-03-14">'
    assert record(head=later, above=table, tail=SIGNED).published_at == "2025-03-14"
    assert record(above=table, tail=SIGNED).published_at == "2025-02-28"


# ------------------------------------------------------------------------ index tables

TABLES = {
    "cells": "<table><tr><td>索 引 号<td>900121/2025-001<td>主题分类<td>司法"
    "<tr><td>发布机构<td>县政府办<td>公开日期<td>2025-03-28<tr><td>文号<td>云政发〔2025〕3号</table>",
    "rows": "<table><tr><th>索引号<th>主题分类<th>公开日期<th>文号"
    "<tr><td>900121/2025-001<td>司法<td>2025-03-28<td>云政发〔2025〕3号</table>",
    "definition list": "<dl><dt>索引号：</dt><dd>900121/2025-001</dd><dt>主题分类：</dt>"
    "<dd>司法</dd><dt>公开日期：</dt><dd>2025-03-28</dd><dt>发文字号：</dt><dd>云政发〔2025〕3号</dd></dl>",
    "list": "<ul><li>索引号：900121/2025-001</li><li>主题分类：司法</li>"
    "<li>公开日期：2025-03-28</li><li>发文字号：云政发〔2025〕3号</li></ul>",
    "list without colons": "<ul><li><b>索引号</b><span>900121/2025-001</span></li>"
    "<li><b>主题分类</b><span>司法</span></li><li><b>公开日期</b><span>2025-03-28</span></li>"
    "<li><b>发文字号</b><span>云政发〔2025〕3号</span></li></ul>",
    "pairs of divs": "<div><div>索引号</div><div>900121/2025-001</div></div><div>"
    "<div>主题分类</div><div>司法</div></div><div><div>公开日期</div><div>2025-03-28</div></div>"
    "<div><div>发文字号</div><div>云政发〔2025〕3号</div></div>",
    "one line": "<p>索引号：900121/2025-001　主题分类：司法　公开日期：2025-03-28　"
    "发文字号：云政发〔2025〕3号</p>",
    "brackets": "<p>【索引号】900121/2025-001 【主题分类】司法 【公开日期】2025-03-28 "
    "【发文字号】云政发〔2025〕3号</p>",
}


@pytest.mark.parametrize("where", ["above", "inside"])
@pytest.mark.parametrize("shape", TABLES)
def test_an_index_table_is_read_in_every_shape(shape: str, where: str) -> None:
    result = record(**{where: TABLES[shape]})
    assert result.index_number == "900121/2025-001"
    assert result.subject == "司法"
    assert result.published_at == "2025-03-28"
    assert result.document_number == "云政发〔2025〕3号"
    assert (result.body or "").startswith("2024年，云岭县")


@pytest.mark.parametrize("value", ["", "-", "——", "无", "/", "&nbsp;"])
def test_an_empty_value_in_an_index_table_is_null(value: str) -> None:
    table = f"<table><tr><td>发文字号<td>{value}<td>索引号<td>{value}</table>"
    result = record(above=table)
    assert (result.document_number, result.index_number) == (None, None)


def test_a_document_number_may_stand_in_a_line_of_its_own() -> None:
    assert record(inside="<p>云政发〔2025〕3号</p>").document_number == "云政发〔2025〕3号"


def test_a_document_number_may_stand_above_the_headline() -> None:
    head = "<p>云岭县人民政府文件</p><p>云政〔2025〕12号</p>"
    found = record(above=head)
    assert found.document_number == "云政〔2025〕12号"
    assert why(found, "document_number") == "line of its own above the article"
    assert record(above="<p><a href='/1'>云政〔2025〕12号</a></p>").document_number is None


def test_what_is_no_document_number_is_not_taken_for_one() -> None:
    assert record(above="<p>文号：备查</p>").document_number is None


# ----------------------------------------------------------------- source, foot, contacts


def test_a_source_may_be_a_link() -> None:
    assert (
        record(above='<p>来源：<a href="/">云岭县人民政府网</a></p>').source == "云岭县人民政府网"
    )


def test_a_source_printed_empty_is_not_filled_from_another_article_below() -> None:
    below = "<p>相关新闻</p><p>来源：新报</p>"
    assert record(above="<p>来源：　时间：2025-03-28</p>", below=below).source is None


def test_the_source_shown_outweighs_the_meta_tag() -> None:
    meta = '<meta name="ContentSource" content="云岭县">'
    assert record(head=meta, above="<p>来源：县司法局</p>").source == "县司法局"
    assert record(head=meta).source == "云岭县"


@pytest.mark.parametrize("content", [TITLE, "2025-03-28", "县" * 40])
def test_a_meta_tag_that_holds_no_source_is_not_taken_for_one(content: str) -> None:
    assert record(head=f'<meta name="ContentSource" content="{content}">').source is None


@pytest.mark.parametrize(
    ("foot", "site_code", "icp"),
    [
        ("网站标识码：9001210001 示ICP备12345678号-1", "9001210001", "示ICP备12345678号-1"),
        ("政府网站标识码 bm12345678 京ICP备 05000001 号", "bm12345678", "京ICP备05000001号"),
        ("标识码：900121", None, None),
        ("电话：09991234567", None, None),
    ],
)
def test_site_code_and_icp_are_read_from_the_foot(
    foot: str, site_code: str | None, icp: str | None
) -> None:
    result = record(below=f"<div class=foot>{foot}</div>")
    assert (result.site_code, result.icp) == (site_code, icp)


def test_the_site_code_may_be_declared_only() -> None:
    assert record(head='<meta name="SiteIDCode" content="9001210001">').site_code == "9001210001"
    assert record(head='<meta name="SiteIDCode" content="x">').site_code is None


@pytest.mark.parametrize(
    ("line", "contacts"),
    [
        ("（联系人：周某，联系电话：0999-6123456）", (Contact("周某", "0999-6123456"),)),
        ("联系人：周某 13800000000", (Contact("周某", "13800000000"),)),
        ("联系电话：6123456", (Contact(None, "6123456"),)),
        ("（联系人：周某，吴某；联系电话：6123456）", (Contact("周某，吴某", "6123456"),)),
    ],
)
def test_contacts_below_the_signature_are_kept_apart(
    line: str, contacts: tuple[Contact, ...]
) -> None:
    result = record(tail=f"{SIGNED}<p>{line}</p>")
    assert result.contacts == contacts
    assert (result.body or "").endswith("2025年2月28日")


def test_the_note_on_disclosure_outweighs_the_index_table() -> None:
    table = "<p>公开方式：主动公开</p>"
    assert record(above=table).disclosure == "主动公开"
    assert record(above=table, tail=f"{SIGNED}<p>（此件公开发布）</p>").disclosure == "此件公开发布"


def test_files_in_and_right_below_the_article_are_attachments() -> None:
    result = record(
        above='<p><a href="/guide.pdf">指南</a></p>',
        tail=f'{SIGNED}<p>附件：<a href="./P1.xlsx">统计表.xlsx</a></p>',
        below='<ul><li><a href="/x/report.PDF?id=1">报告全文</a></li></ul>',
    )
    assert [(file.text, file.href) for file in result.attachments] == [
        ("统计表.xlsx", "./P1.xlsx"),
        ("报告全文", "/x/report.PDF?id=1"),
    ]


@pytest.mark.parametrize(
    "frame",
    [
        "<iframe src='/files/1.pdf'></iframe>",
        "<iframe src='/pdfjs/web/viewer.html?file=%2Ffiles%2F1.pdf&page=1'></iframe>",
        "<object data='/files/1.pdf' type='application/pdf'>您的浏览器不支持。</object>",
        "<embed src='/files/1.pdf'>",
    ],
)
def test_a_file_shown_in_a_frame_is_an_attachment(frame: str) -> None:
    page = (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div id=zoom>{frame}</div>"
    )
    found = extract(page.encode(), name="x")
    assert found.verdict == "report"
    assert [(file.text, file.href) for file in found.attachments] == [("", "/files/1.pdf")]
    assert found.body is None


def test_a_frame_that_shows_no_file_is_none() -> None:
    assert record(inside="<iframe src='/weather.html'></iframe>").attachments == ()


def scanned(pictures: str) -> Record:
    page = f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1><div id=zoom>{pictures}</div>"
    return extract(page.encode(), name="x")


def test_a_report_that_was_scanned_is_a_report_whose_pages_are_attachments() -> None:
    found = scanned("<p><img src='/u/1.jpg' alt='第一页'></p><p><img src='/u/2.png'></p>")
    assert found.verdict == "report"
    assert found.body is None
    assert [file.href for file in found.attachments] == ["/u/1.jpg", "/u/2.png"]


@pytest.mark.parametrize("picture", ["", "<img src='/images/ewm.png'>", "<img src='/dot.gif'>"])
def test_an_empty_article_with_an_ornament_is_no_scan(picture: str) -> None:
    assert scanned(picture).verdict == "unreadable"


def test_pictures_of_an_article_with_text_are_no_attachments() -> None:
    assert record(inside="<p><img src='/u/1.jpg'></p>").attachments == ()


def test_a_bare_page_leaves_every_other_field_null() -> None:
    result = record()
    empty = (
        result.published_at, result.signed_on, result.document_number, result.index_number,
        result.subject, result.addressee, result.source, result.disclosure, result.site_code,
        result.icp,
    )  # fmt: skip
    assert empty == (None,) * 10
    assert (result.contacts, result.attachments) == ((), ())
