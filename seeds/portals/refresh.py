#!/usr/bin/env python3
"""Bring the registry of portals up to date with a list of portals, its facts and their dates.

    python seeds/portals/refresh.py LIST.csv [DIRECTORY]     # columns: see COLUMNS below

Writes one file a province beside this script (or into DIRECTORY), central bodies into
00-central.csv. What the list
says of a portal replaces what the file said (name, level, adcode, base_url, family_hint); known
columns are joined; quirks and `disabled` that were entered by hand stay; rows that the list does
not have stay as they are. Where the list is wrong, corrections.toml says so, each with its reason.

Every row that cannot be used and every liberty taken is told on stderr as FILE:LINE: REASON; exit
code 1 if a row was left out. The ids are explained in docs/how-to/portals.md. Standard library
only: the service never imports this file.
"""

from __future__ import annotations

import csv
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from list_rows import Places, convert, site_id
from registry_files import Row, joined, read_registry, write

HERE = Path(__file__).resolve().parent
COLUMNS = (
    *("name", "level", "adcode", "parent_adcode", "base_url", "fazhi_column_url"),
    *("family_guess", "access", "waf", "checked"),
)
GOVERNMENTS = ("province", "prefecture", "county")


@dataclass
class Report:
    """What is told at the end: lines for people, and whether a row was left out."""

    file: Path
    lines: list[str] = field(default_factory=list)
    left_out: int = 0

    def remark(self, line: int, text: str) -> None:
        self.lines.append(f"{self.file}:{line}: {text}")

    def refuse(self, line: int, text: str) -> None:
        self.left_out += 1
        self.remark(line, f"left out: {text}")


@dataclass
class Taken:
    """A row of the list on its way; ``own_code``: the adcode is that of the body itself."""

    line: int
    row: Row
    own_code: bool


def settle(taken: Taken, places: Places, report: Report) -> Row:
    """Level, code and id, now that every government's host is known."""
    row, line, own_code = taken.row, taken.line, taken.own_code
    if own_code and places.levels[row.adcode] != row.level:
        report.remark(line, f"{row.name}: level {places.levels[row.adcode]}, as {row.adcode} has")
        row = replace(row, level=places.levels[row.adcode])
    if not row.adcode:
        row = replace(row, adcode=places.owner(row.base_url))
        if row.adcode:
            report.remark(line, f"{row.name}: adcode {row.adcode}, whose host name it lies below")
    if not row.adcode and row.level == "department":
        row = replace(row, level="national")
    if not row.adcode and row.level != "national":
        raise ValueError(f"{row.name}: no adcode is given and none follows from the host")
    return replace(row, id=f"gov-{row.adcode}" if own_code else site_id(row.base_url))


def read_list(path: Path, corrections: dict[str, dict[str, str]], report: Report) -> dict[str, Row]:
    """The list's portals by id. What a host says of a code needs all rows, so there are two
    rounds."""
    places = Places.read()
    rows: dict[str, Row] = {}
    for taken in list(first_round(path, corrections, places, report)):
        try:
            row = settle(taken, places, report)
            if row.id in rows:
                raise ValueError(f"{row.name}: id {row.id} is taken by {rows[row.id].name}")
        except ValueError as reason:
            report.refuse(taken.line, str(reason))
        else:
            rows[row.id] = row
    tell_shared_hosts(rows, report)
    return rows


def first_round(
    path: Path, corrections: dict[str, dict[str, str]], places: Places, report: Report
) -> Iterator[Taken]:
    unused = dict(corrections)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := set(COLUMNS) - set(reader.fieldnames or ()):
            sys.exit(f"{path}:1: these columns are missing: {', '.join(sorted(missing))}")
        for entry in reader:
            note = unused.pop(f"{entry['adcode']} {entry['base_url']}".strip(), {})
            changes = {key: value for key, value in note.items() if key != "why"}
            try:
                row = convert(entry, changes, places)
            except ValueError as reason:
                report.refuse(reader.line_num, str(reason))
                continue
            if note:
                report.remark(reader.line_num, f"{row.name}: corrected: {note['why']}")
            given = bool(entry["adcode"]) or ("adcode" in changes and row.level in GOVERNMENTS)
            if given:
                places.add(row)
            yield Taken(reader.line_num, row, given)
    report.lines.extend(f"corrections.toml: {key}: the list has no such row" for key in unused)


def tell_shared_hosts(rows: dict[str, Row], report: Report) -> None:
    """Two rows with one front page would have one site crawled twice."""
    by_host: dict[str, list[Row]] = defaultdict(list)
    for row in rows.values():
        if not row.disabled:
            by_host[urlsplit(row.base_url).netloc].append(row)
    for host, sharing in by_host.items():
        if len(sharing) > 1:
            ids = ", ".join(row.id for row in sharing)
            report.lines.append(f"{report.file}: {host} is the host of {ids}: disable all but one")


def read_corrections(path: Path) -> dict[str, dict[str, str]]:
    """By "adcode base_url" of the list's row; each says what to put in place, and why."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {f"{row.pop('list_adcode', '')} {row.pop('url')}".strip(): row for row in table["row"]}


def main(argv: list[str]) -> int:
    if len(argv) not in (2, 3):
        sys.exit("usage: refresh.py LIST.csv [DIRECTORY]")
    directory = Path(argv[2]) if len(argv) == 3 else HERE
    report = Report(Path(argv[1]))
    rows = read_list(report.file, read_corrections(HERE / "corrections.toml"), report)
    for old in read_registry(directory):
        rows[old.id] = joined(rows[old.id], old) if old.id in rows else old
    write(directory, rows)
    report.lines.append(f"{len(rows)} portals written, {report.left_out} rows left out")
    sys.stderr.write("\n".join([*report.lines, ""]))
    return 1 if report.left_out else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
