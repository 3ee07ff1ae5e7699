"""Read the tables below seeds/regions, strictly: a bad line is a SeedError with file and line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import SeedError

LEVELS = ("national", "province", "prefecture", "county")
ZONE_LEVEL = "functional_zone"
DIVISION_COLUMNS = (
    "adcode",
    "name",
    "level",
    "parent_adcode",
    "valid_from",
    "valid_to",
    "successor",
    "note",
)
DEMO_COLUMNS = DIVISION_COLUMNS[:4]
ZONE_COLUMNS = ("name", "aliases", "parent_adcode", "code", "source")


@dataclass(frozen=True, slots=True)
class Division:
    """A division or functional zone under one of its names.

    ``path`` runs from the province down to the name itself. ``valid_from`` is the first year whose
    end saw the name in force, ``valid_to`` the first whose end did not; None is open. ``successor``
    is the adcode that took over. A zone (``zone`` true, level ``functional_zone``) and a township
    (level ``township``) carry their parent's adcode, since GB/T 2260 has none for them.
    """

    adcode: str
    name: str
    level: str
    parent_adcode: str | None
    path: tuple[str, ...]
    valid_from: int | None = None
    valid_to: int | None = None
    successor: str | None = None
    zone: bool = False

    def in_force(self, year: int) -> bool:
        """Whether the name was in force at the end of ``year``."""
        began = self.valid_from is None or self.valid_from <= year
        return began and (self.valid_to is None or year < self.valid_to)

    def used_for(self, year: int) -> bool:
        """Whether a report on ``year`` may use the name: it is written that year or the next."""
        began = self.valid_from is None or self.valid_from <= year + 1
        return began and (self.valid_to is None or year <= self.valid_to)


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A line of divisions.csv, before the paths are known."""

    adcode: str
    name: str
    level: str
    parent_adcode: str | None
    valid_from: int | None
    valid_to: int | None
    successor: str | None
    where: str


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A line of zones.csv. ``code`` is the code of the statistical bureau, not of GB/T 2260."""

    name: str
    aliases: tuple[str, ...]
    parent_adcode: str
    code: str | None
    where: str


def read_lines(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    """Each line of a CSV as ("file:line", cells).

    Raises SeedError when the file is missing, its header is another or a line has too many or too
    few cells.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(f"{path}: cannot be read ({error}); restore it from the project") from error
    rows = csv.reader(text.splitlines(), strict=True)
    try:
        if tuple(next(rows, [])) != columns:
            raise SeedError(f"{path}:1: the header must be {','.join(columns)}")
        for cells in rows:
            where = f"{path}:{rows.line_num}"
            if len(cells) != len(columns):
                raise SeedError(f"{where}: {len(cells)} cells where the header has {len(columns)}")
            yield where, cells
    except csv.Error as error:
        raise SeedError(f"{path}:{rows.line_num}: not CSV ({error})") from error


def read_divisions(path: Path) -> list[DivisionRow]:
    """Rows of divisions.csv in file order."""
    rows: list[DivisionRow] = []
    seen: set[tuple[str, str, str]] = set()
    for where, cells in read_lines(path, DIVISION_COLUMNS):
        adcode, name, level, parent, begun, ended, successor, _ = cells
        if (adcode, name, begun) in seen:
            raise SeedError(f"{where}: {adcode} {name} is listed twice from the same year")
        seen.add((adcode, name, begun))
        years = _year(begun, where), _year(ended, where)
        if years[0] and years[1] and years[0] >= years[1]:
            raise SeedError(f"{where}: {name} ends in {ended}, not after it begins in {begun}")
        heir = _adcode(successor, where) if successor else None
        rows.append(_division_row(where, (adcode, name, level, parent), years, heir))
    return rows


def read_demo(path: Path) -> tuple[list[DivisionRow], list[ZoneRow]]:
    """The demo's invented divisions and, by their level functional_zone, its zones."""
    divisions: list[DivisionRow] = []
    zones: list[ZoneRow] = []
    for where, (adcode, name, level, parent) in read_lines(path, DEMO_COLUMNS):
        if level == ZONE_LEVEL and name:
            zones.append(ZoneRow(name, (), _adcode(parent, where), adcode, where))
        else:
            divisions.append(_division_row(where, (adcode, name, level, parent)))
    return divisions, zones


def _division_row(
    where: str,
    cells: tuple[str, str, str, str],
    years: tuple[int | None, int | None] = (None, None),
    successor: str | None = None,
) -> DivisionRow:
    adcode, name, level, parent = cells
    if not name or level not in LEVELS:
        raise SeedError(f"{where}: needs a name and a level out of {', '.join(LEVELS)}")
    above = _adcode(parent, where) if parent else None
    return DivisionRow(_adcode(adcode, where), name, level, above, *years, successor, where)


def read_zones(path: Path) -> list[ZoneRow]:
    """Rows of zones.csv in file order."""
    rows: list[ZoneRow] = []
    seen: set[tuple[str, str]] = set()
    for where, (name, aliases, parent, code, source) in read_lines(path, ZONE_COLUMNS):
        if not name or not source:
            raise SeedError(f"{where}: a zone needs a name and a source")
        if (name, parent) in seen:
            raise SeedError(f"{where}: {name} is listed twice below {parent}")
        seen.add((name, parent))
        above = _adcode(parent, where)
        rows.append(ZoneRow(name, tuple(aliases.split()), above, code or None, where))
    return rows


def _adcode(value: str, where: str) -> str:
    if len(value) != 6 or not (value.isascii() and value.isdigit()):
        raise SeedError(f"{where}: {value!r} is not a six-digit code")
    return value


def _year(value: str, where: str) -> int | None:
    if not value:
        return None
    if len(value) != 4 or not (value.isascii() and value.isdigit()):
        raise SeedError(f"{where}: {value!r} is not a year")
    return int(value)
