"""The registry of portals: what is known of each, read strictly from CSV.

Header: ``id,name,level,adcode,base_url,columns,family_hint,quirks,disabled``. ``columns`` are URLs
separated by spaces; ``quirks`` are ``key=value;key=value``, where the value ends with the date it
was seen (ISO) and the reason, e.g. ``tls=legacy 2026-04-26 no secure renegotiation``; what they
bring about is told in crawler.quirks.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from crawler.errors import SeedError, UnknownPortalError
from crawler.quirks import read_quirks
from crawler.seeds import SEEDS

HEADER = (
    "id",
    "name",
    "level",
    "adcode",
    "base_url",
    "columns",
    "family_hint",
    "quirks",
    "disabled",
)
LEVELS = (
    "national",
    "province",
    "prefecture",
    "county",
    "township",
    "functional_zone",
    "department",
)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_QUIRK = re.compile(r"([a-z][a-z0-9_]*)=(\S+ \d{4}-\d{2}-\d{2} \S.*)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that lists yearly reports."""

    url: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Portal:
    """One government website."""

    id: str
    """Kebab-case ASCII, unique over all files."""
    name: str
    level: str
    """One of LEVELS."""
    adcode: str | None
    """Six digits (GB/T 2260), or None where the site belongs to no single division."""
    base_url: str
    columns: tuple[Column, ...] = ()
    family_hint: str | None = None
    quirks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    disabled: str | None = None
    """Why the portal is not crawled, or None when it is."""

    @property
    def host(self) -> str:
        """Host name of the base URL, lower case, without port."""
        return urlsplit(self.base_url).hostname or ""


def read_portals(path: Path) -> list[Portal]:
    """All rows of one registry file, in order. SeedError names file, line and reason."""
    return [portal for _, portal in _numbered_portals(path)]


def load_portals(seeds: Path = SEEDS) -> dict[str, Portal]:
    """Every portal of seeds/portals/*.csv and seeds/demo/portals.csv, by id."""
    files = [*sorted((seeds / "portals").glob("*.csv")), seeds / "demo" / "portals.csv"]
    portals: dict[str, Portal] = {}
    origin: dict[str, str] = {}
    for path in filter(Path.is_file, files):
        for line, portal in _numbered_portals(path):
            if portal.id in portals:
                raise SeedError(f"{path}:{line}: id {portal.id!r} is taken by {origin[portal.id]}")
            portals[portal.id] = portal
            origin[portal.id] = f"{path}:{line}"
    if not portals:
        raise SeedError(f"no portals in {seeds / 'portals'} or {files[-1]}: restore the seeds")
    return portals


def find_portal(portals: Mapping[str, Portal], portal_id: str) -> Portal:
    """The portal with this id; UnknownPortalError offers the ids that look alike."""
    if portal_id in portals:
        return portals[portal_id]
    near = get_close_matches(portal_id, portals, n=3)
    hint = f"did you mean {', '.join(near)}?" if near else "'fazhi portals' lists the known ids"
    raise UnknownPortalError(f"no portal has the id {portal_id!r}; {hint}")


def _numbered_portals(path: Path) -> Iterator[tuple[int, Portal]]:
    seen: dict[str, int] = {}
    for line, row in _numbered_rows(path):
        try:
            portal = portal_of(row)
            if portal.id in seen:
                raise ValueError(f"id {portal.id!r} is taken by line {seen[portal.id]}")
        except ValueError as reason:
            raise SeedError(f"{path}:{line}: {reason}") from None
        seen[portal.id] = line
        yield line, portal


def _numbered_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows as dicts with the line each begins on; blank lines are passed over."""
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for row in reader:
                if line == 1 and tuple(row) != HEADER:
                    raise SeedError(f"{path}:1: the header must be {','.join(HEADER)}")
                if line > 1 and row:
                    if len(row) != len(HEADER):
                        raise SeedError(f"{path}:{line}: {len(row)} columns, not {len(HEADER)}")
                    yield line, dict(zip(HEADER, map(str.strip, row), strict=True))
                line = reader.line_num + 1
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SeedError(f"{path}:{line}: cannot be read as UTF-8 CSV: {error}") from error
    if line == 1:
        raise SeedError(f"{path}:1: empty file; the header must be {','.join(HEADER)}")


def portal_of(row: Mapping[str, str]) -> Portal:
    """A portal from the text of a row, by column name; ValueError says which is wrong and why."""
    if not _ID.fullmatch(row["id"]):
        raise ValueError(f"id {row['id']!r} is not kebab-case ASCII, such as 'gov-350581'")
    if not row["name"]:
        raise ValueError("name is empty")
    if row["level"] not in LEVELS:
        raise ValueError(f"level {row['level']!r} is unknown; it is one of {', '.join(LEVELS)}")
    if row["adcode"] and not re.fullmatch(r"[0-9]{6}", row["adcode"]):
        raise ValueError(f"adcode {row['adcode']!r} is not six digits (leave it empty if unknown)")
    return Portal(
        id=row["id"],
        name=row["name"],
        level=row["level"],
        adcode=row["adcode"] or None,
        base_url=_http_url(row["base_url"], "base_url"),
        columns=tuple(Column(_http_url(url, "columns")) for url in row["columns"].split()),
        family_hint=row["family_hint"] or None,
        quirks=_quirks(row["quirks"]),
        disabled=row["disabled"] or None,
    )


def row_of(portal: Portal) -> dict[str, str]:
    """The row that ``portal_of`` makes this portal of; only the names of columns are lost."""
    return {
        "id": portal.id,
        "name": portal.name,
        "level": portal.level,
        "adcode": portal.adcode or "",
        "base_url": portal.base_url,
        "columns": " ".join(column.url for column in portal.columns),
        "family_hint": portal.family_hint or "",
        "quirks": ";".join(f"{key}={value}" for key, value in portal.quirks.items()),
        "disabled": portal.disabled or "",
    }


def _http_url(text: str, where: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or re.search(r"\s", text):
        raise ValueError(f"{where}: {text!r} is not an http(s) URL")
    return text


def _quirks(text: str) -> Mapping[str, str]:
    quirks: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        match = _QUIRK.fullmatch(part)
        if not match:
            raise ValueError(f"quirk {part!r} is not 'key=value YYYY-MM-DD reason'")
        if match[1] in quirks:
            raise ValueError(f"quirk {match[1]!r} is given twice")
        quirks[match[1]] = match[2]
    read_quirks(quirks)
    return MappingProxyType(quirks)
