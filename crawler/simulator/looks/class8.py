"""常州: columns of eight letters, tables, pages in the path; the pager links to those nearby."""

from __future__ import annotations

import zlib

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.modern import ModernLook

NEAR = 2


class Class8Look(ModernLook):
    """See the module."""

    family = "class8"
    container = '<div class="NewsContent">'

    def column_path(self, column: Column, page: int = 1) -> str:
        """``/class/PQFJPFCK``, then ``/class/PQFJPFCK/2``."""
        return f"/class/{_letters(column.key)}" + (f"/{page}" if page > 1 else "")

    def article_path(self, column: Column, article: Article) -> str:
        """``/html/cznd/2024/PQFJPFCK_0328/1234567.html``."""
        year, month, day = article.date.split("-")
        return f"/html/cznd/{year}/{_letters(column.key)}_{month}{day}/{article.number}.html"

    def listing(self, column: Column, page: int) -> str:
        """Rows, and links to the pages nearby."""
        rows = "".join(
            f'<tr><td>·<a href="{self.link_of(column, each)}" title="{each.title}">'
            f"{self.shown_title(each)}</a></td><td>[{each.date}]</td></tr>"
            for each in self.on_page(column, page)
        )
        near = range(max(1, page - NEAR), min(self.page_count(column), page + NEAR) + 1)
        links = "".join(f'<a href="{self.column_path(column, k)}">{k}</a>' for k in near)
        return f'<table class="border2">{rows}</table><div class="pages">{links}</div>'


def _letters(key: str) -> str:
    """Eight capital letters, the same for a column in every run."""
    number = zlib.crc32(key.encode())
    return "".join(chr(ord("A") + (number >> 4 * place) % 16) for place in range(8))
