"""What makes looking at a page cheap changes nothing of what is found."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from crawler.challenges import login_wall, soft_404
from crawler.families import Page
from crawler.families.addresses import absolute, links
from crawler.families.trs_wcm import _ARTICLE
from crawler.signs import sign

BASES = (
    "http://www.x.gov.test",
    "http://www.x.gov.test/zwgk/fzzf/",
    "https://www.x.gov.test:8443/zwgk/index.html?a=/b/#c/d",
)
HREFS = (
    *("a.html", "./a.html", "b/c.html", "./202403/t20240328_1.html", "a/?x=1", "list.jsp?u=/a/b"),
    *(
        "..a.html",
        "a/../b.html",
        "../a.html",
        "./../a.html",
        "a//b",
        ".",
        "./",
        "a:b",
        "a;b",
        "?a=1",
    ),
    *("/a/b.html", "//www.y.gov.test/a", "法治/a.html", "a b.html", "a/./b", "~x/%20y.htm"),
)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("href", HREFS)
def test_an_address_is_joined_as_the_library_joins_it(base: str, href: str) -> None:
    joined = urljoin(base, href)
    assert absolute(Page(base, ""), href) == (joined if joined.startswith("http") else None)


@pytest.mark.parametrize(
    "href", ["", "#", "#top", "javascript:;", "JavaScript:void(0)", "mailto:x"]
)
def test_what_leads_nowhere(href: str) -> None:
    assert absolute(Page(BASES[1], ""), href) is None


def test_a_sign_finds_what_its_pattern_finds() -> None:
    shown = sign(r"""["']([^"']*/search\?\w+)""", "/search?")
    assert [found[1] for found in shown.finditer("x='/a/search?b' y='/c/search?d'")] == [
        "/a/search?b",
        "/c/search?d",
    ]
    assert shown.search("'/a/search'") is None
    assert list(shown.finditer("nothing")) == []


def test_links_are_found_one_by_one() -> None:
    hrefs = ("./202403/t20240328_1.html", "index.html", "./202403/t20240328_2.html?x")
    page = Page(BASES[1], "".join(f"<a href='{href}'>x</a>" for href in hrefs))
    assert [node.attributes["href"] for node in links(page, _ARTICLE)] == [hrefs[0]]


def test_a_notice_is_all_that_a_page_shows() -> None:
    notice = "<script>var a='字字';</script><p>您访问的页面<b>不存在</b></p>\n <i></i>"
    assert soft_404(notice)
    assert not soft_404(notice + "字" * 200)
    assert not soft_404("<p>" + "字" * 200 + notice)
    assert login_wall("/a", False, "<p>请先<b>登录</b></p>")
    assert not login_wall("/a", False, "<p>请先<b>登录</b></p>" + "<p>新闻</p>" * 60)
