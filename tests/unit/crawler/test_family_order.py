"""Every family has its mirror, its section and its place among the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.families import FAMILIES, Page, recognise
from crawler.families.base import MOST_PAGES
from crawler.simulator.looks import LOOKS

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("family", [family.name for family in FAMILIES])
def test_a_family_has_a_mirror_and_is_described(family: str) -> None:
    assert LOOKS[family].family == family
    assert f"`{family}.py`" in (ROOT / "docs" / "families.md").read_text(encoding="utf-8")


def test_whatever_is_left_is_asked_last() -> None:
    assert FAMILIES[-1].name == "generic"


MALICE = (
    *("", "{}", "[]", '{"data": {"html": 1, "results": 2, "data": 3}}', "<html>", "\x00" * 99),
    *('"' * 50_000, "{" * 50_000, "getSearchList(" * 20_000, "<!--" * 20_000, "共1条 " * 20_000),
    *("createPageHTML('a'," * 20_000, "labelName:'publicInfoList'" * 2_000 + "{" * 20_000),
)


@pytest.mark.parametrize("text", MALICE)
def test_a_page_of_nothing_or_of_malice_is_nobodys_and_does_no_harm(text: str) -> None:
    page = Page("http://www.a.gov.cn/gkmlpt/api/was5/web/search?_isJson=true", text)
    assert recognise(page) is None
    for family in FAMILIES:
        assert family.listing(page).entries == ()


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("/list.html", "createPageHTML(999999, 0, 'index', 'html')"),
        ("/list.html", "createPageHTML('div', 999999, 1, 'index', 'html')"),
        ("/fzzf.htm", '<a href="/info/1/2.htm">年度报告</a>共9999999条 1/999999'),
        ("/unit?x=1", '{"data": {"html": "<p count=999999999 pageSize=1></p>"}}'),
        ("/search?_isJson=true", '{"data": {"total": 999999999, "rows": 1, "results": []}}'),
        ("/was5/web/search?prepage=1", '{"count": "999999999", "docs": []}'),
        ("/igs/front/search.jhtml?a=1", '{"page": {"content": [], "totalPages": 999999999}}'),
        ("/search-gov/data?p=1", '{"searchVO": {"listVO": [], "totalpage": 1e300}}'),
        (
            "/col/",
            "<datastore>perPage:1,totalRecord:99999999999,unitid:1 dataproxy.jsp</datastore>",
        ),
        ("/col/", "createPageHTML(" + "9" * 5000 + ", 0, 'index', 'html')"),
        ("/public/column/1", "'/site/label/8'{labelName:'publicInfoList'} pageCount: 99999"),
    ],
)
def test_a_count_beyond_belief_makes_no_more_requests_than_any_column_has(
    url: str, text: str
) -> None:
    page = Page(f"http://www.a.gov.cn{url}", text)
    for family in FAMILIES:
        assert len(family.listing(page).following) <= MOST_PAGES
