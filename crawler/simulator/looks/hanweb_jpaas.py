"""大汉 JPAAS: a shell with a unit for the list and one for the menu, filled by a gateway."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.hanweb_jcms import jsearch_answer
from crawler.simulator.looks.modern import ShellLook, dumps, hexadecimal, query_of

UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
SEARCH = "/api-gateway/jpaas-jsearch-web-server/interface/search/info"
LIST, MENU = "信息列表", "左侧菜单"


class HanwebJpaasLook(ShellLook):
    """See the module. ``attribute`` of the look is how it spells ``queryData``."""

    family = "hanweb_jpaas"
    container = '<div id="con_con">'
    guarded = (UNIT,)

    def column_path(self, column: Column, page: int = 1) -> str:  # noqa: ARG002
        """One address for all pages."""
        return f"/col/col{column.number}/index.html"

    def article_path(self, column: Column, article: Article) -> str:
        """``/col/col1229847292/art/2026/art_<32 hex>.html``."""
        name = hexadecimal(article.key)
        return f"/col/col{column.number}/art/{article.date[:4]}/art_{name}.html"

    def listing(self, column: Column, page: int) -> str:  # noqa: ARG002
        """The scripts of the two units."""
        return "\n".join(self._unit(column, tag) for tag in (MENU, LIST))

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """The gateway: one page of one unit."""
        path, query = query_of(target, form)
        column = self.known(query.get("pageId"))
        if path != UNIT or method != "GET" or column is None:
            return None
        if query.get("webId") != self._web_id() or query.get("tagId") != LIST:
            menu = f'<ul><li><a href="{self.column_path(column)}">{column.name}</a></li></ul>'
            return dumps({"success": True, "data": {"html": menu}})
        size = self.site.look["page_size"]
        number = json.loads(query.get("paramJson", "{}")).get("pageNo", 1)
        pager = (
            f'<div class="pagination" count="{len(column.articles)}" pageNo="{number}" '
            f'pageSize="{size}"></div>'
        )
        items = self.items(column, self.paged(column, number))
        content = f'<div class="page-content"><ul>{items}</ul>{pager}</div>'
        return dumps({"success": True, "data": {"html": content}})

    def search_box(self) -> str:
        """A link to the gateway's search, with the site's numbers."""
        if not self.site.look.get("search"):
            return ""
        query = (
            f"serviceId={hexadecimal('s')}&websiteid={self._website()}&cateid={hexadecimal('c')}"
        )
        return f'<a href="/jpaas-jsearch-web-server/search?{query}&q=">搜索</a>'

    def search_answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """Hits as pieces of HTML, fifteen a page."""
        path, query = query_of(target, form)
        known = query.get("websiteid") == self._website() and self.site.look.get("search")
        if path != SEARCH or method != "GET" or not known:
            return None
        hits = self.hits(query.get("q", ""))
        inner = jsearch_answer(self, hits, int(query.get("p", 1)), 15)
        return f'{{"success": true, "data": {{"searchResult": {inner}}}}}'

    def _website(self) -> str:
        return f"{self.site.look['site_code'][:6]}000000"

    def _unit(self, column: Column, tag: str) -> str:
        query = {
            "parseType": "bulidstatic",
            "webId": self._web_id(),
            "tplSetId": hexadecimal("templates"),
            "pageType": "column",
            "tagId": tag,
            "editType": None,
            "pageId": str(column.number),
        }
        attribute = self.site.look.get("attribute", "queryData")
        return (
            f'<div class="unit"><script src="/static/unitbuild.js" '
            f'{attribute}="{html.escape(repr(query), quote=False)}"></script></div>'
        )

    def _web_id(self) -> str:
        return hexadecimal(self.host)
