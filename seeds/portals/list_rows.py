"""A row of the list of portals as a row of the registry: names, levels, families, quirks.

Standard library only: the service never imports this file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from registry_files import Row, read_table

REGIONS = Path(__file__).resolve().parent.parent / "regions"
LEVELS = {
    "省": "province",
    "市": "prefecture",
    "县": "county",
    "部门": "department",
    "功能区": "functional_zone",
}
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
