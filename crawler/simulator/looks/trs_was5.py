"""TRS WAS5: a list drawn from the search server, whose JSON is not strict."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.modern import ShellLook, dumps, query_of

SEARCH = "/was5/web/search"
CHANNEL = "290792"


class TrsWas5Look(ShellLook):
    """See the module."""

    family = "trs_was5"
    container = '<div class="TRS_Editor">'

    def column_path(self, column: Column, page: int = 1) -> str:  # noqa: ARG002
        """A folder's index."""
        return f"/{column.slug}/index.htm"

    def article_path(self, column: Column, article: Article) -> str:
        """``202403/t20240328_1234567.htm`` below the column."""
        day = article.date.replace("-", "")
        return f"/{column.slug}/{day[:6]}/t{day}_{article.number}.htm"

    def listing(self, column: Column, page: int) -> str:  # noqa: ARG002
        """A template, and the request that fills it; a search box asks the same server."""
        sort = quote("-docorderpri,-docreltime")
        url = (
            f"{SEARCH}?channelid={CHANNEL}&templet=docs.jsp&sortfield={sort}"
            f"&classsql={quote(f'chnlid={column.number}')}&prepage={self.site.look['page_size']}"
        )
        return (
            f'<form action="{SEARCH}?channelid=1&searchword="><input name="searchword"></form>'
            '<ul class="gl-ul"><li ms-repeat="docs"><a ms-href="el.url">{{el.title}}</a></li></ul>'
            f'<script>$.get("{url}&page=" + page, draw);</script>'
        )

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """The server: counts are strings, placeholders in single quotes, a comma is left over."""
        path, query = query_of(target, form)
        column = self.known(query.get("classsql", "").removeprefix("chnlid="))
        if path != SEARCH or method != "GET" or column is None or query["channelid"] != CHANNEL:
            return None
        page = int(query.get("page", 1))
        rows = ",\n".join(
            dumps(
                {
                    "title": each.title,
                    "title2": self.shown_title(each),
                    "url": f"http://{self.host}{self.path_of(column, each)}",
                    "time": each.date,
                    "docid": str(each.number),
                }
            )
            for each in self.paged(column, page)
        )
        return (
            f'{{"count":"{len(column.articles)}","chnlname":"{column.name}","pagenum":"{page}",\n'
            f'"py":\'###pypy###\',\n"dy":\'###dydy###\',\n"docs":[\n{rows},\n]}}\n'
        )
