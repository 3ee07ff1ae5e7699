"""Whatever a page is made of: no exception, nothing lost, nothing invented, offsets that hold."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.decode import decode
from ingest.extract import Understood, extract, understand
from ingest.page import Page, read_html, read_text
from ingest.pieces import Place
from ingest.records import Record, Verdict, as_json
from ingest.rules import load_line_rules
from ingest.ruleset import Rules
from ingest.shapes import squeeze

RULES = Rules.load()
MANY = settings(
    max_examples=150,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)

TITLES = (
    "云岭县人民政府关于2024年度法治政府建设情况的报告",
    "云岭县司法局2024年法治政府建设年度报告",
)
PHRASES = """\
2024年，云岭县扎实推进法治政府建设。现将有关情况报告如下：|一、主要举措和成效
（一）加强领导。县政府常务会议专题研究法治工作4次。|1.严格审查。全年审查文件12件。
二、存在的问题|一是基层执法力量仍显薄弱；|三、打算（一）补齐短板。选派骨干。（二）抓好落实。
第一，抓学习。|清河市人民政府：|云岭县人民政府|2025年1月20日|二〇二五年一月二十日|2025.1.20
关于2024年度|法治政府建设情况的报告|特此报告。|索引号|文号：|云政发〔2025〕3号|-|公开日期
2025-03-28|来源：|县司法局|，|。|　|　　| |1|：|（|】""".replace("\n", "|").split("|")
WORDS = (*TITLES, *PHRASES, *(text for rule in load_line_rules() for text in rule.matches))
TAGS = (
    *("p", "div", "span", "td", "tr", "table", "li", "ul", "h1", "b", "section", "dl", "dt", "dd"),
    *("a href=./x.pdf", "div id=zoom", "div class=TRS_Editor", "title", "script", "font"),
)

text = st.one_of(
    st.sampled_from(WORDS), st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=12)
)
line = st.lists(text, min_size=1, max_size=4).map("".join)


def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=6)).map(
        lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0].split()[0]}>"
    )


stray = st.sampled_from(
    ("<br>", "</div>", "</html>", "<p>", "<!--", "-->", "<td>", "&nbsp;", "&#12288;", "<", "&")
)
html = st.lists(st.recursive(st.one_of(line, stray), wrapped, max_leaves=30), max_size=12).map(
    lambda parts: "<html><body>" + "".join(parts)
)
plain = st.lists(line, max_size=25).map("\n".join)


def page_of(content: bytes) -> Page:
    content_text = decode(content).text
    return read_html(content_text) if content.startswith(b"<html>") else read_text(content_text)


def letters(text: str) -> Counter[str]:
    return Counter(squeeze(text))


def check_pieces(content: bytes, understood: Understood) -> None:
    """The pieces are the article: no character more, none less."""
    article = "".join(block.text for block in page_of(content).article)
    assert letters("".join(piece.text for piece in understood.pieces)) == letters(article)
    assert all(p.name for p in understood.pieces if p.place is not Place.BODY)
    assert all(p.text.strip() for p in understood.pieces)


def check_record(content: bytes, record: Record) -> None:
    printed = squeeze("".join(block.text for block in page_of(content).blocks))
    for value in (record.addressee, record.document_number, record.index_number, record.source):
        assert value is None or squeeze(value) in printed or letters(value) <= letters(printed)
    assert record.body is None or letters(record.body) <= letters(printed)
    assert [r for r in record.removed if not letters(r.text) <= letters(printed)] == []
    body = record.body or ""
    for section in record.sections:
        assert 0 <= section.start <= section.end <= len(body)
        assert body.startswith(section.number or "", section.start)
    starts = [section.start for section in record.sections]
    assert starts == sorted(starts)
    levels = [0, *(section.level for section in record.sections)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def check(content: bytes) -> None:
    understood = understand(content, name="x", rules=RULES)
    record = understood.record
    if understood.pieces:
        check_pieces(content, understood)
    if record.verdict is Verdict.REPORT:
        check_record(content, record)
    plain_record: Any = json.loads(json.dumps(as_json(record), ensure_ascii=False))
    assert plain_record["verdict"] == record.verdict.value


@MANY
@given(html)
@example(f"<html><body><h1>{TITLES[0]}</h1><div id=zoom>{''.join(f'<p>{p}' for p in PHRASES)}")
@example("<html><body><table><tr><td>索引号<td>文号<tr><td>1<td>-</table><p>" + PHRASES[2])
def test_a_page_of_anything(page: str) -> None:
    check(page.encode("utf-8", "replace"))


@MANY
@given(plain)
@example("\n".join((TITLES[0], *PHRASES)))
def test_a_text_of_anything(page: str) -> None:
    if "<" not in page:
        check(page.encode())


@MANY
@given(st.binary(max_size=300))
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00\xd8")
@example(b"\x00\x00\xfe\xff\x00\x11\x00\x00")
@example(b"PK\x03\x04")
@example(b"%PDF-1.4")
def test_any_bytes(content: bytes) -> None:
    assert extract(content, name="x", rules=RULES).verdict in set(Verdict)


@MANY
@given(html, st.sampled_from(["gb18030", "utf-16", "utf-8-sig"]))
def test_the_charset_changes_nothing(page: str, charset: str) -> None:
    try:
        content = page.encode(charset)
    except UnicodeEncodeError:
        return
    if decode(content).text == page:  # a page of next to no text may look like another charset
        assert extract(content, name="x", rules=RULES) == extract(
            page.encode(), name="x", rules=RULES
        )


@MANY
@given(html)
def test_the_same_page_gives_the_same_record(page: str) -> None:
    content = page.encode("utf-8", "replace")
    assert extract(content, name="x", rules=RULES) == extract(content, name="x", rules=RULES)
