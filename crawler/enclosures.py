"""Files that hold the document of which a page is only the cover: a PDF in a viewer, an attachment.

One report in ten is published so. A page that has the text itself is left alone: its file says the
same once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from crawler.families import Page
from crawler.families.addresses import absolute
from crawler.links import Link
from crawler.screening import TitleRules

MOST_SENTENCES = 12
"""Full stops on a page that is a cover: a note has a few, a foot has a few, a report has dozens."""
MOST_FILES = 3
"""Files of one page: a report may come in parts, or in two formats."""
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|wps|ofd)(?=$|[?#&])", re.IGNORECASE)
_ANYWHERE = re.compile(r"\.(?:pdf|docx?|wps|ofd)\b", re.IGNORECASE)
_VIEWER = re.compile(
    r"[?&](?:file|url|src|path)=(?P<file>[^&#]+\.(?:pdf|docx?|wps|ofd))(?=$|[&#])", re.IGNORECASE
)


def enclosed(page: Page, kinds: Sequence[TitleRules]) -> tuple[Link, ...]:
    """The documents that a page is the cover of, with the words that lead to each; mostly none.

    What a frame shows is the document. Of several links those count that bear a report's name;
    a single one may be called anything (附件, 点击下载).
    """
    if page.text.count("。") > MOST_SENTENCES or not _ANYWHERE.search(page.text):
        return ()
    shown = tuple(dict.fromkeys(_shown(page)))
    if shown:
        return shown[:MOST_FILES]
    linked = tuple(dict.fromkeys(_linked(page)))
    if len(linked) == 1:
        return linked
    return tuple(link for link in linked if _is_wanted(link.name, kinds))[:MOST_FILES]


def _shown(page: Page) -> Iterator[Link]:
    for node in page.tree.css("iframe[src], embed[src], object[data]"):
        source = node.attributes.get("src") or node.attributes.get("data") or ""
        viewer = _VIEWER.search(source)
        path = unquote(viewer["file"]) if viewer else source
        if _DOCUMENT.search(path) and (url := absolute(page, path)):
            yield Link(url, "")


def _linked(page: Page) -> Iterator[Link]:
    for node in page.tree.css("a[href]"):
        href = node.attributes.get("href") or ""
        if _DOCUMENT.search(href) and (url := absolute(page, href)):
            yield Link(url, " ".join(node.text().split()))


def _is_wanted(name: str, kinds: Sequence[TitleRules]) -> bool:
    title = _DOCUMENT.sub("", name).strip()
    return any(rules.screen_entry(title).fetch for rules in kinds)
