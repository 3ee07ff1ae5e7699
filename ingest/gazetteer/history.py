"""Divisions by code through time: what a code stood for, what became of it, what lies in what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from crawler.errors import SeedError
from ingest.gazetteer.table import Division, DivisionRow

FOREVER = 9999


class History:
    """Every name of every code, the oldest first. Raises SeedError for an unknown parent or
    successor."""

    def __init__(self, rows: list[DivisionRow]) -> None:
        by_code: dict[str, list[DivisionRow]] = defaultdict(list)
        for row in rows:
            by_code[row.adcode].append(row)
        _check_references(rows, by_code)
        for same in by_code.values():
            same.sort(key=lambda row: row.valid_to or FOREVER)
        self._names = {
            code: [_division(r, by_code) for r in same] for code, same in by_code.items()
        }
        self._with_parts = {row.parent_adcode for row in rows if row.valid_to is None}

    def __iter__(self) -> Iterator[Division]:
        return chain.from_iterable(self._names.values())

    def by_adcode(self, adcode: str, *, year: int | None = None) -> Division | None:
        """What the code stands for now (or last stood for), or stood for at the end of ``year``."""
        names = self._names.get(adcode, [])
        if year is not None:
            return next((name for name in names if name.in_force(year)), None)
        return names[-1] if names else None

    def successor_of(self, division: Division) -> Division | None:
        """The division that took over, one step on; None when it is in force or was split up."""
        if division.successor is None or division.valid_to is None:
            return None
        heirs = self._names.get(division.successor, [])
        ended = division.valid_to
        return next((heir for heir in heirs if (heir.valid_to or FOREVER) > ended), None)

    def within(self, division: Division, above: Division) -> bool:
        """Whether ``division`` lies in ``above`` and is not the same."""
        if above.zone or above.level == "township":
            depth = len(above.path)
            return len(division.path) > depth and division.path[:depth] == above.path
        borrowed = division.zone or division.level == "township"
        code = division.adcode if borrowed else division.parent_adcode
        while code is not None and code != above.adcode:
            parent = self.by_adcode(code)
            code = parent.parent_adcode if parent else None
        return code is not None

    def has_parts(self, division: Division) -> bool:
        """Whether there are divisions below; 东莞, 中山, 儋州 and 嘉峪关 have none."""
        return division.adcode in self._with_parts


def preferred(found: Iterable[Division], year: int | None) -> tuple[Division, ...]:
    """The names in force at the end of ``year``, else those a report on it may use, else all.

    Without a year today's names come first. A division gives way to its successor of the same
    name, and one row is kept for a code and name, since a name given back is the same division.
    """
    divisions = list(found)
    if len(divisions) < 2:
        return tuple(divisions)
    if year is None:
        timely = [d for d in divisions if d.valid_to is None]
    else:
        timely = [d for d in divisions if d.in_force(year)]
        timely = timely or [d for d in divisions if d.used_for(year)]
    last: dict[tuple[str, str], Division] = {}
    for division in sorted(timely or divisions, key=lambda d: d.valid_to or FOREVER):
        last[division.adcode, division.name] = division
    return tuple(last[key] for key in sorted(last) if not _outlived(last[key], last))


def _outlived(division: Division, others: Mapping[tuple[str, str], Division]) -> bool:
    heir = others.get((division.successor or "", division.name))
    return heir is not None and (heir.valid_to or FOREVER) > (division.valid_to or FOREVER)


def _check_references(rows: list[DivisionRow], by_code: Mapping[str, list[DivisionRow]]) -> None:
    for row in rows:
        for code, what in ((row.parent_adcode, "parent_adcode"), (row.successor, "successor")):
            if code is not None and code not in by_code:
                raise SeedError(f"{row.where}: unknown {what} {code}")
        if row.parent_adcode is not None:
            highest = min(_RANK[parent.level] for parent in by_code[row.parent_adcode])
            if highest >= _RANK[row.level]:
                raise SeedError(f"{row.where}: {row.parent_adcode} is not above a {row.level}")


_RANK = {"national": 0, "province": 1, "prefecture": 2, "county": 3}


def _division(row: DivisionRow, by_code: Mapping[str, list[DivisionRow]]) -> Division:
    return Division(
        row.adcode,
        row.name,
        row.level,
        row.parent_adcode,
        _path(row, by_code),
        row.valid_from,
        row.valid_to,
        row.successor,
    )


def _path(row: DivisionRow, by_code: Mapping[str, list[DivisionRow]]) -> tuple[str, ...]:
    """Names down to the row's own, those above as they were at the end of its time."""
    if row.parent_adcode is None:
        return (row.name,)
    end = row.valid_to or FOREVER
    above = by_code[row.parent_adcode]
    parent = next((name for name in above if (name.valid_to or FOREVER) >= end), above[-1])
    return (*_path(parent, by_code), row.name)
