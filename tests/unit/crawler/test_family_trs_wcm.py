from __future__ import annotations

import pytest

from crawler.families import Entry, Page, recognise
from crawler.families.trs_wcm import TrsWcm

URL = "http://www.a.gov.cn/zwgk/fzzf/index.html"
ITEM = (
    '<li><a href="./202403/t20240328_6583952.html" title="甲县2023年度法治政府建设情况报告">'
    "甲县2023年度法治政府…</a><span>2024-03-28</span></li>"
)


def page(pager: str, body: str = ITEM, url: str = URL) -> Page:
    return Page(url, f"<html><body><ul>{body}</ul><script>{pager}</script></body></html>")


@pytest.mark.parametrize(
    "pager",
    [
        'createPageHTML(16, 0, "index", "html");',
        "createPageHTML('16','0','index','html')",
        'createPage(16,0,"index","html");',
    ],
)
def test_it_is_recognised_by_its_pager_and_lists_all_further_pages(pager: str) -> None:
    found = page(pager)
    assert recognise(found).name == "trs_wcm"
    following = TrsWcm().listing(found).following
    assert len(following) == 15
    assert following[0].url == "http://www.a.gov.cn/zwgk/fzzf/index_1.html"
    assert following[-1].url == "http://www.a.gov.cn/zwgk/fzzf/index_15.html"
    assert {request.method for request in following} == {"GET"}


def test_a_later_page_leads_on_from_where_it_is() -> None:
    later = page("createPageHTML(4, 2, 'list', 'shtml')", url="http://a.gov.cn/x/list_2.shtml")
    assert [r.url for r in TrsWcm().listing(later).following] == ["http://a.gov.cn/x/list_3.shtml"]


def test_one_page_leads_nowhere_and_is_known_by_its_articles() -> None:
    single = page("")
    assert recognise(single).name == "trs_wcm"
    assert TrsWcm().listing(single).following == ()


def test_an_entry_has_the_whole_title_the_address_and_the_date() -> None:
    assert TrsWcm().listing(page("")).entries == (
        Entry(
            "http://www.a.gov.cn/zwgk/fzzf/202403/t20240328_6583952.html",
            "甲县2023年度法治政府建设情况报告",
            "2024-03-28",
        ),
    )


def test_an_article_without_a_date_is_an_entry_all_the_same() -> None:
    (entry,) = TrsWcm().listing(page("", ITEM.replace("<span>2024-03-28</span>", ""))).entries
    assert entry.date is None


def test_a_pager_with_a_div_in_front_belongs_to_another_family() -> None:
    other = "createPageHTML('page_div',10, 1,'zwgklist','shtml',200)"
    assert not TrsWcm().recognises(page(other, "<li><a href=/x.shtml>乙</a></li>"))


def test_json_with_pieces_of_html_is_another_familys() -> None:
    assert (
        recognise(Page(URL, '{"list": "<a href=./202403/t20240328_1.html>x</a> 2024-03-28"}'))
        is None
    )
