"""What the looks of the later families share: templates, lists as items, numbers from names."""

from __future__ import annotations

import html
import json
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.base import Look


class ModernLook(Look):
    """A family whose articles are plain paragraphs in a container of the family's own."""

    templates = "modern"
    container = '<div class="article-body">'

    def body(self, article: Article) -> str:
        """Paragraphs inside the family's container."""
        lines = "\n".join(f'<p class="{kind}">{line}</p>' for kind, line in self.lines(article))
        return f"{self.container}\n{lines}\n</div>"

    def items(self, column: Column, articles: tuple[Article, ...]) -> str:
        """Articles as dated list items."""
        return "".join(
            f'<li><a href="{self.link_of(column, each)}" title="{html.escape(each.title)}">'
            f"{self.shown_title(each)}</a><span>{each.date}</span></li>\n"
            for each in articles
        )

    def known(self, number: object) -> Column | None:
        """The column with this number."""
        return next((c for c in self.site.columns if str(c.number) == str(number)), None)

    def paged(self, column: Column, page: int) -> tuple[Article, ...]:
        """The articles of a page; none beyond the last and before the first."""
        return self.on_page(column, page) if page >= 1 else ()

    def last_page(self, column: Column) -> int:
        """Number of pages of a column, also where they are no files."""
        size: int = self.site.look["page_size"]
        return max(1, -(-len(column.articles) // size))


class ShellLook(ModernLook):
    """A family whose columns are one page each, filled from elsewhere."""

    def page_count(self, column: Column) -> int:  # noqa: ARG002
        """One file."""
        return 1


def query_of(target: str, form: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Path and parameters of a request."""
    parts = urlsplit(target)
    return parts.path, {**dict(parse_qsl(parts.query, keep_blank_values=True)), **form}


def hexadecimal(text: str) -> str:
    """32 hexadecimal digits, the same for a text in every run."""
    return "".join(f"{zlib.crc32(f'{text}{n}'.encode()):08x}" for n in range(4))


def uuid(text: str) -> str:
    """A text's digits, grouped as a UUID's."""
    d = hexadecimal(text)
    return f"{d[:8]}-{d[8:12]}-{d[12:16]}-{d[16:20]}-{d[20:]}"


def dumps(data: object) -> str:
    """JSON as the servers write it, Chinese as it is."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
