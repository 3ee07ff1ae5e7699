"""The divisions and zones of seeds/regions, indexed by code and by every name they go by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from crawler.errors import SeedError
from ingest.gazetteer.names import (
    ZONE_SUFFIX,
    customary_forms,
    long_form,
    stem,
    zone_forms,
    zone_kind,
)
from ingest.gazetteer.scanner import Mention, Relations, Scanner
from ingest.gazetteer.table import (
    Division,
    DivisionRow,
    ZoneRow,
    read_divisions,
    read_lines,
    read_zones,
)

ALIAS_COLUMNS = ("alias", "adcode", "note")
FOREVER = 9999


class Places:
    """Immutable after it is built. ``regions`` is the directory with the tables, ``demo`` a further
    divisions.csv or None."""

    def __init__(self, regions: Path, demo: Path | None) -> None:
        rows = read_divisions(regions / "divisions.csv")
        rows += read_divisions(demo) if demo is not None and demo.exists() else []
        self._rows: dict[str, list[Division]] = _build(rows)
        self._zones = tuple(self._zone(row) for row in read_zones(regions / "zones.csv"))
        self._parents = {row.parent_adcode for row in rows if row.valid_to is None}
        strong: dict[str, list[Division]] = defaultdict(list)
        weak: dict[str, list[Division]] = defaultdict(list)
        for division in chain.from_iterable(self._rows.values()):
            if division.level != "national":
                _name(division, strong, weak)
        official = frozenset(strong)
        for zone, aliases in self._zones:
            for form in self._zone_names(zone, aliases) - official:
                strong[form].append(zone)
        self._read_aliases(regions / "aliases.csv", strong)
        self._strong = {name: tuple(found) for name, found in strong.items()}
        self._weak = {name: tuple(found) for name, found in weak.items()}
        relations = Relations(self.within, self.zone_of, self.township_of)
        self._scanner = Scanner(self._strong, self._weak, relations)

    def all(self) -> Iterator[Division]:
        """Every division under every name it had, then the zones."""
        yield from chain.from_iterable(self._rows.values())
        yield from (zone for zone, _ in self._zones)

    def by_adcode(self, adcode: str, *, year: int | None = None) -> Division | None:
        """What the code stands for now (or last stood for), or stood for at the end of ``year``."""
        rows = self._rows.get(adcode, [])
        if year is not None:
            return next((row for row in rows if row.in_force(year)), None)
        return max(rows, key=lambda row: row.valid_to or FOREVER, default=None)

    def path(self, adcode: str) -> tuple[str, ...]:
        """Names from the province down to the code's own; empty for an unknown code."""
        division = self.by_adcode(adcode)
        return () if division is None else division.path

    def successor_of(self, division: Division) -> Division | None:
        """The division that took over, one step on; None when it is in force or was split up."""
        if division.successor is None or division.valid_to is None:
            return None
        heirs = self._rows.get(division.successor, [])
        later = (row for row in heirs if (row.valid_to or FOREVER) > (division.valid_to or 0))
        return min(later, key=lambda row: row.valid_to or FOREVER, default=None)

    def find(
        self, name: str, *, within: str | None = None, year: int | None = None
    ) -> tuple[Division, ...]:
        """All divisions and zones a name may mean; none when it is unknown.

        ``within`` is the code of a province or prefecture, or its first two or four digits.
        ``year`` prefers the names a report on that year may use; without it names in force now
        come before historic ones.
        """
        name = name.strip()
        found = self._strong.get(name) or self._weak.get(name) or self._chained(name)
        if within is not None:
            prefix = within[:4].removesuffix("00") if len(within) == 6 else within
            found = tuple(division for division in found if division.adcode.startswith(prefix))
        return preferred(found, year)

    def scan(self, text: str, *, year: int | None = None) -> tuple[Mention, ...]:
        """The divisions and zones named in running text, left to right, without overlap."""
        return tuple(
            Mention(mention.text, mention.start, mention.end, preferred(mention.divisions, year))
            for mention in self._scanner.scan(text)
        )

    def stem_at(self, text: str, position: int = 0, *, year: int | None = None) -> Mention | None:
        """The place whose name without suffix stands at ``position``, whatever follows it."""
        found = self._scanner.stem_at(text, position)
        if found is None:
            return None
        return Mention(found.text, found.start, found.end, preferred(found.divisions, year))

    def within(self, division: Division, above: Division) -> bool:
        """Whether ``division`` lies in ``above`` and is not the same."""
        if above.zone or above.level == "township":
            return len(division.path) > len(above.path) == _common(division.path, above.path)
        code: str | None = division.adcode
        if not division.zone and division.level != "township":
            code = division.parent_adcode
        while code is not None and code != above.adcode:
            rows = self._rows.get(code)
            code = rows[-1].parent_adcode if rows else None
        return code is not None

    def zone_of(self, parents: tuple[Division, ...], suffix: str) -> tuple[Division, ...]:
        """The zone of this kind in one of ``parents``: listed, or else named by rule."""
        kind = zone_kind(suffix) or suffix
        places = [parent for parent in parents if parent.level in ("prefecture", "county")]
        listed = {
            zone
            for parent in parents
            for zone in self._strong.get((stem(parent.name) or parent.name) + kind, ())
            if zone.zone and zone.adcode == parent.adcode
        }
        if listed:
            return tuple(sorted(listed, key=lambda zone: zone.path))
        outer = [
            place for place in places if not any(self.within(place, other) for other in places)
        ]
        return tuple(
            part_of(place, (stem(place.name) or place.name) + long_form(suffix), "functional_zone")
            for place in preferred(outer, None)
        )

    def township_of(self, above: Division, name: str) -> Division | None:
        """A township or street of a county, of a city without counties or of a zone."""
        if above.level == "prefecture" and above.adcode in self._parents:
            return None
        if above.level not in ("prefecture", "county", "functional_zone"):
            return None
        return part_of(above, name, "township")

    def zones_like(self, suffix: str) -> tuple[Division, ...]:
        """The listed zones a bare 高新区 or 经开区 may mean."""
        kind = zone_kind(suffix)
        if kind is None:
            return ()
        return tuple(
            zone
            for zone, _ in self._zones
            if (match := ZONE_SUFFIX.search(zone.name)) and zone_kind(match["suffix"]) == kind
        )

    def is_listed(self, zone: Division) -> bool:
        """Whether a zone comes from zones.csv (or else was named by rule)."""
        return zone in self._strong.get(zone.name, ())

    def _chained(self, name: str) -> tuple[Division, ...]:
        mentions = self._scanner.scan(name)
        whole = len(mentions) == 1 and mentions[0].end == len(name) and mentions[0].start == 0
        return mentions[0].divisions if whole else ()

    def _zone(self, row: ZoneRow) -> tuple[Division, tuple[str, ...]]:
        parent = self.by_adcode(row.parent_adcode)
        if parent is None:
            raise SeedError(f"{row.where}: unknown parent_adcode {row.parent_adcode}")
        return part_of(parent, row.name, "functional_zone"), row.aliases

    def _zone_names(self, zone: Division, aliases: tuple[str, ...]) -> set[str]:
        names = zone_forms(zone.name, zone.path[0], zone.path[-2])
        for alias in aliases:
            names |= zone_forms(alias, zone.path[0], zone.path[-2])
        return names

    def _read_aliases(self, path: Path, strong: dict[str, list[Division]]) -> None:
        for where, (alias, adcode, _) in read_lines(path, ALIAS_COLUMNS):
            division = self.by_adcode(adcode)
            if division is None:
                raise SeedError(f"{where}: unknown adcode {adcode}")
            strong[alias].append(division)


def part_of(parent: Division, name: str, level: str) -> Division:
    """A zone or township of ``parent``: it carries its parent's code and years."""
    return Division(
        parent.adcode,
        name,
        level,
        parent.adcode,
        (*parent.path, name),
        parent.valid_from,
        parent.valid_to,
        parent.successor,
        zone=level == "functional_zone",
    )


def preferred(found: Iterable[Division], year: int | None) -> tuple[Division, ...]:
    """The names in force at the end of ``year``, else those a report on it may use, else all.

    Without a year today's names are preferred. A division whose successor is there too under the same name gives way to it, and one row is
    kept for a code and name, since a name given back to a code is the same division.
    """
    divisions = list(found)
    if len(divisions) < 2:
        return tuple(divisions)
    if year is None:
        timely = [d for d in divisions if d.valid_to is None]
    else:
        timely = [d for d in divisions if d.in_force(year)]
        timely = timely or [d for d in divisions if d.used_for(year)]
    unique: dict[tuple[str, str], Division] = {}
    for division in sorted(timely or divisions, key=lambda d: d.valid_to or FOREVER):
        unique[division.adcode, division.name] = division
    outdated = {key for key, d in unique.items() if _outlived(d, unique)}
    return tuple(unique[key] for key in sorted(unique.keys() - outdated))


def _outlived(division: Division, others: Mapping[tuple[str, str], Division]) -> bool:
    heir = others.get((division.successor or "", division.name))
    return heir is not None and (heir.valid_to or FOREVER) > (division.valid_to or FOREVER)


def _name(
    division: Division, strong: dict[str, list[Division]], weak: dict[str, list[Division]]
) -> None:
    strong[division.name].append(division)
    for form in customary_forms(division.name):
        strong[form].append(division)
    bare = stem(division.name)
    if bare is not None:
        weak[bare].append(division)


def _build(rows: list[DivisionRow]) -> dict[str, list[Division]]:
    """Divisions by code, oldest name first, with the path as of the end of each name's time."""
    by_code: dict[str, list[DivisionRow]] = defaultdict(list)
    for row in rows:
        by_code[row.adcode].append(row)
    for same in by_code.values():
        same.sort(key=lambda row: row.valid_to or FOREVER)
    for row in rows:
        for code, what in ((row.parent_adcode, "parent_adcode"), (row.successor, "successor")):
            if code is not None and code not in by_code:
                raise SeedError(f"{row.where}: unknown {what} {code}")
    return {
        code: [
            Division(
                row.adcode,
                row.name,
                row.level,
                row.parent_adcode,
                _path(row, by_code),
                row.valid_from,
                row.valid_to,
                row.successor,
            )
            for row in same
        ]
        for code, same in by_code.items()
    }


def _path(row: DivisionRow, by_code: dict[str, list[DivisionRow]]) -> tuple[str, ...]:
    if row.parent_adcode is None:
        return (row.name,)
    end = row.valid_to or FOREVER
    above = by_code[row.parent_adcode]
    parent = next((other for other in above if (other.valid_to or FOREVER) >= end), above[-1])
    if len(parent.adcode) == len(row.adcode) and parent.parent_adcode == row.adcode:
        raise SeedError(f"{row.where}: {row.adcode} and {parent.adcode} are each other's parent")
    return (*_path(parent, by_code), row.name)


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
