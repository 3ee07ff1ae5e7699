"""Excel (.xlsx), written row by row; a second sheet explains the columns.

Excel holds 1,048,576 rows a sheet and 32,767 characters a cell
(https://support.microsoft.com/office/excel-specifications-and-limits). A longer text goes on in
further columns (body, body_2 ...); more rows are refused, for nothing may be left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import xlsxwriter

from ingest.export.errors import ExportError
from ingest.export.table import Column, Kind, Row, Table

MOST_ROWS = 1_048_576
LONGEST_CELL = 32_000
"""Below 32,767, for Excel counts a rare character twice."""
CHINA = timezone(timedelta(hours=8))
"""Excel knows no time zones; moments are given on China's clocks."""


class ExcelWriter:
    """Strings stay strings: no cell becomes a formula or a link."""

    def __init__(self, path: Path, table: Table) -> None:
        options = {
            "constant_memory": True,
            "tmpdir": str(path.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        }
        self._book = xlsxwriter.Workbook(str(path), options)
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._table = table
        self._parts = [parts_of(column) for column in table.columns]
        self._explain()
        self._sheet = self._book.add_worksheet(table.name[:31])
        self._sheet.freeze_panes(1, 0)
        names = [
            name
            for column, parts in zip(table.columns, self._parts, strict=True)
            for name in _names(column.name, parts)
        ]
        self._sheet.write_row(0, 0, names)
        self._next = 1
        self._sheet.activate()

    def write(self, rows: Sequence[Row]) -> None:
        """The next rows. Errors: ExportError when a sheet cannot hold them."""
        if self._next + len(rows) > MOST_ROWS:
            raise ExportError(
                f"an Excel sheet holds {MOST_ROWS - 1:,} rows and the export has more: filter it "
                "by --year or --region, or choose csv, jsonl, parquet or dta"
            )
        for row in rows:
            for place, value in enumerate(self._cells(row)):
                if value is not None:
                    self._cell(place, value)
            self._next += 1

    def close(self) -> None:
        """Put the workbook together."""
        self._book.close()

    def abandon(self) -> None:
        """Nothing is put together."""
        self._book.fileclosed = True

    def _cells(self, row: Row) -> Iterator[Any]:
        for column, parts, value in zip(self._table.columns, self._parts, row, strict=True):
            if column.kind is Kind.TEXT:
                yield from _pieces(value, parts)
            else:
                yield value

    def _cell(self, place: int, value: Any) -> None:
        sheet, row = self._sheet, self._next
        if isinstance(value, bool):
            sheet.write_boolean(row, place, value)
        elif isinstance(value, str):
            sheet.write_string(row, place, value)
        elif isinstance(value, datetime):
            local = value.astimezone(CHINA if value.tzinfo else UTC).replace(tzinfo=None)
            sheet.write_datetime(row, place, local, self._moment)
        elif isinstance(value, date):
            sheet.write_datetime(row, place, value)
        else:
            sheet.write_number(row, place, float(value))

    def _explain(self) -> None:
        sheet = self._book.add_worksheet("dictionary")
        sheet.write_row(0, 0, ["column", "kind", "meaning"])
        for line, column in enumerate(self._table.columns, start=1):
            sheet.write_row(line, 0, [column.name, column.kind.value, column.meaning])


def parts_of(column: Column) -> int:
    """In how many cells the longest text of a column goes."""
    return max(1, -(-column.characters // LONGEST_CELL))


def _names(name: str, parts: int) -> list[str]:
    return [name, *(f"{name}_{number}" for number in range(2, parts + 1))]


def _pieces(text: str | None, parts: int) -> list[str | None]:
    if text is None:
        return [None] * parts
    pieces: list[str | None] = [
        text[start : start + LONGEST_CELL] for start in range(0, max(len(text), 1), LONGEST_CELL)
    ]
    return pieces + [None] * (parts - len(pieces))
