"""`fazhi export`: whole files with citations, and one clear line where that cannot be."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pandas
import pytest
from front_door import FAZHI, environment, fazhi, fresh_home, one_line
from warcio.archiveiterator import ArchiveIterator

REPORTS = 12
TEXT = """示范市云岭区{name}2024年度法治政府建设情况报告

2024年,示范市云岭区{name}扎实推进法治政府建设,现将有关情况报告如下。
一、主要成效
全年办理行政复议案件{number}件。
二、下一步打算
继续加强队伍建设。
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("documents")
    files = []
    for number in range(1, REPORTS + 1):
        file = folder / f"{number}.txt"
        file.write_text(TEXT.format(name=f"{number}局", number=number * 10), encoding="utf-8")
        files.append(str(file))
    with fresh_home() as made:
        assert fazhi(made, "ingest", *files).returncode == 0
        yield made


@pytest.mark.parametrize("name", ["r.csv", "r.jsonl", "r.parquet", "r.xlsx", "r.dta"])
def test_all_reports_come_out_in_every_format(home: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    answer = fazhi(home, "export", "reports", "-o", str(out))
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr.startswith(f"{REPORTS} rows; what is new next time: --since 20")
    readers = {
        "csv": pandas.read_csv,
        "jsonl": lambda path: pandas.read_json(path, lines=True),
        "parquet": pandas.read_parquet,
        "xlsx": lambda path: pandas.read_excel(path, sheet_name="reports", engine="calamine"),
        "dta": pandas.read_stata,
    }
    frame = readers[name.partition(".")[2]](out)
    assert len(frame) == REPORTS
    assert frame["citation"].str.contains("sha256 [0-9a-f]{64}").all()
    assert sorted(path.name for path in tmp_path.iterdir()) == [name, f"{name}.dictionary.csv"]
    explained = pandas.read_csv(tmp_path / f"{name}.dictionary.csv")
    assert set(explained["column"]) <= set(frame.columns)


def test_what_is_printed_as_the_next_since_brings_nothing_twice_and_misses_nothing(
    home: Path, tmp_path: Path
) -> None:
    first = fazhi(home, "export", "reports", "-o", str(tmp_path / "1.csv"))
    since = first.stderr.split("--since ")[1].strip()
    again = fazhi(home, "export", "reports", "-o", str(tmp_path / "2.csv"), "--since", since)
    assert again.stderr.startswith("0 rows")
    late = tmp_path / "late.txt"
    late.write_text(TEXT.format(name="新增局", number=7), encoding="utf-8")
    assert fazhi(home, "ingest", str(late)).returncode == 0
    third = fazhi(home, "export", "reports", "-o", str(tmp_path / "3.csv"), "--since", since)
    assert third.stderr.startswith("1 rows")


def test_captures_become_an_archive(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "captures.warc.gz"
    answer = fazhi(home, "export", "captures", "-o", str(out))
    assert answer.returncode == 0, answer.stderr
    with out.open("rb") as file:
        bodies = [
            record.content_stream().read().decode()
            for record in ArchiveIterator(file, check_digests="raise")
            if record.rec_type == "resource"
        ]
    assert TEXT.format(name="1局", number=10) in bodies


def test_a_program_reads_it_from_standard_output(home: Path) -> None:
    answer = fazhi(home, "export", "sections", "-o", "-", "--format", "jsonl")
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert {"text", "heading", "citation"} <= set(rows[0])
    table = fazhi(home, "export", "sections", "-o", "-", "--format", "csv").stdout
    assert len(list(csv.reader(table.splitlines()))) > len(rows)


def test_a_reader_that_goes_away_is_one_line(home: Path) -> None:
    process = subprocess.Popen(
        [*FAZHI, "export", "reports", "-o", "-", "--format", "csv"],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 2
    assert complaint == "fazhi: who read standard output has gone: the export is not whole\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["reports", "-o", "{there}"], "is there already"),
        (["reports", "-o", "{folder}/r.sav"], "tells no format"),
        (["reports", "-o", "{folder}/r.csv", "--format", "sav"], "no format is called"),
        (["reports", "-o", "{folder}/r.warc"], "warc is for captures alone"),
        (["captures", "-o", "{folder}/r.csv"], "warc is for captures alone"),
        (["reports", "-o", "-"], "cannot go to standard output"),
        (["reports", "-o", "{folder}/missing/r.csv"], "is no folder"),
        (["reports", "-o", "{folder}"], "tells no format"),
        (["reports", "-o", "{folder}/r.csv", "--year", "1999"], "no report on the year 1999"),
        (["reports", "-o", "{folder}/r.csv", "--region", "乌有县"], "no division has the name"),
        (["reports", "-o", "{folder}/r.csv", "--since", "2999-01-01"], "is in the future"),
        (["reports", "-o", "{folder}/r.csv", "--since", "soon"], "is no moment"),
    ],
)
def test_what_cannot_be_exported_is_one_line_and_no_file(
    home: Path, tmp_path: Path, arguments: list[str], complaint: str
) -> None:
    there = tmp_path / "there.csv"
    there.write_text("old", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    filled = [text.format(there=there, folder=folder) for text in arguments]
    answer = fazhi(home, "export", *filled)
    assert answer.returncode == 2
    assert complaint in one_line(answer)
    assert there.read_text(encoding="utf-8") == "old"
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_one_line(home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(
            [*FAZHI, "export", "reports", "-o", "-", "--format", "csv"],
            env=environment(home),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert answer.returncode == 1
    assert "disk is full" in answer.stderr and answer.stderr.count("\n") == 1
