"""Listings that claim more than they list, over real HTTP: a failure with a name, never silence."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.simulator.replies import Reply

TITLE = "某县人民政府{}年度法治政府建设情况报告"
ARTICLE = "<p>" + "全面推进依法行政，规范行政执法。" * 30 + "</p>"


def html(text: str) -> Reply:
    return Reply(200, f"<html><body>{text}</body></html>".encode(), "text/html; charset=utf-8")


def items(*years: int) -> str:
    each = '<li><a href="/{0}.html" title="{1}">{1}</a><span>{0}-03-01</span></li>'
    return "<ul>" + "".join(each.format(year, TITLE.format(year)) for year in years) + "</ul>"


def articles(*years: int) -> dict[str, Reply]:
    return {f"/{year}.html": html(f"<h1>{TITLE.format(year)}</h1>{ARTICLE}") for year in years}


def crawled(world: Any, pages: dict[str, str], **columns: str) -> tuple[str, int, dict[str, str]]:
    """How a crawl of a portal with these listing pages ended: reason, articles, named failures."""
    answers = {path: html(text) for path, text in pages.items()}
    world.portal({**answers, **articles(*range(2010, 2026))}, **columns)
    outcome = world.outcome()
    named = {f["url"][-12:]: f["reason"] for f in outcome["failures"] if not f["aside"]}
    return outcome["reason"], outcome["articles"], named


BY_SCRIPT = '<div>共{}条 第1/2页 <a href="javascript:turn(2)">下一页</a></div>'


@pytest.mark.parametrize(("claimed", "reason"), [(30, "partial"), (3, "completed")])
def test_a_listing_whose_further_pages_only_a_script_can_turn_is_named(
    odd_world: Any, claimed: int, reason: str
) -> None:
    pages = {"/col/": items(2024, 2023, 2022) + BY_SCRIPT.format(claimed)}
    ended, got, named = crawled(odd_world, pages)
    assert (ended, got) == (reason, 3)
    assert named == ({"ov.test/col/": "listing_short"} if claimed > 3 else {})


def test_a_column_that_names_no_report_and_claims_more_is_no_success(odd_world: Any) -> None:
    news = '<ul><li><a href="/n.html">县政府召开工作会议</a>2024-03-01</li></ul>'
    ended, _, named = crawled(odd_world, {"/col/": news + BY_SCRIPT.format(40)})
    assert (ended, set(named.values())) == ("listing_short", {"listing_short"})


COUNTED = '<div>共{}条</div><script>createPageHTML({}, {}, "index", "html");</script>'


def test_a_last_page_that_is_cut_is_named_where_the_column_is_counted(odd_world: Any) -> None:
    def column(last: str) -> dict[str, str]:
        return {
            "/col/": items(2024, 2023, 2022) + COUNTED.format(6, 2, 0),
            "/col/index_1.html": last + COUNTED.format(6, 2, 1),
        }

    assert crawled(odd_world, column(items(2021, 2020, 2019))) == ("completed", 6, {})
    cut = crawled(odd_world, column(items(2021)))
    assert cut == ("partial", 4, {"index_1.html": "listing_short"})


def test_a_site_that_answers_deep_pages_with_its_first_is_named(odd_world: Any) -> None:
    same = items(2024, 2023, 2022)
    pages = {
        "/col/": same + COUNTED.format(9, 3, 0),
        "/col/index_1.html": same + COUNTED.format(9, 3, 1),
        "/col/index_2.html": same + COUNTED.format(9, 3, 2),
    }
    ended, got, named = crawled(odd_world, pages)
    assert (ended, got, set(named.values())) == ("partial", 3, {"listing_short"})


def test_a_page_that_is_missing_has_its_own_name_and_the_column_no_second_one(
    odd_world: Any,
) -> None:
    pages = {"/col/": items(2024, 2023) + COUNTED.format(4, 2, 0)}
    assert crawled(odd_world, pages)[2] == {"index_1.html": "not_found"}


def test_a_servlet_that_answers_deep_groups_in_part_is_named(odd_world: Any) -> None:
    record = (
        '<record><![CDATA[<li><a href="/{0}.html" title="{1}">{1}</a>{0}-03-01</li>]]></record>'
    )

    def store(*years: int) -> str:
        return "<datastore>" + "".join(record.format(y, TITLE.format(y)) for y in years)

    script = "<script>$('#7').pager({perPage:1,totalRecord:5,unitid:'7',webid:'1'})</script>"
    proxy = "/module/web/jpage/dataproxy.jsp?startrecord=4&endrecord=5&perpage=1"
    column = "/col/col9/index.html"
    for last, reason in (((2021, 2020), "completed"), ((2021,), "partial")):
        pages = {column: script + store(2024, 2023, 2022), proxy: store(*last)}
        where = f"http://www.odd.gov.test{column}"
        ended, _, named = crawled(odd_world, pages, columns=where)
        assert (ended, len(named)) == (reason, int(reason == "partial"))


def test_a_column_found_on_the_way_is_held_to_its_claim_too(odd_world: Any) -> None:
    pages = {
        "/": '<a href="/fz/">法治政府建设年度报告</a>',
        "/fz/": items(2024, 2023, 2022) + BY_SCRIPT.format(30),
    }
    ended, got, named = crawled(odd_world, pages, columns="")
    assert (ended, got, set(named.values())) == ("partial", 3, {"listing_short"})
