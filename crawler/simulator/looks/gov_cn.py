"""gov.cn: a column is a page with a feed, or an answer of the library itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.base import Maker
from crawler.simulator.looks.modern import ShellLook, dumps, query_of

LIBRARY = "/search-gov/data"
CHINA = timezone(timedelta(hours=8))


class GovCnLook(ShellLook):
    """The feed: one file for a column, however long."""

    family = "gov_cn"
    container = '<div id="UCAP-CONTENT">'

    def column_path(self, column: Column, page: int = 1) -> str:  # noqa: ARG002
        """A folder's index."""
        return f"/{column.slug}/index.htm"

    def article_path(self, column: Column, article: Article) -> str:
        """``/zhengce/content/202403/content_1234567.htm``."""
        month = article.date[:7].replace("-", "")
        return f"/{column.slug}/content/{month}/content_{article.number}.htm"

    def listing(self, column: Column, page: int) -> str:  # noqa: ARG002
        """The script that fetches the feed."""
        return f'<ul></ul><script>$.ajax({{url: "./{_feed(column)}"}}).done(draw);</script>'

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:  # noqa: ARG002
        """The feeds."""
        feeds = {f"/{column.slug}/{_feed(column)}": column for column in self.site.columns}
        if target not in feeds:
            return None
        column = feeds[target]
        return dumps(
            [
                {
                    "TITLE": each.title,
                    "SUB_TITLE": "",
                    "URL": f"http://{self.host}{self.path_of(column, each)}",
                    "DOCRELPUBTIME": each.date,
                }
                for each in column.articles
            ]
        )

    def search_box(self) -> str:
        """A script that names the library."""
        named = f"<script>var library = '{LIBRARY}';</script>"
        return named if self.site.look.get("search") else ""

    def search_answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """Hits of the library."""
        path, query = query_of(target, form)
        known = query.get("t") == "zhengcelibrary" and self.site.look.get("search")
        if path != LIBRARY or method != "GET" or not known:
            return None
        size, page = int(query.get("n", 50)), int(query.get("p", 1))
        hits = self.hits(query.get("q", ""))
        rows = [
            {
                "title": each.title.replace("法治", "<em>法治</em>"),
                "url": f"http://{self.host}{self.path_of(column, each)}",
                "pubtime": _milliseconds(each.published),
            }
            for column, each in hits[(page - 1) * size : page * size]
        ]
        count = {"totalCount": len(hits), "totalpage": -(-len(hits) // size)}
        return dumps({"code": 200, "searchVO": {**count, "listVO": rows}})


class GovCnLibraryLook(GovCnLook):
    """The library: a column is a search for a kind of document."""

    def column_path(self, column: Column, page: int = 1) -> str:
        """The search itself; the hub is a page."""
        if not column.articles:
            return super().column_path(column)
        size = self.site.look["page_size"]
        return f"{LIBRARY}?t=zhengcelibrary_{column.key}&q=&sort=pubtime&p={page}&n={size}"

    def makers(self) -> dict[str, Maker]:
        """All but the columns that are searches."""
        return {path: make for path, make in super().makers().items() if LIBRARY not in path}

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:
        """One page of a search; times are milliseconds, hits are marked."""
        path, query = query_of(target, form)
        keys = {f"zhengcelibrary_{column.key}": column for column in self.site.columns}
        column = keys.get(query.get("t", ""))
        if path != LIBRARY or method != "GET" or column is None:
            return None
        rows = [
            {
                "title": each.title.replace("法治", "<em>法治</em>"),
                "url": f"http://{self.host}{self.path_of(column, each)}",
                "pubtime": _milliseconds(each.published),
            }
            for each in self.paged(column, int(query.get("p", 1)))
        ]
        count = {"totalCount": len(column.articles), "totalpage": self.last_page(column)}
        return dumps({"code": 200, "searchVO": {**count, "listVO": rows}})


def _feed(column: Column) -> str:
    letters = "".join(chr(ord("A") + int(digit)) for digit in str(column.number))
    return f"{letters}LIEBIAO.json"


def _milliseconds(published: str) -> int:
    moment = datetime.strptime(published, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
    return int(moment.timestamp()) * 1000
