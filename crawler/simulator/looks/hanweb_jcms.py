"""大汉 JCMS: a column embeds its first three pages, a servlet gives the rest in groups of three."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlsplit

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.base import Look

CATE_SEARCH = "/jsearchfront/interfaces/cateSearch.do"
PROXY = "/module/web/jpage/dataproxy.jsp"
GROUP = 3
DEBRIS = "<record><![CDATA[<li style=<br/>]]></record>"

_STYLES = {
    "number": '<p style="text-align:center"><span>{}</span></p>',
    "addressee": '<p class="MsoNormal"><span style="font-family:仿宋">{}</span></p>',
    "text": '<p class="MsoNormal" style="text-indent:32px"><span>{}</span></p>',
    "signature": '<p class="MsoNormal" style="text-align:right"><span>{}</span></p>',
    "note": '<p class="MsoNormal" style="text-indent:32px"><span>{}</span></p>',
}


class HanwebJcmsLook(Look):
    """See the module."""

    family = "hanweb_jcms"

    def column_path(self, column: Column, page: int = 1) -> str:  # noqa: ARG002
        """One address for all pages: the rest comes from the servlet."""
        return f"/col/col{column.number}/index.html"

    def article_path(self, column: Column, article: Article) -> str:
        """``/art/2024/3/5/art_30215_1234567.html``: month and day are not padded."""
        year, month, day = (int(part) for part in article.date.split("-"))
        home = self._home(article) if "column" in article.facts else column
        return f"/art/{year}/{month}/{day}/art_{home.number}_{article.number}.html"

    def page_count(self, column: Column) -> int:  # noqa: ARG002
        """As static files go, there is one."""
        return 1

    def listing(self, column: Column, page: int) -> str:  # noqa: ARG002
        """The datastore with the first group, and the script that pages."""
        size, total = self.site.look["page_size"], len(column.articles)
        webname = quote(quote(self.site.look["site_name"]))
        more = (
            f"{PROXY}?page=1&appid=1&appid=1&webid={self.site.look['webid']}&path=/"
            f"&columnid={column.number}&unitid={_unit(column)}&webname={webname}&permissiontype=0"
        )
        store = (
            f'<datastore>\n<nextgroup><![CDATA[<a href="{more}"></a>]]></nextgroup>\n<recordset>\n'
            f"{self._records(column, 1, GROUP * size)}{DEBRIS}\n</recordset></datastore>"
        )
        return (
            f'<div id="{_unit(column)}" class="default_pgContainer"></div>'
            f'<script type="text/xml">{store}</script>'
            f"<script>$(function(){{$('#{_unit(column)}').pager("
            f"{{perPage:{size},totalRecord:{total},proxyUrl:'{PROXY}',unitid:'{_unit(column)}'}})"
            "})</script>"
        )

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """The servlet. Wrong ids get an empty store, as from the real one."""
        parts = urlsplit(target)
        if parts.path != PROXY or method not in ("GET", "POST"):
            return None
        asked = {**dict(parse_qsl(parts.query)), **form}
        columns = {str(column.number): column for column in self.site.columns}
        column = columns.get(asked.get("columnid", ""))
        if (
            column is None
            or asked.get("unitid") != str(_unit(column))
            or asked.get("webid") != str(self.site.look["webid"])
        ):
            return "<datastore><totalrecord>0</totalrecord><recordset></recordset></datastore>"
        first, last = int(asked.get("startrecord", 1)), int(asked.get("endrecord", 1))
        return (
            f"<datastore><totalrecord>{len(column.articles)}</totalrecord>"
            f"<totalpage>1</totalpage><recordset>{self._records(column, first, last)}"
            "</recordset></datastore>"
        )

    def search_box(self) -> str:
        """A link to jsearch, with the site's number."""
        if not self.site.look.get("search"):
            return ""
        return f'<a href="/jsearchfront/search.do?websiteid={_website(self)}&tpl=5&q=">搜索</a>'

    def search_answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """Hits as pieces of HTML whose links lead through a counter."""
        known = form.get("websiteid") == _website(self) and self.site.look.get("search")
        if target != CATE_SEARCH or method != "POST" or not known:
            return None
        page, hits = int(form.get("p", 1)), self.hits(form.get("q", ""))
        return jsearch_answer(self, hits, page, int(form.get("pg", 10)))

    def body(self, article: Article) -> str:
        """Word's paragraphs, all alike."""
        return "\n".join(_STYLES[kind].format(line) for kind, line in self.lines(article))

    def _records(self, column: Column, first: int, last: int) -> str:
        """Records by number from 1. Every third date is broken over lines, as templates do it."""
        records = []
        for number, article in enumerate(column.articles[first - 1 : last], first):
            date = article.date if number % 3 else article.date.replace("-", "-\n")
            records.append(
                f'<record><![CDATA[<li class="clearfix"><a target="_blank" '
                f'href="{self.link_of(column, article)}" title="{article.title}">'
                f"{self.shown_title(article)}</a><b>{date}</b></li>]]></record>\n"
            )
        return "".join(records)


def jsearch_answer(look: Look, hits: list[tuple[Column, Article]], page: int, size: int) -> str:
    """A page of hits, as both searches of the vendor write it."""
    pieces = []
    for column, article in hits[(page - 1) * size : page * size]:
        url = quote(f"http://{look.host}{look.path_of(column, article)}", safe="")
        marked = article.title.replace("法治", "<em>法治</em>")
        pieces.append(
            f'<div class="jcse-result-box"><a href="visit/link.do?url={url}&title=x">{marked}</a>'
            f'<span class="jcse-news-date">{article.date}</span></div>'
        )
    return json.dumps({"total": len(hits), "result": pieces}, ensure_ascii=False)


def _website(look: Look) -> str:
    return f"{look.site.look['site_code'][:6]}000000000"


def _unit(column: Column) -> int:
    return column.number * 9 + 7
