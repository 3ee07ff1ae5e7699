from __future__ import annotations

from urllib.parse import urlencode

from crawler.families import Entry, Page, recognise
from crawler.families.hanweb_jcms import HanwebJcms

URL = "http://www.a.gov.cn/col/col76705/index.html"
NEXT = (
    "/module/web/jpage/dataproxy.jsp?page=1&appid=1&appid=1&webid=110&path=/&columnid=76705"
    "&unitid=38486&webname=%25E5%25AE%259A&permissiontype=0"
)
RECORDS = """<recordset>
<record><![CDATA[<li class="clearfix"><a target="_blank"
 href="/art/2022/1/20/art_76705_1486865.html"
 title="甲县2021年度法治政府建设情况报告">甲县2021年…</a>
<b>2022-01-20</b></li>]]></record>
<record><![CDATA[<li style=<br/>]]></record>
<record><![CDATA[<li><a href="/art/2021/1/5/art_76705_2.html">乙</a><span>2021-
01-
05</span></li>]]></record>
<record><![CDATA[<tr><td><a href='/art/2017/4/24/art_76705_3.html'>丙</a></td>
<td>[2017-04-24]</td></tr>]]></record>
</recordset>"""
SCRIPT = (
    "<script>pager({perPage:15,totalRecord:100,"
    "proxyUrl:'/module/web/jpage/dataproxy.jsp'})</script>"
)


def column(records: str = RECORDS, link: str = NEXT, script: str = SCRIPT) -> Page:
    group = f'<nextgroup><![CDATA[<a href="{link}"></a>]]></nextgroup>' if link else ""
    store = f'<script type="text/xml"><datastore>{group}{records}</datastore></script>'
    return Page(URL, f"<html><body>{store}{script}</body></html>")


def test_embedded_records_are_entries_and_debris_is_not() -> None:
    assert recognise(column()).name == "hanweb_jcms"
    assert HanwebJcms().listing(column()).entries == (
        Entry(
            "http://www.a.gov.cn/art/2022/1/20/art_76705_1486865.html",
            "甲县2021年度法治政府建设情况报告",
            "2022-01-20",
        ),
        Entry("http://www.a.gov.cn/art/2021/1/5/art_76705_2.html", "乙", "2021-01-05"),
        Entry("http://www.a.gov.cn/art/2017/4/24/art_76705_3.html", "丙", "2017-04-24"),
    )


def test_further_groups_of_three_pages_are_asked_of_the_servlet() -> None:
    first, second = HanwebJcms().listing(column()).following
    window = "startrecord=46&endrecord=90&perpage=15"
    assert first.url == f"http://www.a.gov.cn/module/web/jpage/dataproxy.jsp?{window}"
    assert "startrecord=91&endrecord=100" in second.url
    assert first.method == "POST"
    assert dict(first.headers) == {"X-Requested-With": "XMLHttpRequest", "Referer": URL}


def test_the_form_carries_the_ids_of_the_page_and_one_encoding_of_the_name() -> None:
    request = HanwebJcms().listing(column()).following[0]
    assert dict(request.form) == {
        "col": "1",
        "appid": "1",
        "webid": "110",
        "path": "/",
        "columnid": "76705",
        "sourceContentType": "1",
        "unitid": "38486",
        "webname": "%E5%AE%9A",
        "permissiontype": "0",
    }
    assert "webname=%25E5%25AE%259A" in urlencode(request.form)


def test_without_embedded_records_the_first_group_is_asked_for_too() -> None:
    following = HanwebJcms().listing(column(records="<recordset></recordset>")).following
    assert "startrecord=1&endrecord=45" in following[0].url
    assert len(following) == 3


def test_without_a_next_group_the_ids_come_from_the_script_and_the_address() -> None:
    script = SCRIPT + "<script>var webid='110'; unitid: '38486'</script>"
    form = dict(HanwebJcms().listing(column(link="", script=script)).following[0].form)
    assert (form["webid"], form["unitid"], form["columnid"]) == ("110", "38486", "76705")


def test_the_servlet_is_asked_in_the_folder_the_page_names() -> None:
    old = NEXT.replace("/module/web/jpage/", "/module/jslib/jquery/jpage/")
    script = "<script>{perPage:15,totalRecord:100}</script>"
    request = HanwebJcms().listing(column(link=old, script=script)).following[0]
    assert request.url.startswith("http://www.a.gov.cn/module/jslib/jquery/jpage/dataproxy.jsp?")


def test_an_answer_of_the_servlet_gives_entries_and_leads_nowhere() -> None:
    answer = (
        f"<datastore><totalrecord>100</totalrecord><totalpage>7</totalpage>{RECORDS}</datastore>"
    )
    listing = HanwebJcms().listing(
        Page("http://www.a.gov.cn/module/web/jpage/dataproxy.jsp", answer)
    )
    assert len(listing.entries) == 3
    assert listing.following == ()


def test_an_empty_answer_gives_nothing() -> None:
    empty = Page(URL, "<datastore><recordset></recordset></datastore>")
    assert HanwebJcms().listing(empty).entries == ()
