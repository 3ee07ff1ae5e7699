"""A site's own search: asked by what its pages show, and its answers read."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.families import Page, recognise, searches
from crawler.families.hanweb_search import CATE_SEARCH, INFO

SITE = "http://www.a.gov.cn/"
WORDS = "法治政府建设"


def asked(text: str) -> dict[str, list[str]]:
    [request] = searches(Page(SITE, text), WORDS)
    return {**parse_qs(urlsplit(request.url).query), **{k: [v] for k, v in request.form}}


def test_jsearch_is_asked_with_the_sites_number() -> None:
    page = Page(SITE, "<a href='/jsearchfront/search.do?websiteid=371000000000000&amp;tpl=5&q='>")
    [request] = searches(page, WORDS)
    assert (request.url, request.method) == (SITE.rstrip("/") + CATE_SEARCH, "POST")
    form = dict(request.form)
    assert (form["websiteid"], form["tpl"], form["q"], form["pos"]) == (
        *("371000000000000", "5"),
        *(WORDS, "title"),
    )


def test_the_gateway_of_jpaas_is_asked_with_its_numbers() -> None:
    given = asked(
        '<a href="/jpaas-jsearch-web-server/search?serviceId=ab&websiteid=410600000000&cateid=cd">'
    )
    assert (given["serviceId"], given["cateid"], given["q"]) == (["ab"], ["cd"], [WORDS])


def test_igs_is_asked_only_with_the_code_that_a_page_shows() -> None:
    given = asked('<a href="/igs/front/search.jhtml?code=0a1b&siteId=10">')
    assert (given["code"], given["siteId"], given["position"]) == (["0a1b"], ["10"], ["TITLE"])
    assert searches(Page(SITE, '<a href="/igs/front/search.jhtml?siteId=10">'), WORDS) == ()


@pytest.mark.parametrize(
    ("page", "url"),
    [
        (
            '<form action="/s"><input type=hidden name=siteCode value=54><input name=searchWord>',
            "s?siteCode=54&searchWord=",
        ),
        (
            '<script>open("/guestweb4/s?siteCode=62&searchWord="+encodeURIComponent(w))</script>',
            "guestweb4/s?siteCode=62&searchWord=",
        ),
    ],
)
def test_a_form_or_a_script_with_one_box_is_a_link_with_words_in_it(page: str, url: str) -> None:
    [request] = searches(Page(SITE, page), WORDS)
    assert request.url.startswith(SITE + url)
    assert request.url.endswith("%E6%B3%95%E6%B2%BB%E6%94%BF%E5%BA%9C%E5%BB%BA%E8%AE%BE")


@pytest.mark.parametrize(
    "page",
    [
        '<form action="http://zs.kaipuyun.cn/s"><input name="searchWord"></form>',
        '<form action="/login"><input name="user"><input type="password" name="key"></form>',
        '<form method="post" action="/hhjgjg.jsp"><input name="keyword"></form>',
        '<script>get("/list?key=" + id)</script>',
    ],
)
def test_what_lies_elsewhere_wants_a_post_or_is_no_search_is_not_asked(page: str) -> None:
    assert searches(Page(SITE, page), WORDS) == ()


HIT = (
    '<div><a href="visit/link.do?url=http%3A%2F%2Fwww.a.gov.cn%2Fart%2F2024%2F3%2F5%2Fart_1_2.html'
    '&title=x">甲县2023年度<em>法治</em>政府建设情况报告</a><span>2024-03-05</span></div>'
)


@pytest.mark.parametrize(
    ("url", "data", "form"),
    [
        (SITE + CATE_SEARCH[1:], {"total": 12, "result": [HIT, 7]}, (("p", "1"), ("q", WORDS))),
        (
            f"{SITE}{INFO[1:]}?websiteid=41&q=x&p=1",
            {"data": {"searchResult": {"total": "16", "result": [HIT]}}},
            (),
        ),
    ],
)
def test_a_hit_leads_to_the_address_behind_the_counter_and_the_next_page_follows(
    url: str, data: object, form: tuple[tuple[str, str], ...]
) -> None:
    page = Page(url, json.dumps(data), form)
    family = recognise(page)
    assert family is not None
    listing = family.listing(page)
    [entry] = listing.entries
    assert (entry.url, entry.title, entry.date) == (
        SITE + "art/2024/3/5/art_1_2.html",
        "甲县2023年度法治政府建设情况报告",
        "2024-03-05",
    )
    [following] = listing.following
    assert "p=2" in following.url or dict(following.form)["p"] == "2"
