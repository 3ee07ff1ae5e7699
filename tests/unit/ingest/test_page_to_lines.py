"""A page becomes the lines that a reader of the screen would see."""

from __future__ import annotations

import json

import pytest

from ingest.blocks import fold
from ingest.page import Page, read_html, read_text
from ingest.scripted import scripted_article, scripted_facts

SENTENCE = "2024年，云岭县扎实推进法治政府建设，各项工作取得新进展。"


def lines(html: str) -> list[str]:
    return [block.text for block in read_html(html).blocks if block.text]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>甲</p><p>乙</p>", ["甲", "乙"]),
        ("甲<br>乙<br/><br>丙", ["甲", "乙", "丙"]),
        ("<div>甲<div>乙</div>丙</div>", ["甲", "乙", "丙"]),
        ("<p>甲<span>乙</span><b>丙</b></p>", ["甲乙丙"]),
        ("<table><tr><td>甲</td><td>乙</td></tr></table>", ["甲", "乙"]),
        ("<ul><li>甲<li>乙</ul>", ["甲", "乙"]),
        ("<p>甲<p>乙", ["甲", "乙"]),
        ("<font id=zoom><p>甲</p>乙</font>", ["甲", "乙"]),
        ("<p>甲</p></html><p>乙</p>", ["甲", "乙"]),
        ("<p>甲</p></body></html></div><div>乙</div>", ["甲", "乙"]),
        ("<p>甲<!-- 不见 -->乙</p>", ["甲乙"]),
        ("<p>甲<script>var a='乙';</script><style>p{}</style>丙</p>", ["甲丙"]),
        ("<p>甲&nbsp;&nbsp;乙&emsp;</p>", ["甲 乙"]),
        ("<p>　　甲　乙</p>", ["甲　乙"]),
        ("<p>依法\n  行政</p>", ["依法行政"]),
        ("<pre>甲\n乙\n</pre><p>丙\n丁</p>", ["甲", "乙", "丙丁"]),
        ("<PRE class=x>甲\n<b>乙\n丙</b>", ["甲", "乙", "丙"]),
        ("<p>rule\n  of law</p>", ["rule of law"]),
        ("<p>甲<o:p></o:p></p><p><o:p>&nbsp;</o:p></p><p>乙</p>", ["甲", "乙"]),
        ("<xml><w:View>Normal</w:View></xml><p>甲</p>", ["甲"]),
        ("<!--[if gte mso 9]><xml><w:x>0</w:x></xml><![endif]--><p>甲</p>", ["甲"]),
        ("<![if !supportLists]>一、<![endif]>甲", ["一、甲"]),
        ("<p>二<sup>[1]</sup>三</p>", ["二[1]三"]),
        ("<p>甲\u200b\ufeff乙</p>", ["甲乙"]),
        ("<select><option>链接</option></select><p>甲</p>", ["甲"]),
        ("", []),
        ("<", ["<"]),
        ("<frameset><frame src=x></frameset>", []),
    ],
)
def test_markup_becomes_lines(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


def test_a_page_knows_its_links_and_a_block_how_much_of_it_is_linked() -> None:
    page = read_html('<p>附件：<a href=" ./P1.xlsx ">统计表</a><a href="javascript:;">打印</a></p>')
    (block,) = page.blocks
    assert page.links == ((0, "统计表", "./P1.xlsx"),)
    assert block.linked == 5


def test_cells_of_a_row_share_the_row_and_empty_cells_are_kept() -> None:
    page = read_html("<table><tr><td>文号<td><tr><td><p>日期</p><td>今天</table>")
    assert [block.text for block in page.blocks] == ["文号", "", "日期", "今天"]
    rows = [block.row for block in page.blocks]
    assert rows[0] == rows[1] != rows[2] == rows[3]
    assert len({block.cell for block in page.blocks}) == 4


def test_what_style_sets_apart_is_known_as_apart() -> None:
    (block,) = read_html("<p><b>公开日期</b><span>2025-03-28</span></p>").blocks
    assert (block.text, block.seamed) == ("公开日期2025-03-28", "公开日期 2025-03-28")


def test_the_first_meta_tag_with_a_content_counts() -> None:
    page = read_html(
        '<meta name="PubDate" content=""><meta name="pubdate" content="2025-03-28">'
        '<meta name="PubDate" content="2024-01-01"><meta property="og:title" content="报告">'
    )
    assert page.metas == {"pubdate": "2025-03-28", "og:title": "报告"}


def test_the_title_element_is_read() -> None:
    assert read_html("<title> 报告 - 云岭县\n</title>").title == "报告 - 云岭县"
    assert read_html("<title></title>").title is None


def test_a_text_file_is_a_page_of_its_lines() -> None:
    page = read_text("　　一、甲\r\n\r\n  乙 \n")
    assert [block.text for block in page.article] == ["一、甲", "乙"]


@pytest.mark.parametrize("depth", [10_000, 15_000])
def test_a_deeply_nested_page_is_only_a_page(depth: int) -> None:
    page = read_html("<div>" * depth + f"<p>{SENTENCE}</p>" + "</div>" * depth)
    assert [block.text for block in page.article] == [SENTENCE]


def test_folding_keeps_characters_as_printed() -> None:
    text = "（一）“双随机、一公开”〔2025〕3号：98.5％…"
    assert fold(f"\t {text}\u3000") == text


# ------------------------------------------------------------- articles kept in scripts

ARTICLE = (
    f"<p>{SENTENCE}</p><p>一、主要举措</p>"
    "<p>全年审查文件12件，办理复议案件38件，调处矛盾纠纷132起。</p>"
)


@pytest.mark.parametrize(
    "script",
    [
        "window._CONFIG = " + json.dumps({"id": 8, "content": ARTICLE}),
        "window._CONFIG = " + json.dumps({"content": ARTICLE}).replace("<", "\\u003C"),
        'var page = {content: "' + ARTICLE.replace('"', '\\"').replace("/", "\\/") + '"};',
        "var html = '" + ARTICLE.replace("<", "\\x3C") + "';",
        '{"title":"短","txt":' + json.dumps(ARTICLE.replace("<", "&lt;")) + "}",
        '(function(a,b){return {content:b}}("短",' + json.dumps(ARTICLE) + ",1))",
    ],
    ids=["json", "escaped", "object", "hexadecimal", "entities", "argument"],
)
def test_an_article_in_a_script_string_is_found(script: str) -> None:
    assert scripted_article(script) == ARTICLE


def test_the_object_that_holds_the_article_tells_its_title_date_and_source() -> None:
    state = {
        "site": {"title": "某县人民政府"},
        "hot": [{"title": "别的", "content": "短"}],
        "detail": {
            "info_title": "报告", "content": ARTICLE, "publishTime": 1737504000, "source": "司法局",
        },
    }  # fmt: skip
    facts = scripted_facts("window.__STATE__ = " + json.dumps(state) + ";", ARTICLE)
    assert facts == {"title": "报告", "date": "2025-01-22 08:00:00+08:00", "source": "司法局"}
    assert scripted_facts('var s = {title: "报告", content: "x"};', ARTICLE) == {}


@pytest.mark.parametrize(
    "script",
    [
        "",
        "var a = 1;",
        'var html = "<div>分享到：<a>微信</a><a>微博</a></div>" + "<p>打印</p>" + "<p>关闭</p>";',
        'document.write("<p>没有完</p>',
        '"content":"\\u003Cp\\u003E没有结束的字符串',
        '"content":"' + "一段没有标签的话。" * 30 + '"',
        "content=" * 10_000,
        "'content':'" * 10_000,
        '"content":"<p>' + "\\" * 50_001,
    ],
)
def test_a_script_without_an_article_gives_none(script: str) -> None:
    assert scripted_article(script) is None


def test_a_string_with_a_broken_escape_is_read_as_far_as_it_goes() -> None:
    script = '"content":"' + ARTICLE.replace("<", "\\u003c") + "\\u12" + '"'
    assert SENTENCE in (scripted_article(script) or "")


def test_the_scripted_article_stands_where_its_script_stands() -> None:
    script = json.dumps({"content": ARTICLE * 3}).replace("<", "\\u003C")
    page = read_html(f"<div>导航</div><script>var c={script}</script><div>页脚</div>")
    assert [block.text for block in page.article][:2] == [SENTENCE, "一、主要举措"]
    assert (page.blocks[0].text, page.blocks[-1].text) == ("导航", "页脚")


# ------------------------------------------------------------------ where the article is


def article_of(page: Page) -> list[str]:
    return [block.text for block in page.article if block.text]


PARAGRAPHS = [
    SENTENCE,
    "一、主要举措",
    "（一）加强领导。县政府常务会议专题研究法治工作4次。",
    "（二）规范执法。评查案卷210份，办理行政复议案件12件。",
    "二、存在的问题",
    "基层执法力量仍显薄弱，普法形式较为单一。",
]
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
LINKS = "".join(f'<li><a href="/{n}.html">关于做好第{n}项工作的通知</a></li>' for n in range(30))
FOOT = "<div>主办：云岭县人民政府 地址：云岭县人民路1号，邮编：999999</div>"


@pytest.mark.parametrize(
    "html",
    [
        f"<div id=zoom>{BODY}</div>{FOOT}",
        f"<ul>{LINKS}</ul><div class='view TRS_UEDITOR trs_web'>{BODY}</div>{FOOT}",
        f"<div id=vsb_content_1021>{BODY}</div><ul>{LINKS}</ul>",
    ],
    ids=["by id", "by one of several classes", "by the beginning of its id"],
)
def test_a_known_container_is_the_article(html: str) -> None:
    page = read_html(html)
    assert (page.how, article_of(page)) == ("known container", PARAGRAPHS)


@pytest.mark.parametrize(
    "html",
    [
        f"<ul>{LINKS}</ul><div class=a>{BODY}</div>{FOOT}",
        f"<table><tr><td>{LINKS}</td><td>{BODY}</td></tr></table>{FOOT}",
        f"<div><div><ul>{LINKS}</ul></div><div><div>{BODY}</div></div></div>{FOOT}",
    ],
    ids=["beside a list", "beside a column of links", "nested"],
)
def test_an_unknown_container_is_found_by_its_prose(html: str) -> None:
    page = read_html(html)
    assert (page.how, article_of(page)) == ("prose", PARAGRAPHS)


@pytest.mark.parametrize("cut", range(1, len(PARAGRAPHS)))
@pytest.mark.parametrize("tags", ["<div id=pagediv{n} style='display:none'>", "<td>", "<section>"])
def test_an_article_in_several_elements_is_found_whole(cut: int, tags: str) -> None:
    parts = [PARAGRAPHS[:cut], PARAGRAPHS[cut:]]
    close = "</" + tags[1:].split()[0].strip(">") + ">"
    inner = "".join(
        tags.format(n=n) + "".join(f"<p>{p}</p>" for p in part) + close
        for n, part in enumerate(parts)
    )
    if tags == "<td>":
        inner = f"<table><tr>{inner.replace('</td><td>', '</td></tr><tr><td>')}</tr></table>"
    page = read_html(f"<ul>{LINKS}</ul><div>{inner}</div>{FOOT}")
    assert article_of(page) == PARAGRAPHS


def test_a_signature_in_an_element_of_its_own_below_belongs_to_the_article() -> None:
    page = read_html(
        f"<div id=zoom>{BODY}</div><div align=right>云岭县司法局</div>"
        f"<div align=right>2025年1月20日</div>{FOOT}"
    )
    assert article_of(page) == [*PARAGRAPHS, "云岭县司法局", "2025年1月20日"]


def test_a_date_of_something_else_below_the_article_is_not_its_signature() -> None:
    html = f"<div id=zoom>{BODY}</div><ul><li>关于某事的通知</li><li>2025年1月20日</li></ul>"
    assert article_of(read_html(html)) == PARAGRAPHS


def test_a_short_note_in_a_known_container_is_found_beside_other_prose() -> None:
    note = "现将云岭县2024年度法治政府建设情况报告予以公布，详见附件。"
    side = f"<div class=side><p>{SENTENCE}</p><p>{PARAGRAPHS[-1]}</p></div>"
    page = read_html(f"{side}<div id=zoom><p>{note}</p></div>")
    assert article_of(page) == [note]


def test_a_known_container_in_the_foot_does_not_outweigh_a_numbered_document() -> None:
    foot = "<div class=view>主办：云岭县人民政府办公室，地址：云岭县人民路1号，邮编：999999</div>"
    assert article_of(read_html(f"<div class=a>{BODY}</div>{foot}")) == PARAGRAPHS


def test_a_page_with_little_prose_is_read_below_its_headline() -> None:
    title = "云岭县2024年度法治政府建设情况报告"
    page = read_html(
        f"<title>{title}_云岭县</title><ul>{LINKS}</ul><div><h1>{title}</h1><p>时间：2025-03-28</p>"
        f"<div><p>请下载附件</p><p><a href=a.pdf>报告全文</a></p></div></div>{FOOT}"
    )
    assert page.how == "headline"
    assert article_of(page) == ["时间：2025-03-28", "请下载附件", "报告全文"]


def test_a_short_note_below_the_headline_is_found_beside_a_box_of_prose() -> None:
    title = "云岭县2024年度法治政府建设情况报告"
    box = f"<div class=side>{f'<p>{SENTENCE}</p>' * 9}</div>"
    note = (
        f"<div><h1>{title}</h1><div><p>全文详见附件。</p><p><a href=a.pdf>报告</a></p></div></div>"
    )
    page = read_html(f"<title>{title}</title>{box}{note}{FOOT}")
    assert (page.how, article_of(page)) == ("headline", ["全文详见附件。", "报告"])
