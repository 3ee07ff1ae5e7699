"""TRS WCM: static pages, article files by month, a pager that counts from 0."""

from __future__ import annotations

from crawler.simulator.content import Article, Column
from crawler.simulator.looks.base import Look

_STYLES = {
    "number": '<p align="center">{}</p>',
    "addressee": '<p style="text-align: justify;">{}</p>',
    "text": '<p style="text-align: justify; text-indent: 2em;">　　{}</p>',
    "signature": '<p style="text-align: right;">{}　　</p>',
    "note": '<p style="text-indent: 2em;">{}</p>',
}


class TrsWcmLook(Look):
    """See the module."""

    family = "trs_wcm"

    def column_path(self, column: Column, page: int = 1) -> str:
        """``index.html``, then ``index_1.html``."""
        name, extension = self._file()
        number = "" if page == 1 else f"_{page - 1}"
        return f"/{column.slug}/{name}{number}.{extension}"

    def article_path(self, column: Column, article: Article) -> str:
        """``202403/t20240328_1234567.html`` below the column it is listed in first."""
        day = article.date.replace("-", "")
        home = self._home(article) if "column" in article.facts else column
        twin = "_wap" if article.pretends == "wap_twin" else ""
        return f"/{home.slug}/{day[:6]}/t{day}_{article.number}{twin}.{self._file()[1]}"

    def listing(self, column: Column, page: int) -> str:
        """Relative links; no title attribute where titles are cut."""
        items = []
        for article in self.on_page(column, page):
            link = self.link_of(column, article)
            here = f"/{column.slug}/"
            href = f"./{link.removeprefix(here)}" if link.startswith(here) else link
            cut = "cut_titles" in self.site.look
            title = "" if cut else f' title="{article.title}"'
            shown = self.shown_title(article)
            items.append(
                f'<li><a href="{href}" target="_blank"{title}>{shown}</a>'
                f"<span>{article.date}</span></li>"
            )
        name, extension = self._file()
        call = self.site.look.get("pager", "createPageHTML")
        pager = f'{call}({self.page_count(column)}, {page - 1}, "{name}", "{extension}");'
        script = f'<div class="page"><script language="JavaScript">{pager}</script></div>'
        return f'<ul class="gl-list">{"".join(items)}</ul>\n{script}'

    def body(self, article: Article) -> str:
        """Indented paragraphs; first-level headings in bold."""
        return "\n".join(
            _STYLES[kind].format(
                f"<strong>{line}</strong>" if line[1:2] == "、" and len(line) < 30 else line
            )
            for kind, line in self.lines(article)
        )

    def _file(self) -> tuple[str, str]:
        return self.site.look.get("index", "index"), self.site.look.get("extension", "html")
