"""The divisions and zones of seeds/regions, found by any name they go by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from crawler.errors import SeedError
from ingest.gazetteer.history import History, preferred
from ingest.gazetteer.names import (
    ZONE_SUFFIX,
    customary_forms,
    long_form,
    stem,
    zone_forms,
    zone_kind,
)
from ingest.gazetteer.scanner import Mention, Scanner
from ingest.gazetteer.table import (
    ZONE_LEVEL,
    Division,
    ZoneRow,
    read_demo,
    read_divisions,
    read_lines,
    read_zones,
)

ALIAS_COLUMNS = ("alias", "adcode", "note")


class Places:
    """Immutable once built from the tables in ``regions`` and the demo's divisions.csv, if any."""

    def __init__(self, regions: Path, demo: Path | None = None) -> None:
        divisions = read_divisions(regions / "divisions.csv")
        zones = read_zones(regions / "zones.csv")
        if demo is not None and demo.exists():
            invented = read_demo(demo)
            divisions += invented[0]
            zones += invented[1]
        self._history = History(divisions)
        self._strong: dict[str, tuple[Division, ...]] = {}
        self._stems: dict[str, tuple[Division, ...]] = {}
        self._zones: tuple[Division, ...] = ()
        self._name_divisions()
        self._name_zones(zones)
        self._read_aliases(regions / "aliases.csv")
        self._scanner = Scanner(self._strong, self._stems, self)

    def all(self) -> Iterator[Division]:
        """Every division under every name it had, then the zones."""
        yield from self._history
        yield from self._zones

    def by_adcode(self, adcode: str, *, year: int | None = None) -> Division | None:
        """What the code stands for now (or last stood for), or stood for at the end of ``year``."""
        return self._history.by_adcode(adcode, year=year)

    def path(self, adcode: str) -> tuple[str, ...]:
        """Names from the province down to the code's own; empty for an unknown code."""
        division = self.by_adcode(adcode)
        return () if division is None else division.path

    def successor_of(self, division: Division) -> Division | None:
        """The division that took over, one step on; None when it is in force or was split up."""
        return self._history.successor_of(division)

    def within(self, division: Division, above: Division) -> bool:
        """Whether ``division`` lies in ``above`` and is not the same."""
        return self._history.within(division, above)

    def find(
        self, name: str, *, within: str | None = None, year: int | None = None
    ) -> tuple[Division, ...]:
        """All divisions and zones a name may mean; none when it is unknown.

        ``within`` is the code of a province or prefecture, or its first two or four digits.
        ``year`` prefers the names in force then; without it today's come before historic ones.
        """
        name = name.strip()
        found = self._strong.get(name) or self._stems.get(name) or self._chained(name)
        if within is not None:
            digits = within[:4].removesuffix("00") if len(within) == 6 else within
            found = tuple(division for division in found if division.adcode.startswith(digits))
        return preferred(found, year)

    def scan(self, text: str, *, year: int | None = None) -> tuple[Mention, ...]:
        """The divisions and zones named in running text, left to right, without overlap."""
        return tuple(mention.in_year(year) for mention in self._scanner.scan(text))

    def stem_at(self, text: str, position: int = 0, *, year: int | None = None) -> Mention | None:
        """The place whose name without suffix stands at ``position``, whatever follows it."""
        found = self._scanner.stem_at(text, position)
        return None if found is None else found.in_year(year)

    def zones_in(self, parents: tuple[Division, ...], suffix: str) -> tuple[Division, ...]:
        """The zones a suffix after one of ``parents`` may mean: listed, or else named by rule."""
        kind = zone_kind(suffix) or suffix
        listed = {
            zone
            for parent in parents
            for zone in self._strong.get((stem(parent.name) or parent.name) + kind, ())
            if zone.zone and zone.adcode == parent.adcode
        }
        if listed:
            return tuple(sorted(listed, key=lambda zone: zone.path))
        long = long_form(suffix)
        return tuple(
            zone
            for parent in self._hosts(parents)
            for zone in self.zones_called((parent,), (stem(parent.name) or parent.name) + long)
        )

    def zones_called(self, parents: tuple[Division, ...], name: str) -> tuple[Division, ...]:
        """A zone that no table lists, as a part of those of ``parents`` that may have one."""
        return tuple(part_of(parent, name, ZONE_LEVEL) for parent in self._hosts(parents))

    def _hosts(self, parents: tuple[Division, ...]) -> tuple[Division, ...]:
        places = [parent for parent in parents if parent.level in ("prefecture", "county")]
        outer = [d for d in places if not any(self.within(d, other) for other in places)]
        return preferred(outer, None)

    def township_in(self, above: Division, name: str) -> Division | None:
        """A township or street of a county, of a city without counties or of a zone."""
        if above.level not in ("prefecture", "county", ZONE_LEVEL):
            return None
        if above.level == "prefecture" and self._history.has_parts(above):
            return None
        return part_of(above, name, "township")

    def zones_like(self, suffix: str) -> tuple[Division, ...]:
        """The listed zones that a bare 高新区 or 经开区 may mean; none for other suffixes."""
        kind = zone_kind(suffix)
        return tuple(zone for zone in self._zones if kind is not None and _kind_of(zone) == kind)

    def is_listed(self, zone: Division) -> bool:
        """Whether a zone comes from zones.csv, and was not named by rule."""
        return zone in self._strong.get(zone.name, ())

    def _chained(self, name: str) -> tuple[Division, ...]:
        mentions = self._scanner.scan(name)
        whole = len(mentions) == 1 and mentions[0].text == name
        return mentions[0].divisions if whole else ()

    def _name_divisions(self) -> None:
        strong: dict[str, list[Division]] = defaultdict(list)
        stems: dict[str, list[Division]] = defaultdict(list)
        for division in self._history:
            if division.level == "national":
                continue
            for form in (division.name, *customary_forms(division.name)):
                strong[form].append(division)
            bare = stem(division.name)
            if bare is not None:
                stems[bare].append(division)
        self._strong.update((name, tuple(found)) for name, found in strong.items())
        self._stems.update((name, tuple(found)) for name, found in stems.items())

    def _name_zones(self, rows: list[ZoneRow]) -> None:
        """A zone's own short forms never take the name of a division: 滨海新区 is 天津's."""
        taken = frozenset(self._strong)
        zones: list[Division] = []
        for row in rows:
            parent = self.by_adcode(row.parent_adcode)
            if parent is None:
                raise SeedError(f"{row.where}: unknown parent_adcode {row.parent_adcode}")
            zone = part_of(parent, row.name, ZONE_LEVEL)
            zones.append(zone)
            forms: set[str] = set()
            for name in (row.name, *row.aliases):
                forms |= zone_forms(name, zone.path[0], parent.name)
            for form in forms - taken:
                self._strong[form] = (*self._strong.get(form, ()), zone)
        self._zones = tuple(zones)

    def _read_aliases(self, path: Path) -> None:
        for where, (alias, adcode, _) in read_lines(path, ALIAS_COLUMNS):
            division = self.by_adcode(adcode)
            if division is None or not alias:
                raise SeedError(f"{where}: needs an alias and a known adcode, not {adcode!r}")
            self._strong[alias] = (*self._strong.get(alias, ()), division)


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
        zone=level == ZONE_LEVEL,
    )


def _kind_of(zone: Division) -> str | None:
    suffix = ZONE_SUFFIX.search(zone.name)
    return zone_kind(suffix["suffix"]) if suffix else None
