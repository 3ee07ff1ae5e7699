"""What all looks share: the tree of columns as pages, articles as HTML, the chrome around them."""

from __future__ import annotations

import html
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from crawler.simulator.content import Article, Column, Site

TEMPLATES = Path(__file__).parent / "templates"
NEWS_ON_FRONT_PAGE = 6


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
        pages = {"/": self._front(), "/index.html": self._front()}
        for column in self.site.columns:
            for number in range(1, self.page_count(column) + 1):
                content = self.listing(column, number) if column.articles else self._hub(column)
                whole = self.page(column.name, self._crumb_line(column) + content)
                pages[self.column_path(column, number)] = whole
            folder = self.column_path(column).rpartition("/")[0] + "/"
            pages.setdefault(folder, pages[self.column_path(column)])
            for article in column.articles:
                pages[self.path_of(column, article)] = self.article_page(column, article)
        return pages

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
            nav=nav,
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
        return self.page("首页", "".join(boxes))

    def _hub(self, column: Column) -> str:
        below = self.site.below(column.key)
        links = [f'<li><a href="{self.column_path(c)}">{c.name}</a></li>' for c in below]
        return f'<ul class="lanmu">{"".join(links)}</ul>' if links else "<p>栏目内容正在整理。</p>"

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
