"""What a second crawl of a portal costs, and what it does not miss."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.simulator.replies import Reply, Request

TITLE = "云岭县{}年度法治政府建设情况报告"
ARTICLE = "<html><title>报告</title><body>" + "法治政府建设的情况如下。" * 30 + "</body>"


def html(text: str, *headers: tuple[str, str]) -> Reply:
    return Reply(200, text.encode(), "text/html; charset=utf-8", headers)


def listing(*years: int, day: str = "03-01", pager: str = "") -> str:
    rows = "".join(
        f'<li><a href="/{year}.html">{TITLE.format(year)}</a><span>{year + 1}-{day}</span></li>'
        for year in years
    )
    return f"<ul>{rows}</ul>{pager}"


def articles(*years: int) -> dict[str, Any]:
    return {f"/{year}.html": html(ARTICLE + str(year)) for year in years}


def fetched(world: Any, odd: Any, **settings: Any) -> tuple[list[str], dict[str, Any]]:
    """What the next crawl asks for, robots.txt left out, and its outcome."""
    odd.asked.clear()
    outcome = world.outcome(FAZHI_FRONTIER="lasting.LastingFrontier", **settings)
    return [target for target in odd.asked if target != "/robots.txt"], outcome


def test_a_listing_that_did_not_change_is_one_request_and_a_success_with_its_reason(
    lasting_world: Any,
) -> None:
    def column(request: Request) -> Reply:
        same = request.headers.get("if-none-match") == '"a1"'
        return Reply(304, b"") if same else html(listing(2022, 2023), ("ETag", '"a1"'))

    odd = lasting_world.portal({"/col/": column, **articles(2022, 2023)})
    assert len(fetched(lasting_world, odd)[0]) == 3
    asked, outcome = fetched(lasting_world, odd)
    assert asked == ["/col/"]
    assert (outcome["state"], outcome["reason"]) == ("succeeded", "nothing_new")


def test_a_listing_without_validators_is_read_and_only_what_is_new_or_listed_otherwise_fetched(
    lasting_world: Any,
) -> None:
    answers = {"/col/": html(listing(2023, 2022)), **articles(2022, 2023, 2024)}
    odd = lasting_world.portal(answers)
    fetched(lasting_world, odd)
    odd.answers["/col/"] = html(listing(2024, 2023) + listing(2022, day="04-09"))
    asked, outcome = fetched(lasting_world, odd)
    assert asked == ["/col/", "/2024.html", "/2022.html"]
    assert (outcome["reason"], outcome["entries"], outcome["articles"]) == ("completed", 3, 2)


PAGER = '<script>createPageHTML(3, {}, "index", "html");</script>'
PAGES = {
    "/col/": html(listing(2024, 2023, pager=PAGER.format(0))),
    "/col/index_1.html": html(listing(2022, 2021, pager=PAGER.format(1))),
    "/col/index_2.html": html(listing(2020, 2019, pager=PAGER.format(2))),
}


def test_pages_before_the_last_visit_are_read_again_in_a_sweep_only(lasting_world: Any) -> None:
    odd = lasting_world.portal({**PAGES, **articles(*range(2015, 2025))})
    assert len(fetched(lasting_world, odd)[0]) == 3 + 6
    assert fetched(lasting_world, odd)[0] == ["/col/"]
    dated_back = listing(2020, 2019, 2018, pager=PAGER.format(2))
    odd.answers["/col/index_2.html"] = html(dated_back)
    assert "/2018.html" not in fetched(lasting_world, odd)[0]
    asked, outcome = fetched(lasting_world, odd, FAZHI_SWEEP="yes")
    assert {*PAGES, "/2018.html", "/2024.html"} <= set(asked)
    assert (outcome["sweep"], outcome["new_captures"]) == (True, 1)


def test_a_listing_is_read_on_while_its_entries_are_new_however_many_are_known(
    lasting_world: Any,
) -> None:
    odd = lasting_world.portal({"/col/": html(listing(2023)), **articles(*range(2020, 2030))})
    fetched(lasting_world, odd)
    pages = {**PAGES, "/col/": html(listing(2028, 2027, pager=PAGER.format(0)))}
    odd.answers.update({**pages, "/col/index_1.html": html(listing(2023, 2026))})
    asked, _ = fetched(lasting_world, odd)
    assert asked[:1] == ["/col/"]
    assert {"/col/index_1.html", "/2026.html"} <= set(asked)


def test_a_known_article_is_asked_in_a_sweep_whether_it_changed(lasting_world: Any) -> None:
    def article(request: Request) -> Reply:
        same = request.headers.get("if-modified-since") == "Mon, 02 Mar 2026 08:00:00 GMT"
        return (
            Reply(304, b"")
            if same
            else html(ARTICLE, ("Last-Modified", "Mon, 02 Mar 2026 08:00:00 GMT"))
        )

    odd = lasting_world.portal({"/col/": html(listing(2023)), "/2023.html": article})
    fetched(lasting_world, odd)
    asked, outcome = fetched(lasting_world, odd, FAZHI_SWEEP="1")
    assert "/2023.html" in asked
    assert (outcome["articles"], outcome["reason"]) == (0, "nothing_new")


def test_a_column_that_was_found_is_asked_first_and_the_front_page_not_at_all(
    lasting_world: Any,
) -> None:
    odd = lasting_world.portal(
        {
            "/": html('<a href="/zw/">政务公开</a>' + listing(2023)),
            "/zw/": html('<a href="/fz/">法治政府建设</a>'),
            "/fz/": html(listing(2023, 2022, 2021)),
            **articles(2021, 2022, 2023),
        },
        columns="",
    )
    first, outcome = fetched(lasting_world, odd)
    assert (first[0], outcome["articles"]) == ("/", 3)
    assert fetched(lasting_world, odd)[0] == ["/fz/"]


def test_a_known_column_that_moved_is_looked_for_from_the_front_page(lasting_world: Any) -> None:
    odd = lasting_world.portal(
        {
            "/": html('<a href="/new/">法治政府建设</a>'),
            "/new/": html(listing(2023, 2022)),
            **articles(2022, 2023),
        }
    )
    asked, outcome = fetched(lasting_world, odd)
    assert asked[:3] == ["/col/", "/", "/new/"]
    assert (outcome["reason"], outcome["articles"]) == ("partial", 2)


@pytest.mark.parametrize(
    ("beside", "deep"), [("", 20), ('<a href="/fz/">法治政府建设年度报告</a>', 5)]
)
def test_a_column_of_everything_is_read_deep_only_where_no_column_of_reports_is_found(
    lasting_world: Any, beside: str, deep: int
) -> None:
    others = "".join(
        f'<li><a href="/n{n}.html">第{n}号公告</a><span>2025-02-11</span></li>' for n in range(9)
    )
    pages = {
        f"/tz/index_{n}.html": html(
            f'<ul>{others.replace("/n", f"/p{n}n")}</ul><script>createPageHTML(30, {n}, "index", '
            '"html");</script>'
        )
        for n in range(1, 30)
    }
    first = html(
        listing(2023) + others + '<script>createPageHTML(30, 0, "index", "html");</script>'
    )
    odd = lasting_world.portal(
        {
            "/": html(f'<a href="/tz/">工作总结</a>{beside}'),
            "/tz/": first,
            "/fz/": html(listing(2022, 2021)),
            **pages,
            **articles(2021, 2022, 2023),
        },
        columns="",
    )
    asked, outcome = fetched(lasting_world, odd)
    assert sum(target.startswith("/tz/") for target in asked) == deep
    assert outcome["reason"] == "completed"
    again = set(fetched(lasting_world, odd)[0])
    assert again == ({"/tz/", "/fz/"} if beside else {"/tz/"})


@pytest.mark.parametrize("entries", [1, 4])
def test_a_later_page_with_far_fewer_entries_than_the_first_was_cut_short(
    odd_world: Any, entries: int
) -> None:
    later = range(2010, 2010 + entries)
    odd_world.portal(
        {
            "/col/": html(listing(2024, 2023, 2022, 2021, pager=PAGER.format(0))),
            "/col/index_1.html": html(listing(*later, pager=PAGER.format(1))),
            "/col/index_2.html": html(listing(2009, pager=PAGER.format(2))),
            **articles(*range(2009, 2025)),
        }
    )
    failures = odd_world.outcome()["failures"]
    assert [failure["reason"] for failure in failures] == ["listing_stub"] * (entries == 1)
