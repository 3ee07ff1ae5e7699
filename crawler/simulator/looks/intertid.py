"""intertid: a list drawn from a search that is asked by a form."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.modern import ShellLook, dumps

SEARCH = "/info_open/search"
SITE = "181"


class IntertidLook(ShellLook):
    """See the module."""

    family = "intertid"
    container = '<div id="Zoom">'

    def column_path(self, column: Column, page: int = 1) -> str:  # noqa: ARG002
        """A folder's index."""
        return f"/{column.slug}/index.shtml"

    def article_path(self, column: Column, article: Article) -> str:  # noqa: ARG002
        """``/doc/2024/03/28/1234567.shtml``."""
        return f"/doc/{article.date.replace('-', '/')}/{article.number}.shtml"

    def listing(self, column: Column, page: int) -> str:  # noqa: ARG002
        """The call, its channel in a variable, and an older call that is commented out."""
        call = f"getSearchList(1, {self.site.look['page_size']}, {SITE}, chanIdStr, 1, 'writeTime')"
        return (
            f'<ul id="doclist"></ul><script>\nvar chanIdStr = "{column.number}";\n'
            f"// getSearchList(1, 5, {SITE}, '1', 1, 'writeTime');\n{call};\n</script>"
        )

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """The search."""
        column = self.known(form.get("channelIds"))
        if target != SEARCH or method != "POST" or column is None or form.get("siteId") != SITE:
            return None
        page = int(form.get("pageIndex", 1))
        rows = [
            {
                "title": each.title,
                "url": f"http://{self.host}{self.path_of(column, each)}",
                "writeTime": each.date,
                "organization": self.site.portal.name,
            }
            for each in self.paged(column, page)
        ]
        count = {"totalElements": len(column.articles), "totalPages": self.last_page(column)}
        return dumps({"status": 0, "data": {**count, "page": page, "data": rows}})
