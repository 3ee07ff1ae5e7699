"""Reads seeds/watch.toml; SeedError says ``file: key: reason``.

What each number means is said in the files, beside the number.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from crawler.errors import SeedError
from crawler.seeds import SEEDS

SEVERITIES = ("warning", "notice")
MOST_VISITS = 12
"""The watch reads so many visits of a portal; a rule cannot ask for more."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """See [overdue]."""

    severity: str
    grace_days: int
    history_years: int
    severity_by_duty_alone: str


@dataclass(frozen=True, slots=True)
class SuddenZero:
    """See [sudden_zero]."""

    severity: str
    visits: int
    base_visits: int
    least_entries: int


@dataclass(frozen=True, slots=True)
class Challenge:
    """See [challenge]."""

    severity: str
    visits: int
    least_challenged: int
    share: float


@dataclass(frozen=True, slots=True)
class ColumnGone:
    """See [column_gone]."""

    severity: str
    visits: int


@dataclass(frozen=True, slots=True)
class FamilyChanged:
    """See [family_changed]."""

    severity: str
    visits: int
    base_visits: int


@dataclass(frozen=True, slots=True)
class Failing:
    """See [failing]."""

    severity: str
    visits: int
    days: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All rules' numbers, by rule."""

    overdue: Overdue
    sudden_zero: SuddenZero
    challenge: Challenge
    column_gone: ColumnGone
    family_changed: FamilyChanged
    failing: Failing


RULES = tuple(field.name for field in fields(Thresholds))


T = TypeVar("T")


def load_thresholds(seeds: Path = SEEDS) -> Thresholds:
    """The numbers of all rules."""
    file = seeds / "watch.toml"
    tables = _toml(file)
    for rule in tables:
        if rule not in RULES:
            _fail(file, rule, f"unknown rule; allowed: {', '.join(RULES)}")
    return Thresholds(
        overdue=_table(file, tables, "overdue", Overdue),
        sudden_zero=_table(file, tables, "sudden_zero", SuddenZero),
        challenge=_table(file, tables, "challenge", Challenge),
        column_gone=_table(file, tables, "column_gone", ColumnGone),
        family_changed=_table(file, tables, "family_changed", FamilyChanged),
        failing=_table(file, tables, "failing", Failing),
    )


def _table(file: Path, tables: Mapping[str, Any], rule: str, shape: type[T]) -> T:
    table = tables.get(rule)
    if not isinstance(table, dict):
        _fail(file, rule, "must be given, as a table")
    names = [field.name for field in fields(shape)]  # type: ignore[arg-type]
    _only(file, f"{rule}.", table, {"why", *names})
    if not isinstance(table.get("why"), str) or not table["why"].strip():
        _fail(file, f"{rule}.why", "must be given, as text")
    for name in names:
        if complaint := _complaint(name, table.get(name)):
            _fail(file, f"{rule}.{name}", complaint)
    if table.get("visits", 0) + table.get("base_visits", 0) > MOST_VISITS:
        _fail(file, f"{rule}.visits", f"no more than {MOST_VISITS} visits are looked at")
    return shape(**{name: table[name] for name in names})


def _complaint(name: str, value: object) -> str | None:
    if name.startswith("severity"):
        return None if value in SEVERITIES else f"must be one of {', '.join(SEVERITIES)}"
    if isinstance(value, bool):
        return "must be a number"
    if name == "share":
        good = isinstance(value, int | float) and 0 < value <= 1
        return None if good else "must be a share above 0, up to 1"
    least = 0 if name == "grace_days" else 1
    good = isinstance(value, int) and least <= value <= 366
    return None if good else f"must be a whole number from {least} to 366"


def _only(file: Path, within: str, table: Mapping[str, Any], allowed: set[str]) -> None:
    for key in table:
        if key not in allowed:
            _fail(file, f"{within}{key}", f"unknown key; allowed: {', '.join(sorted(allowed))}")


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SeedError(f"{file}: cannot be read as TOML: {error}") from error


def _fail(file: Path, key: str, reason: str) -> NoReturn:
    raise SeedError(f"{file}: {key}: {reason}")
