"""Rules as data: reads seeds/rules/*.toml strictly, and gives the rule set its version.

A rule file that breaks its form raises SeedError naming the file and the rule, at load time; so no
page is ever cleaned by half a rule set.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crawler.errors import SeedError
from crawler.seeds import SEEDS

_REQUIRED = ("id", "reason", "matches", "spares")
_OPTIONAL = ("field", "names", "value", "patterns", "anywhere", "glued")
_MARKS = ("sizes", "networks", "count", "date")
_TEXTS = ("short", "line", "code", "organisation", "name", "contact")
VALUE_SHAPES = frozenset(_MARKS + _TEXTS)


@dataclass(frozen=True, slots=True)
class LineRule:
    """One rule of boilerplate.toml or fields.toml; the form is described at their head."""

    id: str
    reason: str
    field: str | None
    names: tuple[str, ...]
    value: str
    patterns: tuple[str, ...]
    anywhere: bool
    glued: bool
    matches: tuple[str, ...]
    spares: tuple[str, ...]


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file; SeedError with the file's name when it is absent or malformed."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SeedError(f"{path} is missing; restore it from the project's seeds/") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SeedError(f"{path}: {error}; correct the file") from None


@cache
def load_line_rules(seeds: Path = SEEDS) -> tuple[LineRule, ...]:
    """The rules of boilerplate.toml and fields.toml, in file order."""
    rules: list[LineRule] = []
    for name in ("boilerplate.toml", "fields.toml"):
        path = seeds / "rules" / name
        rules += [_line_rule(path, entry) for entry in read_toml(path).get("rule", [])]
    ids = [rule.id for rule in rules]
    for twice in {identity for identity in ids if ids.count(identity) > 1}:
        raise SeedError(f"{seeds / 'rules'}: two rules have the id {twice!r}; rename one")
    return tuple(rules)


def _line_rule(path: Path, entry: dict[str, Any]) -> LineRule:
    where = f"{path}: rule {entry.get('id', '(without id)')!r}"
    unknown = set(entry).difference(_REQUIRED, _OPTIONAL)
    if unknown:
        raise SeedError(f"{where} has unknown keys {sorted(unknown)}; correct the spelling")
    for key in _REQUIRED:
        if not entry.get(key):
            raise SeedError(f"{where} has no {key}; every rule needs one")
    names, patterns = tuple(entry.get("names", ())), tuple(entry.get("patterns", ()))
    shape = entry.get("value", "")
    if bool(names) == bool(patterns):
        raise SeedError(f"{where} needs either names (with a value shape) or patterns")
    if names and shape not in VALUE_SHAPES:
        raise SeedError(f"{where}: value {shape!r} is none of {sorted(VALUE_SHAPES)}")
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise SeedError(
                f"{where}: pattern {pattern!r} is no regular expression: {error}"
            ) from None
    return LineRule(
        id=entry["id"],
        reason=entry["reason"],
        field=entry.get("field"),
        names=names,
        value=shape,
        patterns=patterns,
        anywhere=bool(entry.get("anywhere", False)),
        glued=bool(entry.get("glued", False)),
        matches=tuple(entry["matches"]),
        spares=tuple(entry["spares"]),
    )


@cache
def ruleset_version(seeds: Path = SEEDS) -> str:
    """A short hash over the rule files, kinds, regions and the chain's own code.

    Two records with the same version and the same capture are the same; results of different
    versions must not be mixed up.
    """
    digest = hashlib.sha256()
    room = Path(__file__).parent
    code = sorted(p for p in room.rglob("*.py") if "store" not in p.relative_to(room).parts)
    data = sorted(
        path
        for folder in ("rules", "kinds", "regions")
        for path in (seeds / folder).rglob("*")
        if path.suffix in {".toml", ".csv"}
    )
    for path in (*code, *data):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
