"""What a page says about where its site is: site code, ICP number, host. Evidence, never proof."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import SeedError
from ingest.gazetteer.table import read_lines

PROVINCE_COLUMNS = ("adcode", "short", "icp", "hosts")
CENTRAL_COLUMNS = ("name", "aliases")
PRETEND_PREFIXES = frozenset({"90", "91", "92"})
"""Never assigned; the provinces of the demo have them."""
# Ten digits, the first six the adcode of the jurisdiction that owns the site; bm for the centre.
_SITE_CODE = re.compile(r"(?:(?P<adcode>\d{6})\d{4}|bm\d{8})", re.IGNORECASE)
_GOV_HOST = re.compile(
    r"(?:\w+://)?(?P<host>(?:[\w-]+\.)*(?P<label>[\w-]+)\.gov\.cn)(?=[:/?#]|$)", re.IGNORECASE
)
# Left in templates by their makers.
_PLACEHOLDERS = frozenset({"1234567890", "0123456789"})


@dataclass(frozen=True, slots=True)
class Hint:
    """Digits that the adcode of the site's owner begins with, and what they were read from."""

    prefix: str
    source: str


class Provinces:
    """provinces.csv: ICP characters and the labels under gov.cn that provinces use."""

    def __init__(self, path: Path) -> None:
        self._prefixes: set[str] = set()
        self._icp: dict[str, str] = {}
        self._hosts: dict[str, str] = {}
        for where, (adcode, short, icp, hosts) in read_lines(path, PROVINCE_COLUMNS):
            if len(adcode) != 6 or not adcode.endswith("0000") or not short:
                raise SeedError(f"{where}: needs the code and the short name of a province")
            self._prefixes.add(adcode[:2])
            self._icp.update(dict.fromkeys(icp, adcode[:2]))
            self._hosts.update(dict.fromkeys(hosts.split(), adcode[:2]))

    def hints(
        self, site_code: str | None, icp: str | None, host_hint: str | None
    ) -> Iterator[Hint]:
        """What is left of the evidence after placeholders and unknown codes, most trusted first."""
        code = self.site_adcode(site_code)
        if code is not None:
            yield Hint(code, f"site code {site_code}")
        province = self._icp.get((icp or "").strip()[:1])
        if province is not None:
            yield Hint(province, f"ICP {icp}")
        yield from self._host(host_hint)

    def site_adcode(self, site_code: str | None) -> str | None:
        """The six digits of a believable 网站标识码; None for bm codes, placeholders and fakes."""
        match = _SITE_CODE.fullmatch((site_code or "").strip())
        if match is None or match["adcode"] is None:
            return None
        prefix = match["adcode"][:2]
        known = prefix in self._prefixes or prefix in PRETEND_PREFIXES
        fake = match[0] in _PLACEHOLDERS or len(set(match[0])) == 1
        return match["adcode"] if known and not fake else None

    def _host(self, hint: str | None) -> Iterator[Hint]:
        hint = (hint or "").strip()
        if re.fullmatch(r"[1-9]\d{5}", hint):
            yield Hint(hint, f"portal of {hint}")
            return
        match = _GOV_HOST.match(hint)
        if match is not None and match["label"] in self._hosts:
            yield Hint(self._hosts[match["label"]], f"host {match['host']}")


class CentralBodies:
    """central.csv: bodies of the State Council and the like."""

    def __init__(self, path: Path) -> None:
        names: list[str] = []
        for where, (name, aliases) in read_lines(path, CENTRAL_COLUMNS):
            if not name:
                raise SeedError(f"{where}: a central body needs a name")
            names += [name, *aliases.split()]
        longest_first: Sequence[str] = sorted(names, key=len, reverse=True)
        self._pattern = re.compile(
            r"\s*(?:中共)?(?:中华人民共和国)?(?P<name>"
            + "|".join(map(re.escape, longest_first))
            + r")(?!门)"
        )

    def at_start(self, text: str) -> re.Match[str] | None:
        """The central body a text begins with (公安部门 is none)."""
        return self._pattern.match(text)
