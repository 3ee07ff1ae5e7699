"""河北: names are UUIDs, further pages come from a block, and no total is told."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.modern import ShellLook, query_of, uuid


class HebeiUuidLook(ShellLook):
    """See the module."""

    family = "hebei_uuid"
    container = '<div class="content">'

    def column_path(self, column: Column, page: int = 1) -> str:  # noqa: ARG002
        """``/columns/<uuid>/index.html``."""
        return f"/columns/{uuid(column.key)}/index.html"

    def article_path(self, column: Column, article: Article) -> str:
        """``/columns/<uuid>/202403/28/<uuid>.html``."""
        year, month, day = article.date.split("-")
        return f"/columns/{uuid(column.key)}/{year}{month}/{day}/{uuid(article.key)}.html"

    def listing(self, column: Column, page: int) -> str:  # noqa: ARG002
        """The first entries, and the script that fetches the others."""
        items = self.items(column, self.on_page(column, 1))
        script = f'<script>$.get("{self._block(column)}?page=" + page + "&fix=0", draw);</script>'
        return f'<ul class="list">{items}</ul>{script}'

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """The block: a piece of HTML, empty after the last page."""
        path, query = query_of(target, form)
        blocks = {self._block(column): column for column in self.site.columns}
        if path not in blocks or method != "GET":
            return None
        column = blocks[path]
        items = self.items(column, self.paged(column, int(query.get("page", 1))))
        return f'<ul class="list">{items}</ul>'

    def _block(self, column: Column) -> str:
        return (
            f"/columns/{uuid(column.key)}/templates/{uuid('template')}/blocks/{uuid(column.slug)}"
        )
