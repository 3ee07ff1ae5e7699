"""The two search servers of TRS, as listings."""

from __future__ import annotations

import json

import pytest

from crawler.families import Page, recognise
from crawler.families.trs_igs import TrsIgs
from crawler.families.trs_was5 import TrsWas5

URL = "http://www.a.gov.cn/zwgk/fzzf/"
WAS5 = (
    "/was5/web/search?channelid=290792&templet=docs.jsp&sortfield=-docorderpri,-docreltime"
    "&classsql=chnlid%3D5727&prepage=10"
)
IGS = "/igs/front/search/publish/data/list.html?index=a&type=infomation&filter[CHANNELID]=21985"
DOCS = """{"count":"23","chnlname":"某栏目",
"pagenum":"1",
"py":'###pypy###',
"docs":[
{"title":"甲县2023年度法治政府建设情况报告","url":"http://www.a.gov.cn/zwgk/fzzf/202403/t20240301_1.htm",
"time":"2024-03-01","content":"第一行
第二行"},
]}"""


def script(address: str) -> Page:
    return Page(URL, f'<html><script>$.get("{address}&page=" + page)</script></html>')


def test_a_was5_shell_asks_for_the_first_page() -> None:
    assert recognise(script(WAS5)).name == "trs_was5"
    (request,) = TrsWas5().listing(script(WAS5)).following
    assert request.url == f"http://www.a.gov.cn{WAS5}&page=1"


@pytest.mark.parametrize(
    "address",
    ["/was5/web/search?channelid=1", WAS5.replace("5727", ""), WAS5.replace("290792", "")],
)
def test_a_search_box_of_was5_is_no_listing(address: str) -> None:
    assert recognise(script(address)) is None


def test_a_was5_answer_is_read_though_it_is_not_strict() -> None:
    page = Page(f"http://www.a.gov.cn{WAS5}&page=1", DOCS)
    assert recognise(page).name == "trs_was5"
    listing = TrsWas5().listing(page)
    assert [(entry.title, entry.date) for entry in listing.entries] == [
        ("甲县2023年度法治政府建设情况报告", "2024-03-01")
    ]
    assert [request.url[-7:] for request in listing.following] == ["&page=2", "&page=3"]


def test_an_igs_shell_asks_for_the_first_page_of_its_column() -> None:
    page = Page(URL, f"<script>get('{IGS}&pageNumber=' + n)</script>")
    assert recognise(page).name == "trs_igs"
    (request,) = TrsIgs().listing(page).following
    assert request.url == f"http://www.a.gov.cn{IGS}&pageNumber=1"
    assert (
        recognise(Page(URL, "<script>get('/igs/front/search/list.html?index=a')</script>")) is None
    )


@pytest.mark.parametrize(
    "row",
    [
        {"DOCTITLE": "甲", "DOCPUBURL": "/a.html", "DOCRELTIME": "2024-03-01 09:00"},
        {"title": "<em>甲</em>", "url": "http://www.a.gov.cn/a.html", "trs_time": "2024-03-01"},
        {"FileName": "甲", "url": "/a.html", "PUBDATE": "2024-03-01"},
        {"BT": "甲", "DOCPUBURL": "/a.html", "FBRQ": "2024-03-01"},
    ],
)
def test_an_igs_answer_is_read_whatever_its_index_calls_the_fields(row: dict[str, str]) -> None:
    text = json.dumps({"page": {"content": [row], "total": "23", "totalPages": 3}})
    page = Page(f"http://www.a.gov.cn{IGS}&pageNumber=2", text)
    assert recognise(page).name == "trs_igs"
    listing = TrsIgs().listing(page)
    (entry,) = listing.entries
    assert (entry.url, entry.title, entry.date) == (
        "http://www.a.gov.cn/a.html",
        "甲",
        "2024-03-01",
    )
    assert [request.url[-13:] for request in listing.following] == ["&pageNumber=3"]
