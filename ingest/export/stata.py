"""Stata (.dta, format 118: Stata 14 and later, UTF-8), written row by row.

The format is StataCorp's, https://www.stata.com/help.cgi?dta_118. Libraries that write it want the
whole table in memory; this one keeps one batch. What Stata does not have: a null text is an
empty one, and moments are on China's clocks, for %tc knows no zone.
"""

from __future__ import annotations

import shutil
import struct
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import IO, Any

from ingest.export.errors import ExportError
from ingest.export.table import Column, Kind, Row, Table

LONGEST_FIXED = 2045
"""Bytes of a str#; longer texts are strL."""
STRL, DOUBLE = 32768, 65526
MISSING = struct.pack("<Q", 0x7FE0000000000000)
NO_TEXT = bytes(8)
EPOCH = date(1960, 1, 1)
CHINA = timezone(timedelta(hours=8))
EPOCH_MOMENT = datetime(1960, 1, 1, tzinfo=CHINA)
FORMATS = {Kind.DAY: "%td", Kind.MOMENT: "%tc", Kind.TEXT: "%-20s"}
PARTS = (
    *("stata_dta", "map", "variable_types", "varnames", "sortlist", "formats"),
    *("value_label_names", "variable_labels", "characteristics", "data", "strls"),
)


class StataWriter:
    """Column names must be Stata's: letters, digits and _, at most 32."""

    def __init__(self, path: Path, table: Table) -> None:
        if bad := [c.name for c in table.columns if len(c.name) > 32 or not c.name.isidentifier()]:
            raise ExportError(f"Stata allows no variable named {bad[0]}: choose another format")
        self._columns = table.columns
        self._types = [_type(column) for column in table.columns]
        self._pack = [_packer(column) for column in table.columns]
        self._places: dict[str, int] = {}
        self._count = 0
        self._file = path.open("wb")
        # It lives as long as the writer.
        self._long: IO[bytes] = tempfile.TemporaryFile(dir=path.parent)  # noqa: SIM115
        self._head(table)

    def write(self, rows: Sequence[Row]) -> None:
        """The next rows."""
        chunks: list[bytes] = []
        for row in rows:
            self._count += 1
            for place, value in enumerate(row):
                kind = self._types[place]
                if kind == STRL:
                    chunks.append(self._linked(place + 1, value))
                else:
                    chunks.append(self._pack[place](value))
        self._file.write(b"".join(chunks))

    def close(self) -> None:
        """The long texts, and what only now is known: the number of rows, and where parts begin."""
        self._file.write(b"</data>")
        self._begin("strls")
        self._long.seek(0)
        shutil.copyfileobj(self._long, self._file)
        self._long.close()
        self._file.write(b"</strls>")
        labels = self._file.tell()
        self._file.write(b"<value_labels></value_labels>")
        end = self._file.tell()
        self._file.write(b"</stata_dta>")
        places = [*(self._places[part] for part in PARTS), labels, end, self._file.tell()]
        self._file.seek(self._places["map"] + len("<map>"))
        self._file.write(struct.pack("<14Q", *places))
        self._file.seek(self._count_at)
        self._file.write(struct.pack("<Q", self._count))
        self._file.close()

    def abandon(self) -> None:
        """Let go of both files."""
        self._file.close()
        self._long.close()

    def _head(self, table: Table) -> None:
        self._begin("stata_dta")
        self._file.write(b"<header><release>118</release><byteorder>LSF</byteorder><K>")
        self._file.write(struct.pack("<H", len(self._columns)) + b"</K><N>")
        self._count_at = self._file.tell()
        label = _cut(table.meaning, 320)
        self._file.write(bytes(8) + b"</N><label>" + struct.pack("<H", len(label)) + label)
        self._file.write(b"</label><timestamp>\x00</timestamp></header>")
        self._part("map", bytes(14 * 8))
        self._part("variable_types", struct.pack(f"<{len(self._types)}H", *self._types))
        self._part("varnames", b"".join(_padded(c.name, 129) for c in self._columns))
        self._part("sortlist", bytes(2 * (len(self._columns) + 1)))
        formats = (FORMATS.get(column.kind, "%12.0g") for column in self._columns)
        self._part("formats", b"".join(_padded(text, 57) for text in formats))
        self._part("value_label_names", bytes(129 * len(self._columns)))
        self._part("variable_labels", b"".join(_padded(c.meaning, 321) for c in self._columns))
        self._part("characteristics", b"")
        self._begin("data")

    def _begin(self, part: str) -> None:
        self._places[part] = self._file.tell()
        self._file.write(f"<{part}>".encode())

    def _part(self, part: str, content: bytes) -> None:
        self._begin(part)
        self._file.write(content + f"</{part}>".encode())

    def _linked(self, variable: int, text: str | None) -> bytes:
        """The reference to a long text, which goes to the end of the file."""
        if not text:
            return NO_TEXT
        content = text.encode("utf-8", "replace") + b"\x00"
        head = struct.pack("<3sIQBI", b"GSO", variable, self._count, 130, len(content))
        self._long.write(head + content)
        return struct.pack("<H", variable) + struct.pack("<Q", self._count)[:6]


def _type(column: Column) -> int:
    if column.kind is not Kind.TEXT:
        return DOUBLE
    return max(column.bytes, 1) if column.bytes <= LONGEST_FIXED else STRL


def _packer(column: Column) -> Callable[[Any], bytes]:
    if column.kind is Kind.TEXT:
        width = max(column.bytes, 1)
        return lambda value: _fixed(column.name, value, width)
    number: Callable[[Any], float] = {
        Kind.DAY: lambda value: (value - EPOCH).days,
        Kind.MOMENT: lambda value: (value - EPOCH_MOMENT) / timedelta(milliseconds=1),
    }.get(column.kind, float)
    return lambda value: MISSING if value is None else struct.pack("<d", number(value))


def _fixed(name: str, text: str | None, width: int) -> bytes:
    content = (text or "").encode("utf-8", "replace")
    if len(content) > width:
        raise ExportError(f"{name} has a text of {len(content)} bytes where {width} were measured")
    return content.ljust(width, b"\x00")


def _padded(text: str, size: int) -> bytes:
    return _cut(text, size - 1).ljust(size, b"\x00")


def _cut(text: str, size: int) -> bytes:
    """At most ``size`` bytes, and no half character."""
    return text.encode()[:size].decode(errors="ignore").encode()
