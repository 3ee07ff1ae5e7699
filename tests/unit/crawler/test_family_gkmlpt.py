from __future__ import annotations

import json

import pytest

from crawler.families import NamedListing, Page, recognise
from crawler.families.gkmlpt import Gkmlpt

INDEX = "http://www.a.gov.cn/qyqcdc/gkmlpt/index"
API = "http://www.a.gov.cn/qyqcdc/gkmlpt/api/all"
SHELL = """<html><script>window._CONFIG = {LANG: 'zh', SID: '755031', TREE: [
{id: 7, name: '政策', jump_url: '', children: [
  {"id": "505", "name": "法治政府建设", "children": []}]},
{id: 9, name: '年报', children: null}], base: go()};</script></html>"""


def answer(count: int, articles: int, page: int = 1, **more: object) -> Page:
    row = {"title": "甲县2023年度法治政府建设情况报告", "display_publish_time": 1709222400, **more}
    rows = [{**row, "url": f"{INDEX}/{number}.html"} for number in range(articles)]
    data = {"classify": {"post_count": count}, "articles": rows}
    return Page(f"{API}/505?page={page}&sid=755031", json.dumps(data))


def test_the_index_offers_every_column_by_its_name() -> None:
    assert recognise(Page(INDEX, SHELL)).name == "gkmlpt"
    listing = Gkmlpt().listing(Page(INDEX, SHELL))
    assert listing.following == ()
    assert listing.offers == (
        NamedListing(f"{API}/7?page=1&sid=755031", "政策"),
        NamedListing(f"{API}/9?page=1&sid=755031", "年报"),
        NamedListing(f"{API}/505?page=1&sid=755031", "法治政府建设"),
    )


def test_the_fragment_of_the_address_names_the_column() -> None:
    (request,) = Gkmlpt().listing(Page(f"{INDEX}#505", SHELL)).following
    assert request.url == f"{API}/505?page=1&sid=755031"


def test_an_answer_gives_entries_and_the_next_page() -> None:
    page = answer(45, 20)
    assert recognise(page).name == "gkmlpt"
    listing = Gkmlpt().listing(page)
    assert len(listing.entries) == 20
    assert listing.entries[0].date == "2024-03-01"
    assert [request.url for request in listing.following] == [f"{API}/505?page=2&sid=755031"]


@pytest.mark.parametrize(
    ("count", "articles", "page"), [(45, 5, 3), (40, 20, 2), (726, 21, 3), (9, 0, 1)]
)
def test_the_last_page_is_full_to_the_count_or_not_full(
    count: int, articles: int, page: int
) -> None:
    assert Gkmlpt().listing(answer(count, articles, page)).following == ()


@pytest.mark.parametrize("tree", ["[", "[{", "[go()]", "[{id: [], name: {}}]", "[1, null]"])
def test_a_broken_tree_offers_nothing(tree: str) -> None:
    assert Gkmlpt().listing(Page(INDEX, f"window._CONFIG={{TREE: {tree}")).offers == ()
