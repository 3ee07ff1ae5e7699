"""博达 VSB: pages numbered from the last. Each page repeats the last entry of the one before it, as
happens when a column grows between two visits."""

from __future__ import annotations

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.modern import ModernLook


class BodaVsbLook(ModernLook):
    """See the module."""

    family = "boda_vsb"
    container = '<div id="vsb_content"><div class="v_news_content">'

    def column_path(self, column: Column, page: int = 1) -> str:
        """``/zwgk/fzzf.htm``, then ``/zwgk/fzzf/3.htm`` down to ``/zwgk/fzzf/1.htm``."""
        number = "" if page == 1 else f"/{self.page_count(column) - page + 1}"
        return f"/{column.slug}{number}.htm"

    def article_path(self, column: Column, article: Article) -> str:
        """``/info/<tree>/<number>.htm``."""
        return f"/info/{column.number}/{article.number}.htm"

    def listing(self, column: Column, page: int) -> str:
        """Items, and a pager that tells page and total."""
        before = self.on_page(column, page - 1)[-1:] if page > 1 else ()
        items = self.items(column, before + self.on_page(column, page))
        total = self.page_count(column)
        pager = f"<span>共{len(column.articles)}条</span>　<span>{page}/{total}</span>"
        return f'<ul class="list">{items}</ul><div class="pb_sys_common">{pager}</div>'

    def body(self, article: Article) -> str:
        """Its container is two deep."""
        return f"{super().body(article)}</div>"
