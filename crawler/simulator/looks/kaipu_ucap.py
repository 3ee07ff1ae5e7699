"""开普云 UCAP: static pages counted from 1, the second called _2 or _1; or a JSON search."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.modern import ModernLook, dumps, hexadecimal, query_of

CAP = 10
"""The server gives no more records a page, whatever ``_pageSize`` says."""


class KaipuUcapLook(ModernLook):
    """Static. ``second`` of the look is the number the second page has: 2, or 1 on some sites."""

    family = "kaipu_ucap"
    container = '<div id="UCAP-CONTENT">'

    def column_path(self, column: Column, page: int = 1) -> str:
        """``/<site>/c100052/common_list.shtml``, then ``common_list_2.shtml``."""
        second = self.site.look.get("second", 2)
        number = "" if page == 1 else f"_{page - 2 + second}"
        return f"/site/c{column.number}/common_list{number}.shtml"

    def article_path(self, column: Column, article: Article) -> str:
        """``/<site>/c100052/202403/<32 hex>.shtml``."""
        month = article.date[:7].replace("-", "")
        return f"/site/c{column.number}/{month}/{hexadecimal(article.key)}.shtml"

    def listing(self, column: Column, page: int) -> str:
        """Items and the pager call."""
        count = len(column.articles)
        call = f"'page_div',{self.page_count(column)}, {page},'common_list','shtml',{count}"
        items = self.items(column, self.on_page(column, page))
        return (
            f'<ul class="list">{items}</ul><div id="page_div"></div>'
            f"<script>createPageHTML({call});</script>"
        )


class KaipuUcapJsonLook(KaipuUcapLook):
    """The list drawn from the search of the channel."""

    def page_count(self, column: Column) -> int:  # noqa: ARG002
        """One file."""
        return 1

    def listing(self, column: Column, page: int) -> str:  # noqa: ARG002
        """A script that asks the search."""
        url = (
            f"/common/search/{hexadecimal(column.key)}?_isAgg=true&_isJson=true&_pageSize=100"
            "&_template=index&_rangeTimeGte=&_channelName=&page="
        )
        return f'<ul id="list"></ul><script>$.getJSON("{url}" + page, draw);</script>'

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """The search: addresses without scheme, titles with marks, a capped page."""
        path, query = query_of(target, form)
        ids = {f"/common/search/{hexadecimal(c.key)}": c for c in self.site.columns}
        column = ids.get(path)
        if column is None or method != "GET" or query.get("_isJson") != "true":
            return None
        page = int(query.get("page", 1))
        rows = [
            {
                "title": f"<span>{each.title}</span>",
                "url": f"//{self.host}{self.path_of(column, each)}",
                "publishedTimeStr": f"{each.published}:00",
                "channelName": column.name,
            }
            for each in column.articles[(page - 1) * CAP : page * CAP]
        ]
        data = {"channelId": hexadecimal(column.key), "total": len(column.articles), "rows": CAP}
        return dumps({"data": {**data, "page": page, "results": rows}})
