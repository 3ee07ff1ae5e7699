"""Each format, read back by a reader that is not ours."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas
import pyarrow.parquet
import pyreadstat
import pytest

from ingest.export.errors import ExportError
from ingest.export.excel import LONGEST_CELL, MOST_ROWS, ExcelWriter
from ingest.export.formats import format_of, write_dictionary, writer_to
from ingest.export.parquet import GROUP_BYTES
from ingest.export.stata import LONGEST_FIXED
from ingest.export.table import Column, Kind, Row, Table

LONG = "法治" * 20_000
ROWS: list[Row] = [
    (
        1,
        Decimal("98.5"),
        True,
        date(2026, 1, 20),
        datetime(2026, 3, 1, 0, 30, tzinfo=UTC),
        "清河县,“引号”\n二",
        "短",
    ),
    (2, None, None, None, None, None, LONG),
    (3, Decimal("12"), False, date(1959, 12, 31), datetime(1949, 10, 1, tzinfo=UTC), "=1+1", ""),
]
NAMES = ("report_id", "value", "doubt", "published_at", "captured_at", "issuer", "body")
KINDS = (*(Kind.INTEGER, Kind.NUMBER, Kind.TRUTH, Kind.DAY, Kind.MOMENT, Kind.TEXT, Kind.TEXT),)


def table() -> Table:
    """As ``measure`` makes it: with the size of the longest text of each column."""
    columns = []
    for place, (name, kind) in enumerate(zip(NAMES, KINDS, strict=True)):
        texts = [row[place] or "" for row in ROWS] if kind is Kind.TEXT else [""]
        columns.append(
            Column(
                name,
                kind,
                f"说明 {name}",
                characters=max(map(len, texts)),
                bytes=max(len(text.encode()) for text in texts),
            )
        )
    return Table("reports", "Reports, one row each.", tuple(columns))


def written(path: Path, form: str) -> Path:
    with writer_to(path, form, table()) as writer:
        writer.write(ROWS[:2])
        writer.write(ROWS[2:])
    return path


def test_csv_keeps_every_value_and_null_is_an_empty_cell(tmp_path: Path) -> None:
    with written(tmp_path / "r.csv", "csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert read[0] == {
        "report_id": "1",
        "value": "98.5",
        "doubt": "true",
        "published_at": "2026-01-20",
        "captured_at": "2026-03-01T00:30:00+00:00",
        "issuer": "清河县,“引号”\n二",
        "body": "短",
    }
    assert read[1]["value"] == read[1]["issuer"] == "" and read[1]["body"] == LONG


def test_json_lines_have_every_column_in_every_object(tmp_path: Path) -> None:
    lines = written(tmp_path / "r.jsonl", "jsonl").read_text(encoding="utf-8").splitlines()
    read = [json.loads(line) for line in lines]
    assert [list(item) for item in read] == [list(NAMES)] * 3
    assert read[1]["value"] is None and read[2]["value"] == 12 and read[2]["issuer"] == "=1+1"


def test_parquet_has_types_and_explains_its_columns(tmp_path: Path) -> None:
    path = written(tmp_path / "r.parquet", "parquet")
    frame = pandas.read_parquet(path)
    assert frame["captured_at"][0] == pandas.Timestamp("2026-03-01T00:30:00Z")
    assert frame["published_at"][0] == date(2026, 1, 20)
    assert frame["body"][1] == LONG and pandas.isna(frame["value"][1])
    schema = pyarrow.parquet.read_schema(path)
    assert schema.field("issuer").metadata[b"meaning"].decode() == "说明 issuer"


def test_parquet_gathers_small_batches_and_writes_large_ones_at_once(tmp_path: Path) -> None:
    def row(number: int, body: str) -> Row:
        return (number, None, None, None, None, None, body)

    small, large = tmp_path / "small.parquet", tmp_path / "large.parquet"
    with writer_to(small, "parquet", table()) as writer:
        for number in range(50):
            writer.write([row(2 * number, "甲"), row(2 * number + 1, "乙")])
    assert pyarrow.parquet.ParquetFile(small).num_row_groups == 1
    assert list(pandas.read_parquet(small)["report_id"]) == list(range(100))
    with writer_to(large, "parquet", table()) as writer:
        for number in range(3):
            writer.write([row(number, "法" * (GROUP_BYTES // 3))])
    assert pyarrow.parquet.ParquetFile(large).num_row_groups == 3
    assert list(pandas.read_parquet(large, columns=["report_id"])["report_id"]) == [0, 1, 2]


def test_excel_keeps_a_text_longer_than_a_cell_and_makes_no_formula(tmp_path: Path) -> None:
    sheets = pandas.read_excel(
        written(tmp_path / "r.xlsx", "xlsx"),
        sheet_name=None,
        keep_default_na=False,
        engine="calamine",
    )
    read = sheets["reports"]
    assert list(read["issuer"]) == ["清河县,“引号”\n二", "", "=1+1"]
    assert read["body"][1] + read["body_2"][1] == LONG
    assert len(read["body"][1]) == LONGEST_CELL
    assert read["captured_at"][0] == datetime(2026, 3, 1, 8, 30)
    assert (
        dict(zip(sheets["dictionary"]["column"], sheets["dictionary"]["meaning"], strict=True))[
            "issuer"
        ]
        == "说明 issuer"
    )


def test_excel_refuses_more_rows_than_a_sheet_holds(tmp_path: Path) -> None:
    one = Table("t", "", (Column("n", Kind.INTEGER, ""),))
    writer = ExcelWriter(tmp_path / "r.xlsx", one)
    rows = [(None,)] * 200_000
    with pytest.raises(ExportError, match="1,048,575 rows"):
        for _ in range(MOST_ROWS // len(rows) + 1):
            writer.write(rows)
    writer.abandon()
    assert not (tmp_path / "r.xlsx").exists()


@pytest.mark.parametrize("reader", [pandas.read_stata, lambda path: pyreadstat.read_dta(path)[0]])
def test_stata_is_read_alike_by_two_readers(tmp_path: Path, reader: Any) -> None:
    assert len(LONG.encode()) > LONGEST_FIXED
    frame = reader(written(tmp_path / "r.dta", "dta"))
    assert list(frame["report_id"]) == [1, 2, 3]
    assert frame["value"][0] == 98.5 and pandas.isna(frame["value"][1])
    assert list(frame["issuer"]) == ["清河县,“引号”\n二", "", "=1+1"]
    assert list(frame["body"]) == ["短", LONG, ""]
    assert str(frame["published_at"][0])[:10] == "2026-01-20"
    assert str(frame["captured_at"][0])[:16] == "2026-03-01 08:30"
    assert str(frame["published_at"][2])[:10] == "1959-12-31"


def test_stata_labels_its_variables(tmp_path: Path) -> None:
    _, about = pyreadstat.read_dta(written(tmp_path / "r.dta", "dta"))
    assert about.column_names_to_labels["issuer"] == "说明 issuer"
    assert about.file_label == "Reports, one row each."


def test_stata_refuses_a_name_it_cannot_hold(tmp_path: Path) -> None:
    odd = Table("t", "", (Column("x" * 33, Kind.TEXT, ""),))
    with (
        pytest.raises(ExportError, match="no variable named"),
        writer_to(tmp_path / "r.dta", "dta", odd),
    ):
        pass


def test_the_dictionary_explains_every_column(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    with path.open("w", encoding="utf-8") as out:
        write_dictionary(out, table())
    read = pandas.read_csv(path)
    assert list(read["column"]) == list(NAMES) and read["meaning"].notna().all()


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.csv", "csv"), ("a.JSONL", "jsonl"), ("a.dta", "dta"), ("a.warc.gz", "warc")],
)
def test_a_files_name_tells_its_format(name: str, form: str) -> None:
    assert format_of(Path(name), None) == form


@pytest.mark.parametrize(("name", "chosen"), [("a.sav", None), ("a", None), ("a.csv", "sav")])
def test_a_format_we_do_not_write_is_refused(name: str, chosen: str | None) -> None:
    with pytest.raises(ExportError, match="csv"):
        format_of(Path(name), chosen)
