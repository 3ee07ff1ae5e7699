"""What the indicators of a kind of yearly report mean: seeds/kinds/<kind>/definitions.toml."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from crawler.errors import SeedError
from crawler.seeds import SEEDS
from ingest.rules import read_toml

FILE = "definitions.toml"
TIERS = ("core", "extended")
_OPTIONAL = ("pitfalls",)


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator; the fields are told at the head of the file."""

    code: str
    theme: str
    name_zh: str
    name_en: str
    unit: str
    tier: str
    definition: str
    pitfalls: str | None = None


@cache
def load_definitions(kind: str, seeds: Path = SEEDS) -> tuple[Definition, ...]:
    """The indicators of a kind in the order of the file; none where it has no such file.

    Errors: SeedError naming the file and the indicator.
    """
    path = seeds / "kinds" / kind / FILE
    if not path.exists():
        return ()
    definitions = tuple(_definition(path, entry) for entry in read_toml(path).get("indicator", []))
    codes = [definition.code for definition in definitions]
    for twice in sorted({code for code in codes if codes.count(code) > 1}):
        raise SeedError(f"{path}: two indicators have the code {twice!r}; keep one")
    return definitions


def _definition(path: Path, entry: dict[str, Any]) -> Definition:
    where = f"{path}: indicator {entry.get('code', '(without code)')!r}"
    names = [field.name for field in fields(Definition)]
    unknown = sorted(set(entry).difference(names))
    if unknown:
        raise SeedError(f"{where} has unknown keys {unknown}; correct the spelling")
    for name in names:
        if name not in _OPTIONAL and not entry.get(name):
            raise SeedError(f"{where} has no {name}; every indicator needs one")
    if entry["tier"] not in TIERS:
        raise SeedError(f"{where}: tier {entry['tier']!r} is none of {', '.join(TIERS)}")
    return Definition(**entry)
