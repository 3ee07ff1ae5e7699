from __future__ import annotations

import json

import pytest

from crawler.families import Page, recognise
from crawler.families.gov_cn import GovCn

URL = "https://www.gov.cn/zhengce/zuixin/"
LIBRARY = "https://sousuo.www.gov.cn/search-gov/data?t=zhengcelibrary_bm&q=&p=1&n=50"


def test_a_page_without_a_list_asks_for_the_feed_its_script_names() -> None:
    page = Page(URL, '<ul></ul><script>$.ajax({url: "./ZUIXINZHENGCE.json"})</script>')
    assert recognise(page).name == "gov_cn"
    assert [r.url for r in GovCn().listing(page).following] == [f"{URL}ZUIXINZHENGCE.json"]


def test_a_page_with_a_list_of_its_own_is_not_taken() -> None:
    items = '<ul><li><a href="/a.html">甲县年度报告</a><span>2024-03-01</span></li></ul>'
    assert recognise(Page(URL, f'{items}<script>get("./TUIJIAN.json")</script>')).name == "generic"


def test_the_feed_gives_all_its_entries() -> None:
    row = {"TITLE": "甲", "SUB_TITLE": "", "URL": "/zhengce/a.htm", "DOCRELPUBTIME": "2024-03-01"}
    page = Page(f"{URL}ZUIXINZHENGCE.json", json.dumps([row]))
    assert recognise(page).name == "gov_cn"
    listing = GovCn().listing(page)
    assert [(e.url, e.title, e.date) for e in listing.entries] == [
        ("https://www.gov.cn/zhengce/a.htm", "甲", "2024-03-01")
    ]
    assert listing.following == ()


def test_the_library_gives_entries_dated_in_chinas_time_and_all_later_pages() -> None:
    row = {
        "title": "<em>法治</em>政府",
        "url": "https://www.gov.cn/a.htm",
        "pubtime": 1709222400000,
    }
    page = Page(LIBRARY, json.dumps({"searchVO": {"totalpage": 3, "listVO": [row]}}))
    assert recognise(page).name == "gov_cn"
    listing = GovCn().listing(page)
    assert [(e.title, e.date) for e in listing.entries] == [("法治政府", "2024-03-01")]
    assert [r.url for r in listing.following] == [
        LIBRARY.replace("p=1", "p=2"),
        LIBRARY.replace("p=1", "p=3"),
    ]


@pytest.mark.parametrize("text", ["[]", "[1]", '[{"a": 1}]', '{"searchVO": null}', '{"code": 500}'])
def test_json_of_another_kind_belongs_to_nobody(text: str) -> None:
    assert recognise(Page(URL, text)) is None
