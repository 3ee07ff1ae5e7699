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
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
REGIONS = HERE.parent / "regions"
COLUMNS = (
    *("name", "level", "adcode", "parent_adcode", "base_url", "fazhi_column_url"),
    *("family_guess", "access", "waf", "checked"),
)
LEVELS = {
    "省": "province",
    "市": "prefecture",
    "县": "county",
    "部门": "department",
    "功能区": "functional_zone",
}
GOVERNMENTS = ("province", "prefecture", "county")
FAMILIES = {
    "ah_public_column": "anhui_public",
    "gkmlpt_family": "gkmlpt",
    "hebei_columns_uuid": "hebei_uuid",
    "ucap": "kaipu_ucap",
}
"""Family names of the list that have another name here; all others are kept as they are."""
ACCESS = {
    "none": ("unreachable", "no plain fetch got an answer"),
    "protocol-switch": ("other_scheme", "answered only when http and https were exchanged"),
    "ua-mobile": ("mobile_agent", "answered only to the User-Agent of a telephone"),
}
CHALLENGES = {"HTTP412": "瑞数", "HTTP468": "a web application firewall", "HTTP521": "加速乐"}
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
class Places:
    """What seeds/regions knows: levels of codes, and which hosts are whose."""

    levels: dict[str, str]
    hosts: dict[str, set[str]]

    @classmethod
    def read(cls) -> Places:
        # Later names of a code replace earlier ones; the level hardly ever differs.
        levels = {row["adcode"]: row["level"] for row in read_table(REGIONS / "divisions.csv")}
        hosts: dict[str, set[str]] = defaultdict(set)
        for province in read_table(REGIONS / "provinces.csv"):
            for label in province["hosts"].split():
                hosts[f"{label}.gov.cn"].add(province["adcode"])
        return cls(levels, hosts)

    def add(self, row: Row) -> None:
        self.hosts[bare_host(row.base_url)].add(row.adcode)

    def owner(self, url: str) -> str:
        """Code of the government below whose own host name this one lies; "" if none or several."""
        labels = bare_host(url).split(".")
        for first in range(len(labels) - 2):
            if found := self.hosts.get(".".join(labels[first:])):
                return found.copy().pop() if len(found) == 1 else ""
        return ""


def read_table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def bare_host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def site_id(url: str) -> str:
    """`site-` and the host, such as site-www-moe-gov-cn; a port that is not the usual is told."""
    return "site-" + re.sub(r"[^a-z0-9]+", "-", urlsplit(url).netloc.lower()).strip("-")


def front_page(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", url.strip()):
        raise ValueError(f"base_url {url!r} is not an http(s) URL")
    return url.strip() if parts.path else url.strip() + "/"


def quirk(access: str, waf: str, checked: str) -> str:
    """What is to be known of how the site answers, in the registry's form; "" if nothing is."""
    waf = waf.strip('"')
    if not (access in ACCESS or waf) or not re.fullmatch(r"\d{4}-\d\d-\d\d", checked):
        return ""
    value, reason = ACCESS.get(access, ("unsteady", "answered, but not every time"))
    if waf in CHALLENGES:
        value, reason = "challenge", f"answered {waf} as {CHALLENGES[waf]} does"
    elif waf:
        named = {"timeout": "a time-out", "其他": "an error of no known kind"}.get(waf, waf)
        reason = f"{reason} ({named} was noted)"
    return f"access={value} {checked} {reason}"


def convert(entry: dict[str, str], correction: dict[str, str], places: Places) -> Row:
    """One row of the list as a row of the registry, without what other rows decide."""
    if entry["level"] not in LEVELS:
        raise ValueError(f"level {entry['level']!r} is not one of {' '.join(LEVELS)}")
    row = Row(
        name=entry["name"].strip(),
        level=LEVELS[entry["level"]],
        adcode=entry["adcode"] or entry["parent_adcode"],
        base_url=front_page(entry["base_url"]),
        columns=" ".join(dict.fromkeys(entry["fazhi_column_url"].split())),
        family_hint=FAMILIES.get(entry["family_guess"], entry["family_guess"]),
        quirks=quirk(entry["access"], entry["waf"], entry["checked"]),
    )
    row = replace(row, **correction)
    if not row.name:
        raise ValueError("name is empty")
    if row.adcode and row.adcode not in places.levels:
        raise ValueError(f"adcode {row.adcode} is in no edition of seeds/regions/divisions.csv")
    return row


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
