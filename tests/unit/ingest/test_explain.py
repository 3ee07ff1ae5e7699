"""What was decided about a document and why, shown to a person."""

from __future__ import annotations

from html.parser import HTMLParser

from ingest.explain import as_html, field_lines, story
from ingest.extract import understand
from ingest.pieces import Place

PAGE = """<!doctype html><html><head><title>云岭县2024年度法治政府建设情况报告</title></head><body>
<h1>云岭县2024年度法治政府建设情况报告</h1><div>发布日期：2025-02-27 来源：县司法局</div>
<div id="zoom"><p>清河市人民政府：</p>
<p>2024年，云岭县深入推进法治政府建设，现将有关情况报告如下：</p>
<p>一、主要成效</p><p>（一）强化执法质效。全年办理案件<b>12</b>件，无一起 a&lt;b 之类的差错。</p>
<p>二、存在的问题</p><p>执法力量还不够强，需要继续充实基层。</p>
<p>云岭县人民政府</p><p>2025年2月25日</p><p>扫一扫在手机打开当前页</p></div></body></html>"""


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_story_tells_the_whole_article_in_order() -> None:
    understood = understand(PAGE.encode(), name="page.html")
    passages = story(understood)
    assert passages[0].place is Place.FIELD
    assert passages[-1].place is Place.REMOVED
    assert passages[-1].label == "scan"
    body = [p.text for p in passages if p.place is Place.BODY]
    assert "\n".join(body) == understood.record.body


def test_a_section_is_labelled_where_it_begins_and_its_heading_is_marked() -> None:
    passages = story(understand(PAGE.encode(), name="page.html"))
    opened = {p.label: p.text[: p.heading] for p in passages if p.heading}
    assert opened == {
        "1 一、": "一、主要成效",
        "2 （一）": "（一）强化执法质效",
        "1 二、": "二、存在的问题",
    }
    assert {p.role for p in passages if p.text.startswith("执法力量")} == {"problems"}


def test_each_field_comes_with_the_evidence_that_decided() -> None:
    lines = {line.name: line for line in field_lines(understand(PAGE.encode(), name="p").record)}
    assert (lines["published_at"].value, lines["published_at"].why) == (
        "2025-02-27",
        "labelled date, above",
    )
    assert lines["document_number"].value == ""


def test_the_page_shows_the_text_as_text_not_as_markup() -> None:
    html = as_html(understand(PAGE.encode(), name="<script>alert(1)</script>"))
    assert "<script>" not in html
    parser = _Texts()
    parser.feed(html)
    assert any("a<b 之类" in text for text in parser.texts)


def test_what_is_no_document_is_explained_too() -> None:
    assert "unreadable: empty" in as_html(understand(b"", name="empty.html"))


def test_figures_are_marked_where_they_stand_with_code_and_rule() -> None:
    page = PAGE.replace("全年办理案件<b>12</b>件", "全年受理行政复议案件12件，罚款3万元")
    understood = understand(page.encode(), name="page.html")
    [passage] = [p for p in story(understood) if p.marks]
    told = {passage.text[m.start : m.end]: (m.kind, m.note) for m in passage.marks}
    kind, note = told["全年受理行政复议案件12件"]
    assert kind == "indicator"
    assert "reconsideration_cases_accepted = 12件" in note
    assert "rule reconsideration-accepted" in note
    assert told["罚款3万元"] == ("fact", "30000元 罚款")
    assert '<mark class="indicator" title="reconsideration_cases_accepted' in as_html(understood)
