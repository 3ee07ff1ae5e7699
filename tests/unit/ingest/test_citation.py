"""Citations in the forms that reference managers read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

from ingest.citation import STYLES, Citation, bibtex, csl_json, ris

CITED = Citation(
    report_id=7,
    version_number=2,
    issuer="清河县人民政府",
    title="清河县2024年法治政府建设报告{100%_}",
    report_year=2024,
    published_at=date(2025, 3, 9),
    url="http://www.qinghe.gov.test/a_1.html",
    sha256="ab" * 32,
    captured_at=datetime(2025, 3, 10, 23, 30, tzinfo=UTC),
    text="the line",
)
BARE = replace(CITED, issuer=None, title=None, report_year=None, published_at=None, url=None)


def test_bibtex_keeps_the_issuer_whole_and_escapes_what_tex_would_read() -> None:
    lines = bibtex(CITED).splitlines()
    assert lines[0] == "@online{fazhi-7-v2,"
    assert "  author = {{清河县人民政府}}," in lines
    assert r"  title = {清河县2024年法治政府建设报告\{100\%\_\}}," in lines
    assert "  url = {http://www.qinghe.gov.test/a_1.html}," in lines
    assert lines[-1] == "}"


def test_a_brace_in_an_address_does_not_end_the_field() -> None:
    cited = replace(CITED, url="http://www.qinghe.gov.test/a?x={1}")
    assert "  url = {http://www.qinghe.gov.test/a?x=%7B1%7D}," in bibtex(cited).splitlines()


def test_ris_begins_with_its_type_and_ends_its_record() -> None:
    lines = ris(CITED).splitlines()
    assert (lines[0], lines[-1]) == ("TY  - GOVDOC", "ER  - ")
    assert "DA  - 2025/03/09" in lines
    assert "Y2  - 2025/03/10" in lines


def test_csl_json_is_one_item_with_dates_in_parts() -> None:
    [item] = json.loads(csl_json(CITED))
    assert item["issued"] == {"date-parts": [[2025, 3, 9]]}
    assert item["note"].endswith("captured 2025-03-10T23:30:00Z, sha256 " + "ab" * 32)


def test_what_a_document_does_not_say_is_left_out() -> None:
    [item] = json.loads(csl_json(BARE))
    assert {"author", "issued", "URL"}.isdisjoint(item)
    assert "[untitled]" in bibtex(BARE)
    assert "author" not in bibtex(BARE)
    assert "UR  -" not in ris(BARE)


def test_every_style_has_a_name() -> None:
    assert set(STYLES) == {"text", "bibtex", "ris", "csl-json"}
    assert STYLES["text"](CITED) == "the line"
