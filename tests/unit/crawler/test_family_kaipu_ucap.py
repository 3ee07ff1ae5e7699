from __future__ import annotations

import json

import pytest

from crawler.families import Page, recognise
from crawler.families.kaipu_ucap import KaipuUcap
from crawler.families.trs_wcm import TrsWcm

URL = "http://www.a.gov.cn/a/c100052/common_list.shtml"
ARTICLE = "/a/c100052/202403/0123456789abcdef0123456789abcdef.shtml"
ITEM = (
    f'<li><a href="{ARTICLE}" title="甲县2023年度法治政府建设情况报告">甲</a><b>2024-03-01</b></li>'
)
OURS = "createPageHTML('page_div',{total}, {current},'common_list','shtml',200);"
THEIRS = 'createPageHTML({total}, {current}, "index", "html");'
SEARCH = "/common/search/0123456789abcdef0123456789abcdef?_isAgg=true&_isJson=true&_pageSize=20"


def page(pager: str, body: str = ITEM, url: str = URL) -> Page:
    return Page(url, f"<html><body><ul>{body}</ul><script>{pager}</script></body></html>")


def following(found: Page) -> list[str]:
    requests = KaipuUcap().listing(found).following
    return [request.url.rpartition("/")[2] for request in requests]


def test_the_two_signatures_of_one_call_are_not_taken_for_each_other() -> None:
    undated = "<li><a href=/x.shtml>乙</a></li>"
    ours = page(OURS.format(total=4, current=1), undated)
    theirs = page(THEIRS.format(total=4, current=1), undated)
    assert [recognise(each).name for each in (ours, theirs)] == ["kaipu_ucap", "trs_wcm"]
    assert following(ours) == [f"common_list_{k}.shtml" for k in (2, 3, 4)]
    assert [r.url.rpartition("/")[2] for r in TrsWcm().listing(theirs).following] == [
        "index_2.html",
        "index_3.html",
    ]


def test_the_last_page_may_be_called_by_one_less_and_then_the_second_is_called_one() -> None:
    requests = KaipuUcap().listing(page(OURS.format(total=3, current=1))).following
    assert [request.otherwise is None for request in requests] == [True, False]
    assert requests[-1].otherwise.url.endswith("/common_list_1.shtml")


def test_a_later_page_leads_on_and_the_only_page_nowhere() -> None:
    later = page(OURS.format(total=4, current=3), url=URL.replace("list", "list_3"))
    assert following(later) == ["common_list_4.shtml"]
    assert following(page(OURS.format(total=1, current=1))) == []


def test_an_entry_has_the_whole_title_and_the_date() -> None:
    (entry,) = KaipuUcap().listing(page("")).entries
    assert (entry.title, entry.date) == ("甲县2023年度法治政府建设情况报告", "2024-03-01")


def test_a_list_kept_in_the_comment_with_the_pager_is_read() -> None:
    pager = f"<script>{OURS.format(total=2, current=1)}</script>"
    hidden = Page(URL, f"<html><!-- other --><ul><!-- {ITEM}{pager} --></ul></html>")
    assert recognise(hidden).name == "kaipu_ucap"
    assert len(KaipuUcap().listing(hidden).entries) == 1


def test_a_shell_asks_for_the_first_page_of_the_search() -> None:
    shell = page(f'$.get("{SEARCH}&page=" + page)', body="")
    assert recognise(shell).name == "kaipu_ucap"
    (request,) = KaipuUcap().listing(shell).following
    assert request.url == f"http://www.a.gov.cn{SEARCH}&page=1"


def answer(**data: object) -> Page:
    row = {
        "title": "<span>甲县2023年度<em>法治政府</em>建设情况报告</span>",
        "url": f"//www.a.gov.cn{ARTICLE}",
        "publishedTimeStr": "2024-03-01 17:18:49",
    }
    whole = {"channelId": "c", "total": 45, "rows": 20, "page": 1, "results": [row], **data}
    return Page(f"http://www.a.gov.cn{SEARCH}&page=1", json.dumps({"data": whole}))


def test_an_answer_of_the_search_gives_entries_and_the_pages_its_own_size_makes() -> None:
    assert recognise(answer()).name == "kaipu_ucap"
    listing = KaipuUcap().listing(answer())
    (entry,) = listing.entries
    assert entry.url == f"http://www.a.gov.cn{ARTICLE}"
    assert (entry.title, entry.date) == ("甲县2023年度法治政府建设情况报告", "2024-03-01")
    assert [request.url[-7:] for request in listing.following] == ["&page=2", "&page=3"]


@pytest.mark.parametrize("data", [{"total": 0, "results": []}, {"rows": 0}, {"total": "many"}])
def test_an_answer_without_counts_leads_nowhere(data: dict[str, object]) -> None:
    assert KaipuUcap().listing(answer(**data)).following == ()
