"""Hand-made pages, in two layouts: ``numbered`` (index_2.html), ``table`` (?page=2)."""

from __future__ import annotations

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.base import Look

_STYLES = {
    "number": "<center>{}</center>",
    "addressee": "{}<br>",
    "text": "&nbsp;&nbsp;&nbsp;&nbsp;{}<br>",
    "signature": '<div style="text-align:right">{}</div>',
    "note": "&nbsp;&nbsp;&nbsp;&nbsp;{}<br>",
}


class GenericLook(Look):
    """See the module."""

    family = "generic"

    def column_path(self, column: Column, page: int = 1) -> str:
        """By layout."""
        if self._in_table():
            return f"/{column.slug}/list.html" + (f"?page={page}" if page > 1 else "")
        return f"/{column.slug}/index" + (f"_{page}.html" if page > 1 else ".html")

    def article_path(self, column: Column, article: Article) -> str:
        """By layout."""
        home = self._home(article) if "column" in article.facts else column
        if self._in_table():
            return f"/{home.slug}/show-{article.number}.html"
        return f"/{home.slug}/{article.date[:4]}/{article.number}.html"

    def listing(self, column: Column, page: int) -> str:
        """Items and a pager."""
        rows = [self._item(column, article) for article in self.on_page(column, page)]
        if self._in_table():
            return f'<table class="list">{"".join(rows)}</table>{self._next_link(column, page)}'
        return f'<ul class="list">{"".join(rows)}</ul>{self._numbers(column, page)}'

    def body(self, article: Article) -> str:
        """Lines broken by br in the table layout, paragraphs else."""
        if self._in_table():
            return "\n".join(_STYLES[kind].format(line) for kind, line in self.lines(article))
        return "\n".join(
            f'<p class="{kind}">{line}</p>' if kind != "signature" else f"<p align=right>{line}</p>"
            for kind, line in self.lines(article)
        )

    def _item(self, column: Column, article: Article) -> str:
        link, shown = self.link_of(column, article), self.shown_title(article)
        if self._in_table():
            return (
                f'<tr><td><img src="/img/dot.gif"></td><td><a href="{link}">{shown}</a></td>'
                f"<td>[{article.date}]</td></tr>"
            )
        return (
            f'<li><span class="date">{article.date}</span><a href="{link}" '
            f'title="{article.title}">{shown}</a></li>'
        )

    def _numbers(self, column: Column, page: int) -> str:
        links = [
            f'<a href="{self.column_path(column, number)}">{number}</a>'
            if number != page
            else f"<b>{page}</b>"
            for number in range(1, self.page_count(column) + 1)
        ]
        return f'<div class="pages">{" ".join(links)}</div>'

    def _next_link(self, column: Column, page: int) -> str:
        total = self.page_count(column)
        last = page == total
        more = "" if last else f'<a href="{self.column_path(column, page + 1)}">下一页</a>'
        return f'<div class="pages">共{len(column.articles)}条 第{page}/{total}页 {more}</div>'

    def _in_table(self) -> bool:
        return bool(self.site.look["layout"] == "table")
