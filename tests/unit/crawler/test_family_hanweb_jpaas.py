from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from crawler.families import Entry, Page, recognise
from crawler.families.hanweb_jpaas import UNIT, HanwebJpaas

URL = "http://www.a.gov.cn/col/col1229847292/index.html"
QUERY = (
    "{'webId':'8d82','pageId':'1229847292','parseType':'bulidstatic','pageType':'column',"
    "'tagId':'信息列表','editType':None,'tplSetId':'2097'}"
)


def shell(*scripts: str) -> Page:
    return Page(URL, f"<html><body>{''.join(scripts)}</body></html>")


def script(query: str = QUERY, attribute: str = "queryData", more: str = "") -> str:
    return f'<script src="/script/unitbuild.js" {attribute}="{query}"{more}></script>'


def answer(html: str, url: str = f"http://www.a.gov.cn{UNIT}?webId=8d82&pageId=9") -> Page:
    return Page(url, json.dumps({"success": True, "data": {"html": html}}))


ITEM = (
    '<ul><li><a href="/col/col9/art/2026/art_0123456789abcdef0123456789abcdef.html" '
    'title="甲县2025年度法治政府建设情况报告">甲县2025…</a><span>2026-03-17</span></li></ul>'
)
ENTRY = Entry(
    "http://www.a.gov.cn/col/col9/art/2026/art_0123456789abcdef0123456789abcdef.html",
    "甲县2025年度法治政府建设情况报告",
    "2026-03-17",
)


@pytest.mark.parametrize("attribute", ["queryData", "querydata"])
def test_a_shell_asks_for_its_unit_with_the_parameters_of_the_page_alone(attribute: str) -> None:
    page = shell(script(attribute=attribute))
    assert recognise(page).name == "hanweb_jpaas"
    (request,) = HanwebJpaas().listing(page).following
    parts = urlsplit(request.url)
    assert parts.path == UNIT
    assert parse_qsl(parts.query) == [
        ("webId", "8d82"),
        ("pageId", "1229847292"),
        ("parseType", "bulidstatic"),
        ("pageType", "column"),
        ("tagId", "信息列表"),
        ("editType", "null"),
        ("tplSetId", "2097"),
    ]
    assert request.headers["Referer"] == URL


def test_the_page_names_the_address_of_the_gateway_where_it_differs() -> None:
    page = shell(script(more=' url="/gw/front/page/build/unit"'))
    assert (
        HanwebJpaas()
        .listing(page)
        .following[0]
        .url.startswith("http://www.a.gov.cn/gw/front/page/build/unit?webId=8d82")
    )


def test_a_menu_is_not_asked_for_where_there_is_a_list() -> None:
    menu = script(QUERY.replace("信息列表", "左侧导航"))
    assert len(HanwebJpaas().listing(shell(menu, script())).following) == 1
    assert len(HanwebJpaas().listing(shell(menu)).following) == 1


def test_an_answer_gives_entries_and_all_later_pages() -> None:
    page = answer(ITEM + '<div class="pagination" count="32" pageNo="1" pageSize="15"></div>')
    assert recognise(page).name == "hanweb_jpaas"
    listing = HanwebJpaas().listing(page)
    assert listing.entries == (ENTRY,)
    assert [request.url.partition("pageId=9&")[2] for request in listing.following] == [
        "paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A15%7D",
        "paramJson=%7B%22pageNo%22%3A3%2C%22pageSize%22%3A15%7D",
    ]


def test_the_last_answer_leads_nowhere_also_where_only_its_address_tells_the_page() -> None:
    url = HanwebJpaas().listing(answer(ITEM + '<p count="16" pagesize="15"></p>')).following[0].url
    last = answer(ITEM + '<p count="16" pagesize="15"></p>', url)
    assert HanwebJpaas().listing(last).following == ()


@pytest.mark.parametrize("query", ["{", "{'webId':'1'}", "alert(1)", "['a']", "{'a':" * 5000])
def test_a_broken_query_is_passed_over(query: str) -> None:
    assert recognise(shell(script(query))) is None
