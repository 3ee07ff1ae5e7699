from __future__ import annotations

import pytest

from crawler.families import Page, recognise
from crawler.families.generic import Generic

URL = "http://www.a.gov.cn/xxgk/index.html"


def entries(body: str) -> list[tuple[str, str, str | None]]:
    listing = Generic().listing(Page(URL, f"<html><body>{body}</body></html>"))
    return [(e.url.removeprefix("http://www.a.gov.cn"), e.title, e.date) for e in listing.entries]


@pytest.mark.parametrize(
    "body",
    [
        '<ul><li><a href="/a.html">标题一</a><span>2024-03-01</span></li></ul>',
        '<ul><li><span>2024-03-01</span><a href="/a.html">标题一</a></li></ul>',
        '<ul><li><a href="/a.html">标题一</a>(2024/3/1)</li></ul>',
        '<ul><li><a href="/a.html"><p>标题一</p><i>2024年3月1日</i></a></li></ul>',
        '<table><tr><td><a href="/a.html">标题一</a></td><td>[2024.03.01]</td></tr></table>',
        '<div><h4><a href="/a.html">标题一</a></h4><p>发布时间：2024-\n03-\n01</p></div>',
        '<ul><li><a href="/a.html" title="标题一">标...</a><b>2024-03-01 08:30</b></li></ul>',
        '<dl><dt><a href="/a.html">标题一</a></dt><dd>2024-03-01</dd></dl>',
    ],
)
def test_a_dated_link_is_an_entry_however_it_is_marked_up(body: str) -> None:
    assert entries(body) == [("/a.html", "标题一", "2024-03-01")]


def test_items_side_by_side_in_one_element_keep_their_own_dates() -> None:
    item = '<span><a href="/{0}">标题{0}</a></span><span>2024-03-0{0}</span><div></div>'
    body = "<ul><li>" + "".join(item.format(number) for number in (1, 2, 3)) + "</li></ul>"
    assert [date for _, _, date in entries(body)] == ["2024-03-01", "2024-03-02", "2024-03-03"]


@pytest.mark.parametrize(
    "body",
    [
        '<ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul>',
        '<ul><li><a href="#">标题</a>2024-03-01</li></ul>',
        '<ul><li><a href="javascript:void(0)">标题</a>2024-03-01</li></ul>',
        '<ul><li><a href="/a.html"></a>2024-03-01</li></ul>',
        '<ul><li><a href="/a.html">标题</a>2024-13-01</li></ul>',
        '<ul><li><a href="http://[bad/">标题</a>2024-03-01</li></ul>',
    ],
)
def test_a_link_without_date_name_or_place_is_no_entry(body: str) -> None:
    assert entries(body) == []
    assert recognise(Page(URL, body)) is None


def test_the_date_beside_a_list_does_not_date_its_neighbours() -> None:
    body = '<p>2024-03-01</p><ul><li><a href="/a.html">标题一</a></li></ul>'
    assert entries(body) == []


def following(body: str, url: str = URL) -> list[str]:
    requests = Generic().listing(Page(url, body)).following
    return [request.url.removeprefix("http://www.a.gov.cn") for request in requests]


def test_the_next_page_link_is_followed() -> None:
    assert following('<a href="list.html?page=2">下一页</a><a href="x">末页</a>') == [
        "/xxgk/list.html?page=2"
    ]


def test_numbered_pages_beside_this_one_are_followed_and_others_are_not() -> None:
    body = (
        '<a href="index_1.html">2</a><a href="index_2.html">3</a><a href="index_2.html">下一页</a>'
        '<a href="/other/index_1.html">他</a><a href="http://www.b.gov.cn/xxgk/index_1.html">外</a>'
        '<a href="index.html">1</a><a href="javascript:go(2)">下一页</a>'
    )
    assert following(body) == ["/xxgk/index_1.html", "/xxgk/index_2.html"]


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 10_000 + '<a href="/a">标题</a>2024-03-01',
        '<a href="/a">标题</a>' * 5_000 + "2024-03-01",
        '<a href="/a">标题</a>2024-03-01' * 5_000,
        "<li>2024-03-01" * 5_000,
    ],
)
def test_a_monstrous_page_is_read_without_harm(body: str) -> None:
    assert Generic().listing(Page(URL, body)).following == ()
