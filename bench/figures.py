"""How fast figures are read: reports a second on one core, and whether time is linear in length.

    python bench/figures.py [FILES...] [--sizes]

Process time, best of the passes, rules already loaded. FILES are documents that `fazhi extract`
takes; without them the labelled reports of tests/figures are used, which are shorter than real
ones: the rate for 6,000 characters is printed too. --sizes repeats one body up to 3 million
characters.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from ingest.extract import Rules, extract
from ingest.figures.reader import FigureReader
from ingest.records import Record

ROOT = Path(__file__).resolve().parent.parent
PASSES = 7
USUAL = 6000
"""Characters of the body of a usual report: the median of five real ones."""


def _seconds(reader: FigureReader, records: list[Record]) -> float:
    """The least process time of the passes, for all records together."""
    best = float("inf")
    for _ in range(PASSES):
        begin = time.process_time()
        for record in records:
            reader.read(record.body or "", record.sections, record.report_year)
        best = min(best, time.process_time() - begin)
    return best


def _sizes(reader: FigureReader, record: Record) -> None:
    """One body repeated: time over length must stay flat."""
    body = record.body or ""
    for target in (10_000, 100_000, 1_000_000, 3_000_000):
        text = "\n".join([body] * max(1, target // len(body)))
        begin = time.process_time()
        reader.read(text, (), record.report_year)
        seconds = time.process_time() - begin
        print(
            f"  {len(text):9} characters {seconds:8.3f} s {seconds / len(text) * 1e6:7.2f} us each"
        )


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--sizes", action="store_true")
    options = parser.parse_args()
    files = options.files or sorted((ROOT / "tests" / "figures").glob("*/report.txt"))
    rules = Rules.load()
    records = [extract(path.read_bytes(), name=path.name, rules=rules) for path in files]
    reader = rules.figures
    seconds = _seconds(reader, records)
    length = sum(len(record.body or "") for record in records)
    facts = sum(len(record.facts) for record in records)
    print(f"{len(records)} reports, {length} characters, {facts} facts, best of {PASSES} passes")
    print(f"  {len(records) / seconds:7.0f} reports/s as they are")
    print(f"  {length / USUAL / seconds:7.0f} reports/s of {USUAL} characters")
    if options.sizes:
        _sizes(reader, records[0])


if __name__ == "__main__":
    main()
