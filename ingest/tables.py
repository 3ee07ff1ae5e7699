"""Index tables (信息公开目录表): labels and values that stand in cells or lines of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ingest.lines import Item
from ingest.prose import is_sentence
from ingest.reader import Reader
from ingest.rules import LineRule
from ingest.shapes import EMPTY

LONGEST_LINE = 200
"""Characters; a longer line after a label is text that follows it by chance."""
LONGEST_CELL = 1000
"""Characters of a value in a table, such as the summary of a document."""


class Cell(Protocol):
    """A line of the page that may be a table cell: its text, and its row (-1: in no table)."""

    @property
    def text(self) -> str: ...
    @property
    def row(self) -> int: ...


def read_table(cells: Sequence[Cell], index: int, reader: Reader) -> tuple[list[Item], int] | None:
    """The facts that begin at a label without a value, and the index where the page goes on.

    Two shapes: label and value in turn; or a row of labels over a row of values. None if the cell
    at ``index`` is no label.
    """
    labels = _labels(cells, index, reader)
    if not labels:
        return None
    end = index + 2 * len(labels)
    values = cells[index + len(labels) : end]
    if len(labels) > 1 and _is_row_below(values, len(labels), cells[index].row):
        pairs = zip(labels, cells[index : index + len(labels)], values, strict=True)
        return [_item(rule, label.text, value.text) for rule, label, value in pairs], end
    label = cells[index]
    following = cells[index + 1] if index + 1 < len(cells) else None
    if following is None or not _is_value(following, label, reader):
        return [_item(labels[0], label.text, "")], index + 1
    return [_item(labels[0], label.text, following.text)], index + 2


def _labels(cells: Sequence[Cell], index: int, reader: Reader) -> list[LineRule]:
    """The labels that stand side by side from ``index`` on (outside a table: at most one)."""
    labels: list[LineRule] = []
    row = cells[index].row
    for at in range(index, len(cells)):
        cell = cells[at]
        rule = reader.label(cell.text)
        if rule is None or cell.row != row:
            break
        labels.append(rule)
        if cell.row < 0:
            break
    return labels


def _is_row_below(values: Sequence[Cell], count: int, above: int) -> bool:
    rows = {value.row for value in values}
    return len(values) == count and len(rows) == 1 and above >= 0 and rows != {above}


def _is_value(cell: Cell, label: Cell, reader: Reader) -> bool:
    """Whether a line is the value of the label before it; below a table may stand a paragraph."""
    if cell.row != label.row or reader.label(cell.text) is not None:
        return False
    if cell.row < 0 and (is_sentence(cell.text) or cell.text.endswith(("：", ":"))):
        return False
    longest = LONGEST_LINE if cell.row < 0 else LONGEST_CELL
    in_line = reader.read(cell.text)
    return len(cell.text) <= longest and not any(item.value for item in in_line if item.rule.names)


def _item(rule: LineRule, label: str, value: str) -> Item:
    printed = value.strip()
    return Item(rule, label, None if printed in EMPTY else printed, 0, 0)
