"""The document's own title, chosen from all that a page calls its article."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from ingest.blocks import Block
from ingest.page import Page
from ingest.pieces import Cleaned, Place
from ingest.prose import is_numbered
from ingest.shapes import squeeze

LONGEST = 120
"""Characters; a longer line is no title."""
REACH = 60
"""Lines above the article in which its headline is looked for."""

_SENTENCE = re.compile(r"[。；;]|[：:]$|如下|现将|[，,].*[，,]")
_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd)$", re.IGNORECASE)
"""The ending of a title that is the name of the file it links to."""
_LEAD = re.compile(r"^(?:【[^】]{1,20}】|\[[^\]]{1,20}\]|[（(]公开[）)])\s*")
_SEAM = re.compile(r"(?<!\s)\s*+(?:(?<!\d)-+|-+(?!\d)|[_|｜—–>»]+)\s*")
_YEAR = re.compile(r"20\d\d|二[〇○零]")
_SITE = re.compile(r"(?:网站?|门户|平台|栏目|专栏|频道|公开|目录|首页)$")
"""A part of a <title> that names the site or the column, not the document: 某县政府信息公开网."""

_DOCUMENT = re.compile(
    r"20\d\d|二[〇○零]|关于|《|(?:报告|总结|方案|要点|通知|公告|公示|解读|问答|答复|意见|规划|计划|纲要|办法"
    r"|规定|会|会议)$"
)

T = TypeVar("T")
JudgeTitle = Callable[[str], str]
"""Says "report", "near_miss" or "unknown" of a title."""


@dataclass(frozen=True, slots=True)
class Chosen(Generic[T]):
    """A value and the evidence that decided; the value is None when nothing did."""

    value: T | None
    why: str


class Candidate(NamedTuple):
    """A title and where it stands; ``declared`` if it names the whole page's article."""

    text: str
    where: str
    declared: bool = False


def is_sentence(text: str) -> bool:
    """Whether a line is running text or a numbered heading rather than a title."""
    if len(text) > LONGEST or "。" in text or is_numbered(text):
        return True
    return _SENTENCE.search(text) is not None


def page_titles(page: Page) -> list[Candidate]:
    """What the page calls its article outside of it, most trusted first."""
    found = [
        Candidate(page.metas[name], f"meta {name}", declared=True)
        for name in ("articletitle", "script title", "og:title", "title")
        if name in page.metas
    ]
    found += [Candidate(text, "headline", declared=True) for text in _headlines(page)]
    if page.title:
        parts = _SEAM.split(page.title)
        longest = _without_site(max(parts, key=len))
        found.append(Candidate(longest, "title element", declared=True))
        if not all(part == longest or _SITE.search(part) for part in parts if part):
            found.append(Candidate(page.title, "title element"))
    return [candidate for candidate in found if 4 <= len(candidate.text) <= LONGEST]


def _without_site(text: str) -> str:
    """A title without the site's and the column's name set before it with a space."""
    words = text.split()
    while len(words) > 1 and _SITE.search(words[0]):
        del words[0]
    return " ".join(words) if len(words) < len(text.split()) else text


def choose_title(
    page: Page,
    cleaned: Cleaned,
    table_title: str | None,
    judge: JudgeTitle,
    declared: Sequence[Candidate] | None = None,
) -> Chosen[str]:
    """The document's own title: in the article, the index table, meta tags, the headline.

    A report's title in the article gives way to a page that calls itself something else, such as
    the explanation of a report, which quotes the title. ``declared`` are the page's titles, where
    they are known already.
    """
    candidates = [Candidate(title, "the article") for title in _own_titles(cleaned)]
    if table_title:
        candidates.append(Candidate(table_title, "index table"))
    declared = page_titles(page) if declared is None else declared
    candidates += declared
    miss = next((c for c in declared if _says_near_miss(c.text, judge)), None)
    report = next((c for c in candidates if judge(c.text) == "report"), None)
    if report is None:
        lines = list(_lines_above(page))
        candidates += lines
        report = next((c for c in lines if judge(c.text) == "report"), None)
    if miss is not None and not (report is not None and report.declared):
        return Chosen(miss.text, miss.where)
    if miss is not None and report is not None and _quotes(miss, report):
        return Chosen(miss.text, miss.where)
    if report is not None:
        whole = _LEAD.sub("", report.text)
        return Chosen(whole if judge(whole) == "report" else report.text, report.where)
    rest = [c for c in candidates if judge(c.text) == "near_miss"] or candidates
    named = [c for c in rest if c.where != "line above the article"] or rest[:0]
    return Chosen(named[0].text, named[0].where) if named else Chosen(None, "no title on the page")


def _says_near_miss(title: str, judge: JudgeTitle) -> bool:
    """A near miss by a title that names a document, and not a column such as 政府信息公开."""
    return _DOCUMENT.search(squeeze(title)) is not None and judge(title) == "near_miss"


def _quotes(miss: Candidate, report: Candidate) -> bool:
    """Whether a headline holds what a part of the <title> says, and more: 一图读懂 | 某县…报告."""
    parted = report.where == "title element" and miss.where != "title element"
    return parted and squeeze(report.text) in squeeze(miss.text)


def _own_titles(cleaned: Cleaned) -> list[str]:
    """Titles printed in the article above its body, those with a year first: a column has none."""
    titles: list[str] = []
    for piece in cleaned.pieces:
        if piece.place is Place.BODY:
            break
        if piece.place is Place.FIELD and piece.name == "title" and piece.value:
            titles.append(_FILE.sub("", piece.value))
    return sorted(titles, key=lambda title: _YEAR.search(title) is None)


def _headlines(page: Page) -> list[str]:
    """Headings right above the article, nearest first; one broken over lines is put together."""
    above = page.blocks[max(0, page.start - REACH) : page.start]
    headings: list[list[Block]] = []
    for block in above:
        if block.tag not in {"h1", "h2", "h3"}:
            continue
        if headings and headings[-1][-1].element == block.element:
            headings[-1].append(block)
        else:
            headings.append([block])
    return ["".join(block.text for block in heading) for heading in reversed(headings)]


def _lines_above(page: Page) -> Iterator[Candidate]:
    for block in reversed(page.blocks[max(0, page.start - REACH) : page.start]):
        if not block.linked and not is_sentence(block.text):
            yield Candidate(block.text, "line above the article")
