"""广东 gkmlpt: one index for all columns, JSON lists, and articles whose text is in a script."""

from __future__ import annotations

import json
from collections.abc import Mapping

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.base import Maker
from crawler.simulator.looks.modern import ShellLook, dumps, query_of

SID = "755031"


class GkmlptLook(ShellLook):
    """See the module."""

    family = "gkmlpt"

    def column_path(self, column: Column, page: int = 1) -> str:  # noqa: ARG002
        """The index, with the column as its fragment."""
        return f"/gkmlpt/index#{column.number}"

    def article_path(self, column: Column, article: Article) -> str:  # noqa: ARG002
        """``/gkmlpt/content/8/8769/post_8769373.html``."""
        number = article.number
        return f"/gkmlpt/content/{number // 1_000_000}/{number // 1000}/post_{number}.html"

    def makers(self) -> dict[str, Maker]:
        """The index, whatever the fragment; front page and articles as everywhere."""
        found = super().makers()
        for column in self.site.columns:
            found["/gkmlpt/index"] = found.pop(self.column_path(column))
        return found

    def page(self, title: str, content: str, meta: str = "") -> str:
        """Every page of the platform carries its configuration; the menu leads to the index."""
        return (
            super()
            .page(title, content + self._configuration(), meta)
            .replace("</nav>", '<a href="/gkmlpt/index">政府信息公开目录</a></nav>')
        )

    def listing(self, column: Column, page: int) -> str:  # noqa: ARG002
        """Nothing but the place where the list is drawn."""
        return '<div id="gkml-list"></div>'

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """The API: full pages are ten; times are seconds."""
        path, query = query_of(target, form)
        head, _, last = path.rpartition("/")
        column = self.known(last)
        if head != "/gkmlpt/api/all" or column is None or query.get("sid") != SID:
            return None
        page = int(query.get("page", 1))
        rows = [
            {
                "id": each.number,
                "title": each.title,
                "url": f"http://{self.host}{self.path_of(column, each)}",
                "date": each.date,
                "publisher": self.site.portal.name,
                "document_number": "",
            }
            for each in self.paged(column, page)
        ]
        count = {"post_count": len(column.articles)}
        return dumps({"classify": count, "articles": rows, "method": method})

    def body(self, article: Article) -> str:
        """The text as an escaped string of a script."""
        lines = "".join(f"<p>{line}</p>" for _, line in self.lines(article))
        text = json.dumps(lines, ensure_ascii=False).replace("<", "\\u003C").replace(">", "\\u003E")
        return f'<script>window._DETAIL = {{"content":{text}}};</script>'

    def _configuration(self) -> str:
        tree = ", ".join(self._node(column) for column in self.site.below(None))
        return (
            f"<script>window._CONFIG = {{LANG: 'zh-CN', SID: '{SID}', TREE: [{tree}], "
            "SERVICE_AREA_ID: 755, base: location.origin};</script>"
        )

    def _node(self, column: Column) -> str:
        below = ", ".join(self._node(each) for each in self.site.below(column.key))
        return f"{{id: {column.number}, name: '{column.name}', jump_url: '', children: [{below}]}}"
