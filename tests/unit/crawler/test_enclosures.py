"""A page that is only the cover of a report leads to its file; a page with the text does not."""

from __future__ import annotations

import pytest

from crawler.enclosures import enclosed
from crawler.families import Page
from crawler.screening import load_kinds

KINDS = tuple(load_kinds().values())
TITLE = "云岭县人民政府2024年法治政府建设年度报告"
TEXT = "<p>全县依法行政，公正执法，各项工作取得新进展。</p>"


def files(body: str) -> list[str]:
    page = Page("http://www.yl.gov.test/art/1.html", f"<html><body><h1>{TITLE}</h1>{body}")
    return [link.url for link in enclosed(page, KINDS)]


@pytest.mark.parametrize(
    ("body", "urls"),
    [
        ("<a href='/f/1.pdf'>点击下载</a>", ["http://www.yl.gov.test/f/1.pdf"]),
        ("<a href='P0201.DOC'>附件</a>", ["http://www.yl.gov.test/art/P0201.DOC"]),
        ("<a href='/down?name=1.wps'>附件</a>", ["http://www.yl.gov.test/down?name=1.wps"]),
        ("<iframe src='/f/1.pdf'></iframe>", ["http://www.yl.gov.test/f/1.pdf"]),
        ("<object data='1.ofd'></object>", ["http://www.yl.gov.test/art/1.ofd"]),
        (
            "<iframe src='/web/viewer.html?file=%2Ff%2F1.pdf#page=1'></iframe>",
            ["http://www.yl.gov.test/f/1.pdf"],
        ),
        (
            f"<a href='/1.pdf'>{TITLE}.pdf</a><a href='/2.pdf'>统计表.pdf</a>",
            ["http://www.yl.gov.test/1.pdf"],
        ),
    ],
)
def test_a_cover_leads_to_its_file(body: str, urls: list[str]) -> None:
    assert files(body) == urls


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<a href='/1.xlsx'>数据表</a>",
        "<a href='/1.pdf'>统计表</a><a href='/2.pdf'>任务分工</a>",
        "<iframe src='/weather.html'></iframe>",
        "<a href='javascript:open(1.pdf)'>附件</a>",
        f"{TEXT * 13}<a href='/1.pdf'>{TITLE}.pdf</a>",
    ],
)
def test_a_page_without_a_report_s_file_or_with_the_text_itself_leads_nowhere(body: str) -> None:
    assert files(body) == []


def test_what_a_frame_shows_is_the_document_whatever_is_linked() -> None:
    both = f"<iframe src='/1.pdf'></iframe><a href='/2.pdf'>{TITLE}</a>"
    assert files(both) == ["http://www.yl.gov.test/1.pdf"]
