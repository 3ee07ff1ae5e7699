"""TRS IGS: a list drawn from the search server's index."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.modern import ShellLook, dumps, hexadecimal, query_of

SEARCH = "/igs/front/search.jhtml"
LIST = "/igs/front/search/publish/data/list.html"


class TrsIgsLook(ShellLook):
    """See the module."""

    family = "trs_igs"
    container = '<div class="view TRS_UEDITOR trs_paper_default trs_web">'

    def column_path(self, column: Column, page: int = 1) -> str:  # noqa: ARG002
        """A folder's index."""
        return f"/{column.slug}/index.html"

    def article_path(self, column: Column, article: Article) -> str:
        """``202403/t20240328_1234567.html`` below the column."""
        day = article.date.replace("-", "")
        return f"/{column.slug}/{day[:6]}/t{day}_{article.number}.html"

    def listing(self, column: Column, page: int) -> str:  # noqa: ARG002
        """The request that fills the list."""
        size = self.site.look["page_size"]
        url = (
            f"{LIST}?index=wzqsearch-v20190124&type=infomation&siteId=3&pageSize={size}"
            f"&orderProperty=DOCRELTIME&orderDirection=desc&{quote('filter[CHANNELID]')}"
            f"={column.number}&pageNumber="
        )
        return f"<ul id='list'></ul><script>$.getJSON('{url}' + page, draw);</script>"

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """The index: its fields are in capitals."""
        path, query = query_of(target, form)
        column = self.known(query.get("filter[CHANNELID]"))
        if path != LIST or method != "GET" or column is None:
            return None
        rows = [
            {
                "DOCTITLE": each.title,
                "DOCPUBURL": f"http://{self.host}{self.path_of(column, each)}",
                "DOCRELTIME": f"{each.published}:00",
            }
            for each in self.paged(column, int(query.get("pageNumber", 1)))
        ]
        count = {"total": str(len(column.articles)), "totalPages": self.last_page(column)}
        return dumps({"page": {"content": rows, **count}})

    def search_box(self) -> str:
        """A link to the search, with the code without which it answers nothing."""
        if not self.site.look.get("search"):
            return ""
        return f'<a href="{SEARCH}?code={hexadecimal(self.host)}&siteId=3&searchWord=">搜索</a>'

    def search_answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """Hits as records, in small letters this time."""
        path, query = query_of(target, form)
        known = query.get("code") == hexadecimal(self.host) and self.site.look.get("search")
        if path != SEARCH or method != "GET" or not known:
            return None
        size, page = int(query.get("pageSize", 10)), int(query.get("pageNumber", 1))
        hits = self.hits(query.get("searchWord", ""))
        rows = [
            {
                "title": each.title.replace("法治", "<em>法治</em>"),
                "url": f"http://{self.host}{self.path_of(column, each)}",
                "trs_time": f"{each.published}:00",
            }
            for column, each in hits[(page - 1) * size : page * size]
        ]
        count = {"total": str(len(hits)), "totalPages": -(-len(hits) // size)}
        return dumps({"page": {"content": rows, **count}})
