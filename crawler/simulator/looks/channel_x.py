"""聊城: columns at ``/channel_x_0.0_11971/``; pages joined by a link, since no more is known."""

from __future__ import annotations

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.modern import ModernLook


class ChannelXLook(ModernLook):
    """See the module."""

    family = "channel_x"

    def column_path(self, column: Column, page: int = 1) -> str:
        """The folder; later pages in the query."""
        later = f"?page={page}" if page > 1 else ""
        return f"/channel_x_0.0_{column.number}/{later}"

    def article_path(self, column: Column, article: Article) -> str:
        """Below the column."""
        return f"/channel_x_0.0_{column.number}/doc_{article.number}.html"

    def listing(self, column: Column, page: int) -> str:
        """Items and the link to the next page."""
        items = self.items(column, self.on_page(column, page))
        last = page == self.page_count(column)
        link = "" if last else f'<a href="{self.column_path(column, page + 1)}">下一页</a>'
        return f'<ul class="list">{items}</ul><div class="pages">{link}</div>'
