from __future__ import annotations

import json

import pytest

from crawler.families import Page, recognise
from crawler.families.intertid import Intertid

URL = "http://www.a.gov.cn/zfxxgk/fzzf/index.shtml"
SEARCH = "http://www.a.gov.cn/info_open/search"
FORM = (
    *(("siteId", "181"), ("channelIds", "38939,38940"), ("pageIndex", "1")),
    *(("pageSize", "20"), ("searchType", "1"), ("order", "writeTime")),
)


def shell(script: str) -> Page:
    return Page(URL, f"<html><script>\n{script}\n</script></html>")


@pytest.mark.parametrize(
    "script",
    [
        "getSearchList(1, 20, 181, '38939,38940', 1, 'writeTime')",
        'var ids = "38939,38940"; qx_wbj_getSearchList(1,"20","181",ids,"1","writeTime");',
        "// getSearchList(1, 5, 9, '1', 1, 'x')\n"
        "var c='38939,38940';getSearchList(1,20,181,c,1,'writeTime')",
    ],
)
def test_a_shell_asks_with_the_arguments_of_its_call(script: str) -> None:
    assert recognise(shell(script)).name == "intertid"
    (request,) = Intertid().listing(shell(script)).following
    assert (request.url, request.method, request.form) == (SEARCH, "POST", FORM)


@pytest.mark.parametrize(
    "script",
    [
        "function getSearchList(page, size, site, ids, kind, order) {}",
        "getSearchList(1, 20, 181, '', 1, 'writeTime')",
        "getSearchList(1, 20, 181, ids, 1, 'writeTime')",
        "getSearchList(1, 20)",
    ],
)
def test_a_call_that_names_no_channel_is_not_followed(script: str) -> None:
    assert recognise(shell(script)) is None


def test_an_answer_leads_on_with_the_form_it_was_asked_with() -> None:
    row = {"title": "甲", "url": "/doc/2024/03/01/1.shtml", "writeTimeString": "2024-03-01"}
    data = {"totalElements": 45, "totalPages": 3, "page": 1, "data": [row]}
    page = Page(SEARCH, json.dumps({"status": 0, "data": data}), FORM)
    assert recognise(page).name == "intertid"
    listing = Intertid().listing(page)
    assert [(e.url, e.date) for e in listing.entries] == [
        ("http://www.a.gov.cn/doc/2024/03/01/1.shtml", "2024-03-01")
    ]
    assert [dict(request.form)["pageIndex"] for request in listing.following] == ["2", "3"]
    assert dict(listing.following[0].form) | {"pageIndex": "1"} == dict(FORM)


def test_an_answer_without_its_form_leads_nowhere() -> None:
    data = {"totalPages": 3, "page": 1, "data": []}
    assert Intertid().listing(Page(SEARCH, json.dumps({"data": data}))).following == ()
