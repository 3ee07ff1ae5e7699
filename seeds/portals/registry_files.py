"""The files of the registry as refresh.py writes them: one a province, joined with what was there.

Standard library only: the service never imports this file.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

FILES = """
00-central 11-beijing 12-tianjin 13-hebei 14-shanxi 15-neimenggu 21-liaoning 22-jilin
23-heilongjiang 31-shanghai 32-jiangsu 33-zhejiang 34-anhui 35-fujian 36-jiangxi 37-shandong
41-henan 42-hubei 43-hunan 44-guangdong 45-guangxi 46-hainan 50-chongqing 51-sichuan 52-guizhou
53-yunnan 54-xizang 61-shaanxi 62-gansu 63-qinghai 64-ningxia 65-xinjiang
"""


@dataclass
class Row:
    """One row of the registry, as crawler/portals.py reads it."""

    id: str = ""
    name: str = ""
    level: str = ""
    adcode: str = ""
    base_url: str = ""
    columns: str = ""
    family_hint: str = ""
    quirks: str = ""
    disabled: str = ""


def read_table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def read_registry(directory: Path) -> Iterator[Row]:
    """The rows there are; crawler/portals.py is the one that reads them strictly."""
    for path in sorted(directory.glob("*.csv")):
        for row in read_table(path):
            if list(row) != [spec.name for spec in fields(Row)]:
                sys.exit(f"{path}: not a file of the registry: its columns are {', '.join(row)}")
            yield Row(**row)


def joined(new: Row, old: Row) -> Row:
    """The list's row with what was added to the registry by hand."""
    keys = {part.split("=")[0] for part in new.quirks.split(";")}
    own = [q for q in old.quirks.split(";") if q.strip() and q.strip().split("=")[0] not in keys]
    return replace(
        new,
        columns=" ".join(dict.fromkeys([*new.columns.split(), *old.columns.split()])),
        family_hint=new.family_hint or old.family_hint,
        quirks=";".join(filter(None, [new.quirks, *own])),
        disabled=new.disabled or old.disabled,
    )


def file_of(row: Row) -> str:
    province = "00" if row.level == "national" else row.adcode[:2]
    return next(f"{name}.csv" for name in FILES.split() if name.startswith(province))


def write(directory: Path, rows: dict[str, Row]) -> None:
    names = [spec.name for spec in fields(Row)]
    by_file: dict[str, list[Row]] = defaultdict(list)
    for row in rows.values():
        by_file[file_of(row)].append(row)
    for name, members in by_file.items():
        members.sort(key=lambda row: (not row.id.startswith("gov-"), row.id))
        with (directory / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(map(asdict, members))
