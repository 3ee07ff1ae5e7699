"""What all looks share: the tree of columns as pages, articles as HTML, the chrome around them."""

from __future__ import annotations

import html
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from string import Template
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.simulator.content import Article, Column, Site

TEMPLATES = Path(__file__).parent / "templates"
NEWS_ON_FRONT_PAGE = 6
SEARCH, HITS = "/search/index.jsp", 10
"""Where the search of most sites is, and how many hits a page of it has."""
Maker = Callable[[], str]


class Look(ABC):
    """A site as HTML pages by path. Subclasses say where things are and how lists are written."""

    family: str
    templates: str | None = None
    """Whose templates it wears; its own where it has some."""
    guarded: tuple[str, ...] = ()
    """Beginnings of paths that answer 403 to a request without Referer."""

    def __init__(self, site: Site):
        self.site = site
        self.host = site.portal.host
        self._page = _template(f"{self.templates or self.family}.page.html")
        self._article = _template(f"{self.templates or self.family}.article.html")

    @abstractmethod
    def column_path(self, column: Column, page: int = 1) -> str:
        """Path of a column's page, from 1."""

    @abstractmethod
    def article_path(self, column: Column, article: Article) -> str:
        """Path of an article."""

    @abstractmethod
    def listing(self, column: Column, page: int) -> str:
        """A listing page's content, pager included."""

    @abstractmethod
    def body(self, article: Article) -> str:
        """The article's text as this family marks it up."""

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:  # noqa: ARG002
        """What is not a page of its own: servlets. None where there is nothing."""
        return None

    def pages(self) -> dict[str, str]:
        """Every page of the site, by path (with its query, if it has one)."""
        return {path: make() for path, make in self.makers().items()}

    def makers(self) -> dict[str, Maker]:
        """What writes each page: most pages of a large site are never asked for."""
        makers: dict[str, Maker] = {"/": self._front, "/index.html": self._front}
        for column in self.site.columns:
            for number in range(1, self.page_count(column) + 1):
                makers[self.column_path(column, number)] = partial(
                    self._column_page, column, number
                )
            folder = self.column_path(column).rpartition("/")[0] + "/"
            makers.setdefault(folder, makers[self.column_path(column)])
            for article in column.articles:
                make = partial(self.article_page, column, article)
                makers[self.path_of(column, article)] = make
        return makers

    def search_box(self) -> str:
        """How a visitor searches the site, where its data say that one can."""
        if not self.site.look.get("search"):
            return ""
        return (
            f'<form action="{SEARCH}" method="get"><input type="hidden" name="site" value="1">'
            '<input type="text" name="searchWord"><input type="submit" value="搜索"></form>'
        )

    def search_answer(self, method: str, target: str, form: Mapping[str, str]) -> str | None:  # noqa: ARG002
        """The answer of the site's own search; None for any other address."""
        parts = urlsplit(target)
        if parts.path != SEARCH or not self.site.look.get("search"):
            return None
        asked = dict(parse_qsl(parts.query))
        page = int(asked.get("page", 1))
        hits = self.hits(asked.get("searchWord", ""))
        rows = "".join(
            f'<li><a href="{self.link_of(column, each)}" title="{html.escape(each.title)}">'
            f"{html.escape(each.title)}</a><span>{each.date}</span></li>"
            for column, each in hits[(page - 1) * HITS : page * HITS]
        )
        more = parts._replace(query=urlencode({**asked, "page": page + 1})).geturl()
        link = f'<a href="{html.escape(more)}">下一页</a>' if len(hits) > page * HITS else ""
        return self.page("搜索", f"<ul>{rows}</ul>{link}")

    def hits(self, words: str) -> list[tuple[Column, Article]]:
        """Articles with the words in their titles, newest first, each once."""
        found = {
            article.key: (column, article)
            for column in self.site.columns
            for article in column.articles
            if words and words in article.title
        }
        return sorted(found.values(), key=lambda hit: hit[1].published, reverse=True)

    def _column_page(self, column: Column, number: int) -> str:
        content = self.listing(column, number) if column.articles else self._hub(column)
        return self.page(column.name, self._crumb_line(column) + content)

    def page(self, title: str, content: str, meta: str = "") -> str:
        """A whole page around some content."""
        look = self.site.look
        nav = "".join(
            f'<li><a href="{self.column_path(column)}">{column.name}</a></li>'
            for column in self.site.below(None)
        )
        return self._page.substitute(
            title=f"{html.escape(title)}_{look['site_name']}",
            declared=look["declared"],
            site_name=look["site_name"],
            owner=self.site.portal.name,
            site_code=look["site_code"],
            icp=look["icp"],
            security=look["security"],
            nav=nav + self.search_box(),
            meta=f'<meta name="SiteName" content="{look["site_name"]}">\n{meta}',
            content=content,
        )

    def path_of(self, column: Column, article: Article) -> str:
        """Path of an article, where its data does not put it elsewhere."""
        return article.path or self.article_path(column, article)

    def link_of(self, column: Column, article: Article) -> str:
        """The address a listing gives for an article."""
        path = self.path_of(column, article)
        if article.pretends == "https_twin":
            return f"https://{self.host}{self.path_of(self._home(article), article)}"
        return path

    def page_count(self, column: Column) -> int:
        """Number of listing pages."""
        size: int = self.site.look["page_size"]
        return max(1, -(-len(column.articles) // size))

    def on_page(self, column: Column, page: int) -> tuple[Article, ...]:
        """The articles of one listing page."""
        size = self.site.look["page_size"]
        return column.articles[(page - 1) * size : page * size]

    def shown_title(self, article: Article) -> str:
        """The title as the listing shows it: cut, where the site cuts titles."""
        limit = self.site.look.get("cut_titles", 99)
        title = article.title
        return html.escape(title if len(title) <= limit else title[:limit] + "...")

    def article_page(self, column: Column, article: Article) -> str:
        """The whole page of an article."""
        source = article.facts.get("source") or self.site.portal.name
        content = self._article.substitute(
            title=html.escape(article.title),
            published=article.published,
            source=source,
            crumbs=self._crumbs(column),
            index=self.index_table(article),
            body=self.body(article),
            related=self._related(column, article),
        )
        meta = {
            "ColumnName": column.name,
            "ArticleTitle": html.escape(article.title),
            "PubDate": article.published,
            "ContentSource": source,
        }
        lines = [f'<meta name="{name}" content="{value}">' for name, value in meta.items()]
        return self.page(article.title, content, "\n".join(lines))

    def index_table(self, article: Article) -> str:
        """The index of disclosure (索引号 ...), where the article has one."""
        facts = article.facts
        if "index_number" not in facts:
            return ""
        cells = [
            ("索 引 号", facts["index_number"]),
            ("主题分类", facts.get("subject", "")),
            ("发布机构", facts.get("signature") or self.site.portal.name),
            ("发文日期", article.date),
            ("标　　题", html.escape(article.title)),
            ("发文字号", facts.get("document_number", "")),
        ]
        rows = [
            "<tr>" + "".join(f"<td><b>{n}：</b></td><td>{v}</td>" for n, v in cells[i : i + 2])
            for i in range(0, len(cells), 2)
        ]
        return f'<table class="xxgk_table">{"".join(f"{row}</tr>" for row in rows)}</table>'

    def lines(self, article: Article) -> list[tuple[str, str]]:
        """The text as (kind, line): number, addressee, text, signature, note."""
        facts = article.facts
        parts = [
            ("number", facts.get("document_number")),
            ("addressee", facts.get("addressee")),
            *(("text", line) for line in article.paragraphs),
            ("signature", facts.get("signature")),
            ("signature", facts.get("second_signature")),
            ("signature", facts.get("signed_on")),
            ("note", facts.get("disclosure")),
            ("note", facts.get("contact")),
        ]
        return [(kind, html.escape(line, quote=False)) for kind, line in parts if line]

    def _front(self) -> str:
        news = [column for column in self.site.columns if column.articles][:2]
        boxes = [
            f'<div class="box"><h3>{column.name}</h3><ul>'
            + "".join(
                f'<li><a href="{self.link_of(column, a)}">{html.escape(a.title)}</a></li>'
                for a in column.articles[:NEWS_ON_FRONT_PAGE]
            )
            + "</ul></div>"
            for column in news
        ]
        return self.page("首页", "".join(boxes) + self.site.look.get("clutter", ""))

    def _hub(self, column: Column) -> str:
        mapped = self.site.look.get("map") == column.key
        below = self.site.columns if mapped else self.site.below(column.key)
        links = [f'<li><a href="{self.column_path(c)}">{c.name}</a></li>' for c in below]
        clutter: str = self.site.look.get("hub_clutter", "")
        listed = (
            f'<ul class="lanmu">{"".join(links)}</ul>' if links else "<p>栏目内容正在整理。</p>"
        )
        return listed + clutter

    def _crumbs(self, column: Column) -> str:
        trail = [column]
        while trail[0].under:
            trail.insert(0, self.site.column(trail[0].under))
        links = [f'<a href="{self.column_path(each)}">{each.name}</a>' for each in trail]
        return " &gt; ".join(['<a href="/">首页</a>', *links])

    def _crumb_line(self, column: Column) -> str:
        return f'<div class="crumbs">当前位置：{self._crumbs(column)}</div>\n'

    def _related(self, column: Column, article: Article) -> str:
        others = [a for a in column.articles if "解读" in a.title and a.key != article.key][:2]
        return "".join(
            f'<li><a href="{self.link_of(column, a)}">{html.escape(a.title)}</a></li>'
            for a in others
        )

    def _home(self, article: Article) -> Column:
        """The column an article with this key is at home in."""
        key = article.facts.get("column")
        return next(column for column in self.site.columns if column.key == key)


def query_key(target: str) -> str:
    """Path and query of a request target, as ``pages`` has them."""
    parts = urlsplit(target)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _template(name: str) -> Template:
    return Template((TEMPLATES / name).read_text(encoding="utf-8"))
