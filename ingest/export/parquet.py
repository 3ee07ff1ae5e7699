"""Parquet, a row group a batch; each field carries its meaning as metadata."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.export.table import Kind, Row, Table

TYPES: dict[Kind, Callable[[], Any]] = {
    Kind.INTEGER: pa.int64,
    Kind.NUMBER: pa.float64,
    Kind.TRUTH: pa.bool_,
    Kind.DAY: pa.date32,
    Kind.MOMENT: lambda: pa.timestamp("us", tz="UTC"),
    Kind.TEXT: pa.string,
}


class ParquetWriter:
    """Compressed with Zstandard."""

    def __init__(self, path: Path, table: Table) -> None:
        self._columns = table.columns
        self._schema = pa.schema(
            [
                pa.field(column.name, TYPES[column.kind](), metadata={"meaning": column.meaning})
                for column in table.columns
            ],
            metadata={"table": table.name, "meaning": table.meaning},
        )
        self._file = pq.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: Sequence[Row]) -> None:
        """The next rows, as a row group."""
        if not rows:
            return
        arrays = [
            pa.array([_value(column.kind, value) for value in values], field.type)
            for column, field, values in zip(
                self._columns, self._schema, zip(*rows, strict=True), strict=True
            )
        ]
        self._file.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Write the footer."""
        self._file.close()

    def abandon(self) -> None:
        """Let go of the file."""
        self._file.close()


def _value(kind: Kind, value: Any) -> Any:
    return float(value) if kind is Kind.NUMBER and value is not None else value
