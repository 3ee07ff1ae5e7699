from __future__ import annotations

from crawler.discovery import Discovery
from crawler.families import Page
from crawler.screening import TitleRules

FRONT = "http://www.a.gov.cn/"
LINKS = """
<a href="/ly/">走进甲县</a> <a href="/zwgk/">政务公开</a> <a href="/gkml/">法定主动公开内容</a>
<a href="http://www.b.gov.cn/fzzf/">法治政府建设</a> <a href="#">法治政府建设</a>
<a href="/t.html">甲县2023年度法治政府建设情况报告</a> <a href="/nb/">政府信息公开年报</a>
<a href="/x/fzzfjsndbg/index.html">更多</a> <a href="http://[bad/">依法行政</a>
<a href="http://sfj.a.gov.cn/yf/">依法行政</a>
"""


def discovery(budget: int = 20) -> Discovery:
    found = Discovery([TitleRules.load()], FRONT, budget)
    found.add_links(Page(FRONT, LINKS))
    return found


def order(found: Discovery) -> list[str]:
    leads = iter(found.next, None)
    return [lead.url.removeprefix("http://") for lead in leads]


def test_the_best_link_comes_first_and_links_of_no_promise_never() -> None:
    assert order(discovery()) == [
        "www.a.gov.cn/x/fzzfjsndbg/index.html",
        "sfj.a.gov.cn/yf/",
        "www.a.gov.cn/gkml/",
        "www.a.gov.cn/zwgk/",
    ]


def test_the_budget_ends_it() -> None:
    assert len(order(discovery(budget=2))) == 2


def test_a_link_is_weighed_once_and_the_front_page_never() -> None:
    found = discovery()
    found.add_links(Page(FRONT, LINKS + '<a href="/">政务公开</a>'))
    assert len(order(found)) == 4


def test_once_a_column_yielded_only_links_that_name_the_subject_are_followed() -> None:
    found = discovery()
    found.found()
    assert len(order(found)) == 2
