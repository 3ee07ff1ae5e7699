from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from crawler.discovery import BUDGET, HOPE, LOOK_AROUND, LOOKED_AT, Discovery, Place
from crawler.families import Entry, Listing, NamedListing, Page
from crawler.frontier import Note
from crawler.screening import TitleRules
from crawler.task import Task
from crawler.text import decode

REAL = Path(__file__).resolve().parents[4] / "shared" / "portals" / "pages"
FRONT = "http://www.a.gov.cn/"
LINKS = """
<a href="/ly/">走进甲县</a> <a href="/zwgk/">政务公开</a> <a href="/gkml/">法定主动公开内容</a>
<a href="http://www.b.gov.cn/fzzf/">法治政府建设</a> <a href="#">法治政府建设</a>
<a href="/t.html">甲县2023年度法治政府建设情况报告</a> <a href="/nb/">政府信息公开年报</a>
<a href="/x/fzzfjsndbg/index.html">更多</a> <a href="http://[bad/">依法行政</a>
<a href="http://sfj.a.gov.cn/yf/">依法行政</a> <a href="/fzzfjs/t20240301_12.html">法治政府建设</a>
<h3>法治政府</h3><p><a href="/list-7.html">更多&gt;&gt;</a></p> <a href="/map.html">网站地图</a>
<a href="/fzxc/">法治宣传</a> <a href="/bsfw/">办事服务</a> <a href="/q/">统计图表</a>
"""


def discovery(budget: int = BUDGET) -> Discovery:
    return Discovery([TitleRules.load()], FRONT, budget)


def leads(text: str, place: Place | None = None) -> list[Task]:
    found = discovery().leads(Page(FRONT, text), Listing(()), place or Place(FRONT, 30))
    return sorted(found, key=lambda task: -task.rank)


def names(tasks: Iterable[Task]) -> list[str]:
    return [task.url.removeprefix("http://") for task in tasks]


def hub(score: int) -> Task:
    return Task("hub", "http://www.a.gov.cn/h/", score * 9, score=score)


def test_the_best_link_comes_first_and_dead_ends_never() -> None:
    assert names(leads(LINKS)) == [
        "www.a.gov.cn/x/fzzfjsndbg/index.html",
        "sfj.a.gov.cn/yf/",
        "www.a.gov.cn/list-7.html",
        "www.a.gov.cn/gkml/",
        "www.a.gov.cn/map.html",
        "www.a.gov.cn/fzzfjs/t20240301_12.html",
        "www.a.gov.cn/zwgk/",
        "www.a.gov.cn/fzxc/",
        "www.a.gov.cn/q/",
    ]


def test_a_link_is_worth_more_on_a_page_that_promised_something() -> None:
    link = '<a href="/ghjh/">规划计划</a><a href="/a/b/">丙类</a>'
    assert [task.score for task in leads(link)] == [30, HOPE]
    below = Place("http://www.a.gov.cn/sfj/", 48)
    assert [(task.name, task.score) for task in leads(link, below)] == [
        ("规划计划", 42),
        ("丙类", 16),
    ]


def test_what_no_rule_knows_is_a_hope_when_nothing_better_is_left() -> None:
    assert [task.score for task in leads('<a href="/a/b/">丙类</a>')] == [HOPE]


def test_a_dated_entry_is_an_article_and_no_lead() -> None:
    page = Page(FRONT, '<li><a href="/gk/7/">政务公开</a><span>2025-03-01</span></li>')
    listing = Listing((Entry(FRONT + "gk/7/", "政务公开", "2025-03-01"),))
    assert not list(discovery().leads(page, listing, Place(FRONT, 30)))


def test_the_years_of_a_column_of_reports_are_columns_the_newest_first() -> None:
    years = '<a href="/y/11/">2015</a><a href="/y/12/">2024年</a><a href="/y/2/">2</a>'
    assert names(leads(years, Place("http://www.a.gov.cn/fzzf/", 100))) == [
        "www.a.gov.cn/y/12/",
        "www.a.gov.cn/y/11/",
    ]
    assert leads(years) == []


def test_the_frame_of_a_catalogue_is_followed() -> None:
    frame = '<iframe src="/zfxxgk/nav.html"></iframe>'
    assert names(leads(frame, Place("http://www.a.gov.cn/gk/", 46))) == [
        "www.a.gov.cn/zfxxgk/nav.html"
    ]


def test_a_listing_that_a_script_offers_is_judged_by_its_name() -> None:
    offers = (NamedListing(FRONT + "api/7", "法治政府建设"), NamedListing(FRONT + "api/8", "旅游"))
    found = discovery().leads(Page(FRONT, ""), Listing((), offers=offers), Place(FRONT, 30))
    assert names(found) == ["www.a.gov.cn/api/7"]


def test_the_budget_ends_it() -> None:
    spent = discovery(budget=2)
    for _ in range(2):
        assert spent.worth(hub(100))
        spent.heed(Note("hub"))
    assert not spent.worth(hub(100))
    assert spent.worth(Task("article", FRONT + "a", 2000))


def test_once_a_column_yielded_likely_links_are_followed_for_a_while_and_named_ones_on() -> None:
    found = discovery()
    found.heed(Note("hub", yielded=True))
    worth = [found.worth(hub(score)) for score in (90, LOOKED_AT, LOOKED_AT - 1)]
    assert worth == [True, True, False]
    for _ in range(LOOK_AROUND):
        found.heed(Note("hub"))
    assert (found.worth(hub(90)), found.worth(hub(46))) == (True, False)


@pytest.mark.parametrize(
    ("url", "trail", "column"),
    [
        ("/art/2024/3/5/art_302_17.html", "", "/col/col302/index.html"),
        ("/zwgk/fz/202403/t20240328_6583.html", "", "/zwgk/fz/"),
        (
            "/n/17.html",
            '<div>当前位置：<a href="/">首页</a> &gt; <a href="/gk/">公开</a>'
            ' &gt; <a href="/gk/bg/">报告</a></div>',
            "/gk/bg/",
        ),
        (
            "/n/17.html",
            '<p><a href="/">首页</a> &gt; <a href="/zf/">政务</a> &gt; 正文</p>',
            "/zf/",
        ),
    ],
)
def test_a_report_names_its_column_by_its_address_or_by_the_trail(
    url: str, trail: str, column: str
) -> None:
    page = Page(FRONT + url[1:], f"{trail}<article>正文</article>")
    found = list(discovery().trail(page, page.url))
    assert (names(found), found[0].score >= 80) == (["www.a.gov.cn" + column], True)


REAL_LEADS = {
    "101": ("http://www.langxian.gov.cn/", "主动公开目录", "网站地图", "重点领域信息公开"),
    "104": ("http://www.al.gov.cn/", "网站地图", "信息公开目录", "重点领域信息公开"),
    "105": ("http://bianba.changdu.gov.cn/", "主动公开目录", "网站地图", "昌都市司法局"),
}
"""Real front pages without a link that names the subject: what a person would open first."""


@pytest.mark.parametrize("page", REAL_LEADS)
def test_on_a_real_front_page_the_places_of_disclosure_come_first(page: str) -> None:
    file = REAL / f"{page}.html"
    if not file.is_file():
        pytest.skip(f"{file} is not here: real pages are kept outside the project")
    front, *expected = REAL_LEADS[page]
    found = Discovery([TitleRules.load()], front)
    tasks = found.leads(Page(front, decode(file.read_bytes())), Listing(()), Place(front, 30))
    best = sorted(tasks, key=lambda task: -task.rank)[:3]
    assert [task.name for task in best] == expected
    assert not any("年报" in task.name or "旅游" in task.name for task in tasks)
