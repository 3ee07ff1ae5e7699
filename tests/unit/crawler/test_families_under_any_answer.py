"""A family reads whatever a server answers: it may find nothing, but it never fails."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.families import FAMILIES, Page, loose_json, recognise
from crawler.families.base import MOST_PAGES

NAMES = (
    *("data", "html", "results", "articles", "classify", "post_count", "docs", "datas", "count"),
    *("page", "content", "totalPages", "searchVO", "listVO", "totalpage", "TITLE", "URL", "title"),
    *("url", "date", "pubtime", "channelId", "rows", "total", "id", "name", "children"),
)
ADDRESSES = (
    "http://www.a.gov.cn/gkmlpt/api/all/5?page=1&sid=2",
    "http://www.a.gov.cn/was5/web/search?page=x&prepage=0",
    "http://www.a.gov.cn/igs/front/search.jhtml?pageNumber=",
    "http://www.a.gov.cn/info_open/search",
    "http://www.a.gov.cn/api/unit?paramJson=%7B%22pageNo%22%3A%5B%5D%7D",
    "http://www.a.gov.cn/public/column/1?type=4#5",
)
PIECES = (
    *("'http://[x/was5/web/search?channelid=1&classsql=chnlid%3D1'", "'//[/site/label/8'"),
    *("'//[/igs/front/search/list.html?filter[CHANNELID]=1'", "{'a':'\\ud800'}"),
    "<script url='//[' querydata=\"{'webId':1,'pageId':2,'tagId':3}\">",
    "<script querydata=\"{'webId':1,'pageId':2,'tagId':'\\ud800'}\">",
    *("<a href='", "/info/1/2.htm", "/public/1/2.html", "/html/x/2024/ABCDEFGH_0101/1.html", "'>"),
    *("报告</a>", "2024-03-01", "共9条 2/3", "createPageHTML('a',3,1,'b','c')", "<!--", "-->"),
    *("window._CONFIG={SID:'1',TREE:[", "{id:1,name:'甲',children:", "]}", "<datastore>", "</"),
    *("<script querydata=\"{'webId':1,'pageId':[],'tagId':None}\">", "labelName:'publicInfoList'"),
    *("'/site/label/8'", "pageCount:3", "getSearchList(1,20,181,'3',1,'t')", "'./ABCDEF.json'"),
    *(
        "'/was5/web/search?channelid=1&classsql=chnlid%3D1'",
        "{",
        "}",
        "\ud800",
        "\x00",
        "&#x110000;",
    ),
)
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=20,
)


def read_by_all(page: Page) -> None:
    recognise(page)
    for family in FAMILIES:
        listing = family.listing(page)
        for entry in listing.entries:
            assert entry.title
            assert entry.url.startswith(("http://", "https://"))
            assert entry.date is None or re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", entry.date)
        assert len({entry.url for entry in listing.entries}) == len(listing.entries)
        # A request may still be refused by the bounds of the site, but it is one, and no flood.
        assert len(listing.following) <= MOST_PAGES
        assert all(urlsplit(request.url).scheme for request in listing.following)
        assert all(offer.name and offer.url for offer in listing.offers)
        assert min(listing.claimed, listing.debris) >= 0


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(ADDRESSES), json_values)
def test_json_of_any_shape_does_no_harm(url: str, value: Any) -> None:
    read_by_all(Page(url, json.dumps(value), (("pageIndex", "x"),)))


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(ADDRESSES), st.lists(st.sampled_from(PIECES), max_size=14))
def test_pieces_of_pages_in_any_order_do_no_harm(url: str, pieces: list[str]) -> None:
    read_by_all(Page(url, "".join(pieces)))


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="{}[]:,'\"\\/*#u0a \n", max_size=40))
def test_loose_json_of_any_text_is_a_value_or_nothing(text: str) -> None:
    value = loose_json.parse(text)
    assert json.loads(json.dumps(value)) == value


@settings(deadline=None, max_examples=150)
@given(json_values)
def test_loose_json_reads_strict_json_as_it_is(value: Any) -> None:
    text = json.dumps(value)
    if isinstance(value, (dict, list)) and "NaN" not in text and "Infinity" not in text:
        assert loose_json.parse(text) == value
