"""Files that are no web pages give the same record as the page would, or say why they cannot."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from files_of_each_kind import (
    OLE_MARK,
    doc_file,
    docx_file,
    ofd_file,
    pdf_file,
    pdf_pages,
    xlsx_file,
    zip_file,
)

import ingest.documents
from ingest.documents import NotReadableError, document_text, sniff
from ingest.extract import extract
from ingest.records import Verdict

REPORT = (
    "云岭县司法局2024年法治政府建设年度报告",
    "2024年，云岭县司法局扎实推进法治政府建设。现将有关情况报告如下：",
    "一、主要举措和成效",
    "全年审查行政规范性文件12件，办理行政复议案件38件。",
    "二、存在的不足",
    "基层法治力量仍显薄弱。",
    "三、2025年工作安排",
    "加强队伍建设，提升执法水平。",
    "云岭县司法局",
    "2025年1月20日",
)
BUILDERS = {
    "docx": lambda: docx_file(REPORT),
    "pdf": lambda: pdf_file(REPORT),
    "ofd": lambda: ofd_file([REPORT[:5], REPORT[5:]]),
    "xlsx": lambda: xlsx_file([[line] for line in REPORT]),
    "doc": lambda: doc_file("\r".join(REPORT) + "\r", pieces=3),
}


@pytest.mark.parametrize("kind", BUILDERS)
def test_a_report_in_a_file_is_read_like_one_on_a_page(kind: str) -> None:
    record = extract(BUILDERS[kind](), name=f"report.{kind}")
    assert (record.verdict, record.title) == (Verdict.REPORT, REPORT[0])
    assert record.body == "\n".join(REPORT[1:])
    assert record.signed_on == "2025-01-20"
    assert [section.heading for section in record.sections if section.level == 1] == [
        "主要举措和成效",
        "存在的不足",
        "2025年工作安排",
    ]


@pytest.mark.parametrize("kind", BUILDERS)
def test_the_format_is_told_by_the_first_bytes_not_by_the_name(kind: str) -> None:
    record = extract(BUILDERS[kind](), name="report.html", media_type="text/html")
    assert record.verdict is Verdict.REPORT


def test_the_numbers_that_word_writes_by_itself_are_printed() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    levels = (
        ("chineseCountingThousand", "%1、"),
        ("japaneseCounting", "（%2）"),
        ("decimal", "%3."),
    )
    lines = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for n, (style, text) in enumerate(levels)
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {space} w:abstractNumId="77">{lines}</w:abstractNum>')
    )
    numbering.append(
        parse_xml(f'<w:num {space} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    told = [
        (0, "主要工作"),
        (1, "决策"),
        (2, "审查"),
        (2, "备案"),
        (1, "执法"),
        (2, "评查"),
        (0, "问题"),
    ]
    for level, text in told:
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {space}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
        )
    document.add_paragraph("没有编号。")
    file = io.BytesIO()
    document.save(file)
    assert document_text(file.getvalue()).split("\n") == [
        *(
            "一、主要工作",
            "（一）决策",
            "1.审查",
            "2.备案",
            "（二）执法",
            "1.评查",
            "二、问题",
            "没有编号。",
        ),
    ]


def test_a_row_of_a_table_in_a_docx_is_one_line() -> None:
    content = docx_file(["下表为全年数据。"], [["行政复议案件", "38件"], ["行政应诉案件", "9件"]])
    assert document_text(content).split("\n") == [
        "下表为全年数据。",
        "行政复议案件\t38件",
        "行政应诉案件\t9件",
    ]


def test_pages_of_an_ofd_come_in_the_order_of_their_numbers() -> None:
    pages = [[f"第{number}页有一句完整的话。"] for number in range(12)]
    assert document_text(ofd_file(pages)).split("\n") == [page[0] for page in pages]


def test_lines_of_a_pdf_that_the_width_of_the_page_broke_are_joined() -> None:
    full = "全县各级行政机关坚持依法行政扎实推进法治政府建"
    assert document_text(pdf_file([full, "设。", "另起一段。"])) == full + "设。\n另起一段。"


WIDE = "全县依法行政工作扎实推进各项任务全面完成法治政府建设迈出坚实步伐群众满意度稳步提升。各部门"
"""A full line: 46 characters."""


def printed(*lines: tuple[int, str]) -> list[tuple[float, float, str]]:
    """A page: (indent in characters, text) line by line, from the top down."""
    return [(60 + 10 * indent, 770 - 18 * number, t) for number, (indent, t) in enumerate(lines)]


def test_a_pdf_s_paragraph_begins_with_an_indent_and_goes_on_over_pages() -> None:
    first = [(2, WIDE[2:]), (0, WIDE), (0, "结束。"), (2, "一、主要举措"), (2, WIDE[2:])]
    second = [(0, WIDE[:-6]), (0, "98.2%，"), (2, "二、存在问题")]
    foot = (290.0, 40.0, "— 1 —"), (290.0, 40.0, "— 2 —")
    head = (200.0, 815.0, "云岭县人民政府文件")
    pages = [[head, *printed(*lines), foot[page]] for page, lines in enumerate((first, second))]
    assert document_text(pdf_pages(pages)).split("\n") == [
        f"{WIDE[2:]}{WIDE}结束。",
        "一、主要举措",
        f"{WIDE[2:]}{WIDE[:-6]}98.2%，",
        "二、存在问题",
    ]


def test_paragraphs_of_a_pdf_may_be_set_apart_by_space_alone() -> None:
    one, two, three = (WIDE.replace("全县", place) for place in ("全省", "全市", "全区"))
    lines = [(60.0, 770.0, one), (60.0, 752.0, two), (60.0, 720.0, three), (60.0, 702.0, "终。")]
    assert document_text(pdf_pages([lines])).split("\n") == [one + two, f"{three}终。"]


def test_page_numbers_of_a_pdf_are_no_text() -> None:
    assert document_text(pdf_file(["正文第一句话写在这里。", "— 1 —"])) == "正文第一句话写在这里。"


def test_the_pieces_of_a_doc_file_are_put_in_order_and_fields_show_what_they_show() -> None:
    text = "第一段。\rPLAIN LATIN\r甲\x07乙\x07\x07\x13 HYPERLINK a \x14某县\x15报告。\r"
    for pieces in (1, 2, 7):
        lines = document_text(doc_file(text, pieces=pieces)).split("\n")
        assert lines == ["第一段。", "PLAIN LATIN", "甲\t乙", "某县报告。", ""]


@pytest.mark.parametrize(("flags", "why"), [(0x0300, "encrypted"), (0x0000, "file not found")])
def test_a_doc_file_that_cannot_be_read_says_why(flags: int, why: str) -> None:
    with pytest.raises(NotReadableError, match=why):
        document_text(doc_file("全县依法行政。", flags=flags))


def test_a_doc_file_that_is_none_is_unreadable_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    record = extract(OLE_MARK + b"\0" * 600, name="report.doc")
    assert record.verdict is Verdict.UNREADABLE
    assert record.verdict_reason.startswith("doc_needs_converter: ")
    assert record.verdict_reason.endswith("antiword or catdoc, installed, may read it")


def test_a_doc_file_is_read_by_a_converter_that_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    converter = tmp_path / "antiword"
    text = "\n".join(REPORT)
    converter.write_text(
        f"#!{sys.executable}\nimport sys\nsys.stdin.buffer.read()\n"
        f"sys.stdout.buffer.write({text.encode()!r})\n"
    )
    converter.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert extract(OLE_MARK + b"\0" * 600, name="report.doc").title == REPORT[0]


def test_a_converter_that_fails_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    converter = tmp_path / "catdoc"
    converter.write_text(f"#!{sys.executable}\nprint('no document')\nraise SystemExit(1)\n")
    converter.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotReadableError, match="doc_needs_converter"):
        document_text(OLE_MARK)


@pytest.mark.parametrize("kind", BUILDERS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_damaged_file_is_unreadable_or_read_in_part_but_never_raises(
    kind: str, share: float
) -> None:
    whole = BUILDERS[kind]()
    record = extract(whole[: int(len(whole) * share)], name=f"cut.{kind}")
    assert record.verdict in set(Verdict)
    if kind not in {"pdf", "doc"} or share < 0.9:
        assert (record.verdict, record.body) == (Verdict.UNREADABLE, None)
        assert record.verdict_reason.startswith(("damaged_", "doc_needs_converter"))


def test_a_scanned_pdf_says_that_its_pages_need_character_recognition() -> None:
    record = extract(pdf_file([""]), name="scan.pdf")
    assert record.verdict_reason.startswith("pdf_without_text")


def test_an_archive_of_another_kind_is_unreadable() -> None:
    record = extract(zip_file({"readme.txt": "hello"}), name="files.zip")
    assert record.verdict_reason.startswith("unknown_archive")


def test_a_member_that_unpacks_to_far_too_much_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ingest.documents, "LARGEST_MEMBER", 1000)
    record = extract(docx_file(REPORT), name="bomb.docx")
    assert record.verdict_reason.startswith("archive_bomb")


def test_an_entity_bomb_in_an_ofd_is_unreadable() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    content = zip_file(
        {"OFD.xml": "<OFD/>", "Doc_0/Pages/Page_0/Content.xml": f"{bomb}]><x>&j;</x>"}
    )
    record = extract(content, name="bomb.ofd")
    assert record.verdict is Verdict.UNREADABLE


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\r\n%PDF-1.7", "pdf"),
        (b"PK\x03\x04rest", "zip"),
        (OLE_MARK, "doc"),
        (b"<html>", "text"),
        (b"", "text"),
    ],
)
def test_the_first_bytes_name_the_format(content: bytes, kind: str) -> None:
    assert sniff(content) == kind
