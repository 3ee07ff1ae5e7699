"""What a page says of the size of its column, by family; and what is not such a claim."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.families import Page, recognise
from crawler.families.claims import shown_total

HOST = "http://www.a.gov.cn"
ROW = {"title": "甲", "url": "/1.html"}
ITEM = '<li><a href="/a.html">标题</a><span>2024-03-01</span></li>'


def listing(path: str, text: str) -> Any:
    page = Page(HOST + path, text)
    family = recognise(page)
    assert family is not None
    return family.name, family.listing(page)


@pytest.mark.parametrize(
    ("path", "answer", "family"),
    [
        ("/was5/web/search?page=1&prepage=20", {"count": "41", "docs": [ROW]}, "trs_was5"),
        ("/igs/front/search/list.html", {"page": {"content": [ROW], "total": "41"}}, "trs_igs"),
        ("/info_open/search", {"data": {"data": [ROW], "totalElements": 41}}, "intertid"),
        (
            "/common/search/1?_isJson=true",
            {"data": {"channelId": "1", "results": [ROW], "total": 41}},
            "kaipu_ucap",
        ),
    ],
)
def test_an_answer_tells_how_many_records_its_column_has(
    path: str, answer: Any, family: str
) -> None:
    name, found = listing(path, json.dumps(answer))
    assert (name, found.claimed, found.debris, len(found.entries)) == (family, 41, 0, 1)


def test_records_that_lead_nowhere_are_in_the_sites_count_and_in_ours() -> None:
    rows = [ROW, {"title": "乙"}, ROW]
    found = listing("/was5/web/search?page=1", json.dumps({"count": 3, "docs": rows}))[1]
    assert (len(found.entries), found.debris, found.claimed) == (1, 2, 3)


def test_a_column_of_jcms_has_its_total_in_the_script_and_debris_among_its_records() -> None:
    record = f"<record><![CDATA[{ITEM}]]></record>"
    text = (
        "<script>$('#1').pager({perPage:15,totalRecord:41,unitid:'1'})</script>"
        f"<datastore><recordset>{record}<record><![CDATA[<li></li>]]></record></recordset>"
    )
    name, found = listing("/col/col1/index.html", text)
    assert (name, found.claimed, found.debris) == ("hanweb_jcms", 41, 1)


def test_the_pager_of_jpaas_counts_the_column() -> None:
    text = f'<ul>{ITEM}</ul><div class="pagination" count="41" pageno="1" pagesize="15"></div>'
    name, found = listing("/x/unit", json.dumps({"data": {"html": text}}))
    assert (name, found.claimed, len(found.following)) == ("hanweb_jpaas", 41, 2)


@pytest.mark.parametrize(
    ("pager", "claimed"),
    [("createPageHTML('d',3,1,'x','shtml',41)", 41), ("createPageHTML('d',3,1,'x','shtml')", 0)],
)
def test_the_call_of_ucap_may_end_with_the_number_of_entries(pager: str, claimed: int) -> None:
    name, found = listing("/x/x.shtml", f"<ul>{ITEM}</ul><script>{pager}</script>")
    assert (name, found.claimed, len(found.following)) == ("kaipu_ucap", claimed, 2)


def test_vsb_says_it_before_its_page_numbers() -> None:
    item = ITEM.replace("/a.html", "/info/1/2.htm")
    name, found = listing("/x.htm", f"<ul>{item}</ul><span>共41条</span> <span>1/3</span>")
    assert (name, found.claimed) == ("boda_vsb", 41)


def test_a_count_of_gkmlpt_may_be_more_than_is_given_out_but_not_twice_as_much() -> None:
    answer = {"classify": {"post_count": 41}, "articles": [ROW]}
    assert listing("/gkmlpt/api/all/1?page=1&sid=1", json.dumps(answer))[1].claimed == 20


@pytest.mark.parametrize(
    "shown",
    [
        *(
            "共41条 第1/3页",
            "<em>共 <b>41</b> 条</em>",
            "共41条记录，分3页",
            "共&nbsp;41&nbsp;条信息",
        ),
        *(
            "共有 41 条",
            "总共41条数据",
            "总记录数：41",
            "共41条每页15条 1/3",
            "当前1/3页，共41条<br>",
        ),
        *("<script>var totalCount = 41;</script>", '<script>p({"totalRecord": "41"})</script>'),
        "<p>共41条</p><script>totalCount=41</script>",
    ],
)
def test_a_pager_in_words_or_script_tells_how_many_entries_there_are(shown: str) -> None:
    assert shown_total(Page(HOST, f"<ul>{ITEM}</ul>{shown}")) == 41


@pytest.mark.parametrize(
    "text",
    [
        *("出台优化营商环境措施共36条", "共36条措施出台", "共5页", "条例共四章", "共36条例"),
        *("共41条 1/3 … 共12条 1/1", "totalCount=41; totalRecord=12", "subtotalCount: 3", ""),
    ],
)
def test_a_number_of_something_else_or_two_counts_tell_nothing(text: str) -> None:
    assert shown_total(Page(HOST, f"<ul>{ITEM}</ul><p>{text}</p>")) == 0
