from __future__ import annotations

import pytest

from crawler.families import Page, recognise
from crawler.families.boda_vsb import BodaVsb

URL = "http://www.a.gov.cn/xxgk/fzzf.htm"
ITEM = (
    '<li><a href="{}" title="甲县{}年度法治政府建设情况报告">甲县…</a><span>2024-03-1{}</span></li>'
)


def page(pager: str = "", url: str = URL, items: str = "") -> Page:
    items = items or ITEM.format("../info/1031/20488.htm", 2023, 1)
    return Page(url, f"<html><body><ul>{items}</ul><div>{pager}</div></body></html>")


def following(found: Page) -> list[str]:
    return [r.url.removeprefix("http://www.a.gov.cn") for r in BodaVsb().listing(found).following]


@pytest.mark.parametrize(
    "pager", ["共57条&nbsp;1/4", "<span>共57条</span> <em>1/4</em>", "共 57 条 第1 / 4"]
)
def test_pages_are_numbered_from_the_last(pager: str) -> None:
    assert recognise(page(pager)).name == "boda_vsb"
    assert following(page(pager)) == [f"/xxgk/fzzf/{number}.htm" for number in (3, 2, 1)]


def test_a_later_page_leads_to_those_behind_it_also_after_the_column_has_grown() -> None:
    assert following(page("共57条 3/4", "http://www.a.gov.cn/xxgk/fzzf/2.htm")) == [
        "/xxgk/fzzf/1.htm"
    ]
    grown = page("共61条 3/5", "http://www.a.gov.cn/xxgk/fzzf/3.htm")
    assert following(grown) == ["/xxgk/fzzf/2.htm", "/xxgk/fzzf/1.htm"]
    assert following(page("共57条 4/4", "http://www.a.gov.cn/xxgk/fzzf/1.htm")) == []


def test_an_article_listed_twice_is_one_entry() -> None:
    twice = ITEM.format("../info/1031/20488.htm", 2023, 1) * 2
    other = ITEM.format("/info/1031/20488.htm", 2023, 2)
    assert len(BodaVsb().listing(page(items=twice + other)).entries) == 1


def test_a_new_article_without_a_file_of_its_own_is_an_entry() -> None:
    link = "../content.jsp?urltype=news.NewsContentUrl&wbtreeid=1031&wbnewsid=20489"
    found = page(items=ITEM.format(link.replace("&", "&amp;"), 2024, 5))
    assert recognise(found).name == "boda_vsb"
    (entry,) = BodaVsb().listing(found).entries
    assert entry.url.endswith(
        "/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1031&wbnewsid=20489"
    )


def test_a_page_without_pager_or_at_an_address_of_another_kind_leads_nowhere() -> None:
    assert following(page("共57条")) == []
    assert following(page("共57条 2/4", "http://www.a.gov.cn/list.jsp?p=2")) == []
