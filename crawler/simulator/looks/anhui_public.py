"""安徽: a catalogue whose first entries are in the page, and the rest come from a label."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.modern import ShellLook, query_of

LABEL = "/site/label/8888"
ORGAN = "6596221"


class AnhuiPublicLook(ShellLook):
    """See the module."""

    family = "anhui_public"
    container = '<div class="j-fontContent">'
    guarded = (LABEL,)

    def column_path(self, column: Column, page: int = 1) -> str:  # noqa: ARG002
        """The organ's catalogue, with the column in the query."""
        return f"/public/column/{ORGAN}?type=4&catId={column.number}&action=list"

    def article_path(self, column: Column, article: Article) -> str:  # noqa: ARG002
        """``/public/<organ>/<number>.html``."""
        return f"/public/{ORGAN}/{article.number}.html"

    def listing(self, column: Column, page: int) -> str:  # noqa: ARG002
        """The first entries, and the script that fetches the others."""
        size, last = self.site.look["page_size"], self.last_page(column)
        data = (
            f'labelName: "publicInfoList", siteId: "6795621", pageSize: "{size}", '
            f'pageIndex: pageIndex, action: "list", isDate: "true", dateFormat: "yyyy-MM-dd", '
            f'organId: "{ORGAN}", type: "4", catId: catId, result: "暂无相关信息", '
            'file: "/c1/publicInfoList_newest"'
        )
        items = self.items(column, self.on_page(column, 1))
        return (
            f'<div class="xxgk_navli"><ul>{items}</ul></div><div id="page_public_info"></div>'
            f'<script>var catId = "{column.number}"; Ls.pagination("#page_public_info", '
            f'function (pageIndex) {{ Ls.ajax({{dataType: "html", url: "{LABEL}", '
            f"data: {{{data}}}}}); }}, {{currentPage: 1, pageCount: {last}}});</script>"
        )

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """The label: a piece of HTML."""
        path, query = query_of(target, form)
        column = self.known(query.get("catId"))
        if path != LABEL or method != "GET" or column is None or query.get("organId") != ORGAN:
            return None
        return f"<ul>{self.items(column, self.paged(column, int(query['pageIndex'])))}</ul>"
