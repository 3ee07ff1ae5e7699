"""安徽, 河北, 聊城, 常州: families told by the form of their addresses."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from crawler.families import Family, Page, recognise
from crawler.families.anhui_public import AnhuiPublic
from crawler.families.channel_x import ChannelX
from crawler.families.class8 import FULL, Class8
from crawler.families.hebei_uuid import HebeiUuid

HOST = "http://www.a.gov.cn"
UUID = "49f13cc2-db03-4d0c-b4fe-2f3f659d3b6e"
BLOCK = f"/columns/{UUID}/templates/{UUID}/blocks/{UUID}"
CATALOGUE = f"{HOST}/public/column/6596221?type=4&catId=7065111&action=list"
LABEL = """<script>Ls.pagination("#page", function (pageIndex) { Ls.ajax({url: "/site/label/8888",
data: {labelName: "publicInfoList", siteId: "6795621", pageIndex: pageIndex, catId: catId,
organId: "6596221", file: "/c1/list"}}) }, {currentPage: 1, pageCount: 3});</script>"""


def item(href: str) -> str:
    return f'<li><a href="{href}">甲县2023年度法治政府建设情况报告</a><span>2024-03-01</span></li>'


ARTICLES = {
    "anhui_public": item("/public/6596221/64851798.html"),
    "hebei_uuid": item(f"/columns/{UUID}/202403/01/{UUID}.html"),
    "class8": item("/html/cznd/2024/EFBJILJD_0301/574891.html"),
    "channel_x": item("/doc.html"),
}
COLUMNS = {
    "anhui_public": CATALOGUE,
    "hebei_uuid": f"{HOST}/columns/{UUID}/index.html",
    "class8": f"{HOST}/class/EFBJILJD",
    "channel_x": f"{HOST}/channel_x_0.0_11971/",
}


def following(family: Family, url: str, body: str) -> list[str]:
    return [r.url.removeprefix(HOST) for r in family.listing(Page(url, body)).following]


@pytest.mark.parametrize("family", COLUMNS)
def test_a_column_is_told_by_its_address_and_articles(family: str) -> None:
    page = Page(COLUMNS[family], ARTICLES[family])
    found = recognise(page)
    assert found.name == family
    (entry,) = found.listing(page).entries
    assert (entry.title, entry.date) == ("甲县2023年度法治政府建设情况报告", "2024-03-01")


@pytest.mark.parametrize("family", ["channel_x", "anhui_public"])
def test_the_same_list_elsewhere_is_anybodys(family: str) -> None:
    assert recognise(Page(f"{HOST}/list/", ARTICLES[family])).name == "generic"


def test_an_anhui_catalogue_asks_the_label_with_the_parameters_of_its_script() -> None:
    second, third = following(AnhuiPublic(), CATALOGUE, ARTICLES["anhui_public"] + LABEL)
    assert urlsplit(second).path == "/site/label/8888"
    assert dict(parse_qsl(urlsplit(second).query)) == {
        **{"labelName": "publicInfoList", "siteId": "6795621", "organId": "6596221"},
        **{"catId": "7065111", "file": "/c1/list", "pageIndex": "2"},
    }
    assert third.endswith("&pageIndex=3")


def test_an_anhui_catalogue_without_entries_asks_for_the_first_page_too() -> None:
    pages = following(AnhuiPublic(), CATALOGUE, LABEL)
    assert [url[-12:] for url in pages] == ["&pageIndex=1", "&pageIndex=2", "&pageIndex=3"]


def test_an_answer_of_the_label_has_entries_and_leads_nowhere() -> None:
    url = f"{HOST}/site/label/8888?labelName=publicInfoList&pageIndex=2"
    page = Page(url, ARTICLES["anhui_public"] + LABEL)
    assert recognise(page).name == "anhui_public"
    assert following(AnhuiPublic(), url, page.text) == []


def test_a_hebei_column_goes_on_in_its_block_until_a_page_is_empty() -> None:
    script = f'<script>get("{BLOCK}?page=" + n)</script>'
    body = ARTICLES["hebei_uuid"] + script
    assert following(HebeiUuid(), COLUMNS["hebei_uuid"], body) == [f"{BLOCK}?fix=0&page=2"]
    assert following(HebeiUuid(), COLUMNS["hebei_uuid"], script) == [f"{BLOCK}?fix=0&page=1"]
    later = f"{HOST}{BLOCK}?fix=0&page=2"
    assert following(HebeiUuid(), later, ARTICLES["hebei_uuid"]) == [f"{BLOCK}?fix=0&page=3"]
    end = HebeiUuid().listing(Page(later, "<ul></ul>"))
    assert (end.entries, end.following, end.ends) == ((), (), True)
    assert not HebeiUuid().listing(Page(later.replace("=2", "=1"), "<ul></ul>")).ends


def test_a_class_column_goes_on_to_the_highest_page_it_links_to() -> None:
    links = '<a href="/class/EFBJILJD/4">4</a><a href="/class/ABCDEFGH/9">另</a>'
    body = ARTICLES["class8"] + links
    assert following(Class8(), COLUMNS["class8"], body) == [
        f"/class/EFBJILJD/{k}" for k in (2, 3, 4)
    ]
    assert following(Class8(), f"{COLUMNS['class8']}/4", body) == []


def test_after_a_full_page_of_a_class_column_one_more_is_asked_for() -> None:
    rows = [ARTICLES["class8"].replace("574891", str(number)) for number in range(FULL)]
    assert following(Class8(), f"{COLUMNS['class8']}/2", "".join(rows)) == ["/class/EFBJILJD/3"]
    assert following(Class8(), f"{COLUMNS['class8']}/2", "".join(rows[1:])) == []


def test_a_channel_column_follows_the_links_to_further_pages() -> None:
    body = ARTICLES["channel_x"] + '<a href="?page=2">下一页</a>'
    assert following(ChannelX(), COLUMNS["channel_x"], body) == ["/channel_x_0.0_11971/?page=2"]
