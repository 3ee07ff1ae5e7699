"""Index tables: labels and values in cells, rows or lines of their own."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.lines import load_reader
from ingest.tables import read_table

READER = load_reader()


@dataclass(frozen=True)
class Cell:
    text: str
    row: int = -1


def table(*cells: Cell) -> list[tuple[str, str | None]]:
    """All facts read from the cells, one label after the other."""
    facts: list[tuple[str, str | None]] = []
    index = 0
    while index < len(cells):
        found = read_table(cells, index, READER)
        if found is None:
            index += 1
            continue
        items, index = found
        facts += [(item.rule.id, item.value) for item in items]
    return facts


def test_labels_and_values_take_turns_in_a_row() -> None:
    assert table(
        Cell("索 引 号", 1), Cell("900121/2025-001", 1), Cell("主题分类", 1), Cell("司法", 1)
    ) == [("index-number", "900121/2025-001"), ("subject", "司法")]


def test_a_row_of_labels_stands_over_a_row_of_values() -> None:
    assert table(
        Cell("索引号", 1), Cell("发布机构", 1), Cell("文号", 1),
        Cell("900121/2025-001", 2), Cell("云岭县人民政府", 2), Cell("", 2),
    ) == [
        ("index-number", "900121/2025-001"),
        ("table-issuer", "云岭县人民政府"),
        ("document-number", None),
    ]  # fmt: skip


def test_an_empty_cell_is_an_empty_value_and_does_not_shift_the_rest() -> None:
    assert table(Cell("发文字号", 1), Cell("", 1), Cell("公开日期", 1), Cell("2025-03-28", 1)) == [
        ("document-number", None),
        ("published-at", "2025-03-28"),
    ]


def test_values_may_stand_in_lines_below_their_labels() -> None:
    assert table(
        Cell("索引号:"), Cell("900121/2025-001"), Cell("主题分类:"), Cell("来源:"),
        Cell("发文机构:"), Cell("云岭县人民政府"),
    ) == [
        ("index-number", "900121/2025-001"),
        ("subject", None),
        ("source", None),
        ("table-issuer", "云岭县人民政府"),
    ]  # fmt: skip


def test_a_label_followed_by_text_of_another_row_has_no_value() -> None:
    assert table(Cell("文号", 1), Cell("2024年，云岭县推进依法行政。", 2)) == [
        ("document-number", None)
    ]


def test_a_label_followed_by_a_whole_paragraph_has_no_value() -> None:
    assert table(Cell("内容概述："), Cell("全县扎实推进法治政府建设。" * 20)) == [
        ("table-rest", None)
    ]


def test_a_cell_that_is_no_label_begins_no_table() -> None:
    assert read_table([Cell("云岭县人民政府", 1)], 0, READER) is None
