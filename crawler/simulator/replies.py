"""What a pretend portal answers to a request: pages, robots.txt, and the ways of not answering."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.simulator.content import Site
from crawler.simulator.deliveries import Deliver, whole
from crawler.simulator.looks import dress
from crawler.simulator.looks.base import query_key

GONE = "<html><head><title>404</title></head><body><h2>404 Not Found</h2></body></html>"
SOFT_GONE = """<html><head><title>页面不存在</title></head><body><div class="error">
<p>很抱歉，您访问的页面不存在或已被删除。</p><a href="/">返回首页</a></div></body></html>"""
CHALLENGE = """<!DOCTYPE html><html><head><meta id="c" content="pretend" r="m">
<script type="text/javascript">$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;$_ts.cd="pretend";
</script><script type="text/javascript" src="/pretend/challenge.js" r='m'></script></head>
<body></body></html>"""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came. ``target`` is path and query."""

    method: str
    target: str
    host: str
    headers: Mapping[str, str]
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back."""

    status: int
    body: bytes
    content_type: str = "text/html"
    headers: tuple[tuple[str, str], ...] = field(default=())
    deliver: Deliver = whole
    """How it goes out."""


class PretendPortal:
    """One site, ready to answer. A page is written when it is first asked for."""

    def __init__(self, site: Site):
        self.site = site
        self.host = site.portal.host
        self.look = dress(site)
        self._charset: str = site.look["charset"]
        self._makers = {} if site.look.get("challenge") else self.look.makers()
        for column in site.columns:
            for article in column.articles:
                if article.pretends == "soft_404":
                    self._makers[self.look.path_of(column, article)] = lambda: SOFT_GONE

    def reply(self, request: Request) -> Reply:
        """The answer to one request."""
        if self.site.look.get("challenge"):
            cookie = ("Set-Cookie", "pretend=1; path=/")
            return Reply(412, CHALLENGE.encode(), "text/html; charset=utf-8", (cookie,))
        robots = self.site.look.get("robots")
        if request.target == "/robots.txt" and robots:
            return Reply(200, robots.encode(), "text/plain")
        if request.target.startswith(self.look.guarded) and "referer" not in request.headers:
            return Reply(403, GONE.encode())
        make = self._makers.get(query_key(request.target))
        if make and request.method in ("GET", "HEAD"):
            page = make()
            return self._file(request, page.encode(self._charset), self._content_type(page))
        asked = request.method, request.target, request.form
        answer = self.look.search_answer(*asked) or self.look.answer(*asked)
        if answer is None:
            return Reply(404, GONE.encode())
        return Reply(200, answer.encode(self._charset), self._content_type(answer))

    def _file(self, request: Request, body: bytes, kind: str) -> Reply:
        """A static file, with the validators that web servers give them (servlets give none)."""
        etag = f'"{len(body):x}-{zlib.crc32(body):x}"'
        if request.headers.get("if-none-match") == etag:
            return Reply(304, b"", kind, (("ETag", etag),))
        return Reply(200, body, kind, (("ETag", etag),))

    def _content_type(self, page: str) -> str:
        """Static servers of two families name no charset; the page's own meta has to."""
        kinds = {"<datastore": "text/xml", "{": "application/json", "[": "application/json"}
        starts = (kind for start, kind in kinds.items() if page.startswith(start))
        kind = next(starts, "text/html")
        named = self.site.look["family"] == "trs_wcm"
        return f"{kind};charset={self.site.look['declared']}" if named else kind
