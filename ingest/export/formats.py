"""The formats by name, and what each needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ingest.export.errors import ExportError
from ingest.export.plain import CsvWriter, JsonLinesWriter
from ingest.export.table import Column, Kind, Table, Writer

SUFFIXES = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".dta": "dta",
    ".warc": "warc",
    ".gz": "warc",
}
TEXT_FORMATS: dict[str, Callable[[TextIO, Table], Writer]] = {
    "csv": CsvWriter,
    "jsonl": JsonLinesWriter,
}
MEASURED = ("xlsx", "dta")
"""Formats that have to know the longest text of each column before the first row."""
DICTIONARY = Table(
    "dictionary",
    "What the columns of an export hold.",
    tuple(Column(name, Kind.TEXT, "") for name in ("column", "kind", "meaning")),
)


def format_of(path: Path, chosen: str | None) -> str:
    """The format asked for, or the one a file's name tells. Errors: ExportError."""
    if chosen:
        if chosen not in SUFFIXES.values():
            names = ", ".join(dict.fromkeys(SUFFIXES.values()))
            raise ExportError(f"no format is called {chosen!r}: choose one of {names}")
        return chosen
    found = SUFFIXES.get(path.suffix.lower())
    if found is None:
        raise ExportError(
            f"{path.name} tells no format: end it in .csv, .jsonl, .parquet, .xlsx or .dta "
            "(.warc.gz for captures), or give --format"
        )
    return found


@contextmanager
def writer_to(path: Path, name: str, table: Table) -> Iterator[Writer]:
    """A writer of a format to a file; complete at the end of the block."""
    if name in TEXT_FORMATS:
        with path.open("w", encoding="utf-8", newline="") as out:
            yield from _closing(TEXT_FORMATS[name](out, table))
    elif name == "parquet":
        from ingest.export.parquet import ParquetWriter  # slow to load

        yield from _closing(ParquetWriter(path, table))
    elif name == "xlsx":
        from ingest.export.excel import ExcelWriter

        yield from _closing(ExcelWriter(path, table))
    else:
        from ingest.export.stata import StataWriter

        yield from _closing(StataWriter(path, table))


def write_dictionary(out: TextIO, table: Table) -> None:
    """The columns of a table explained, as CSV."""
    writer = CsvWriter(out, DICTIONARY)
    writer.write([(column.name, column.kind.value, column.meaning) for column in table.columns])
    writer.close()


def _closing(writer: Writer) -> Iterator[Writer]:
    try:
        yield writer
    except BaseException:
        writer.abandon()
        raise
    writer.close()
