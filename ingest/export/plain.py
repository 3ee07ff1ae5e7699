"""The two text formats: CSV (RFC 4180, UTF-8) and JSON Lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TextIO

from ingest.export.table import Row, Table


class CsvWriter:
    """Null is an empty cell; times are ISO 8601; numbers are as the database has them."""

    def __init__(self, out: TextIO, table: Table) -> None:
        self._out = out
        self._rows = csv.writer(out, lineterminator="\n")
        self._rows.writerow([column.name for column in table.columns])

    def write(self, rows: Sequence[Row]) -> None:
        """The next rows."""
        self._rows.writerows([_text(value) for value in row] for row in rows)

    def close(self) -> None:
        """Hand on what is still held back."""
        self._out.flush()

    def abandon(self) -> None:
        """Nothing is open here."""


class JsonLinesWriter:
    """An object a line, every column in every object."""

    def __init__(self, out: TextIO, table: Table) -> None:
        self._out = out
        self._names = [column.name for column in table.columns]

    def write(self, rows: Sequence[Row]) -> None:
        """The next rows."""
        for row in rows:
            values = {name: _json(value) for name, value in zip(self._names, row, strict=True)}
            self._out.write(json.dumps(values, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Hand on what is still held back."""
        self._out.flush()

    def abandon(self) -> None:
        """Nothing is open here."""


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date | datetime) else value


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
