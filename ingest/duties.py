"""Who owes a kind of yearly report, by when, by which law: seeds/kinds/<kind>/duty.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from crawler.errors import SeedError
from crawler.portals import LEVELS
from crawler.seeds import SEEDS
from ingest.rules import read_toml

FILE = "duty.toml"
KEYS = {"law", "why", "due", "first_year", "levels"}


@dataclass(frozen=True, slots=True)
class Duty:
    """One kind's duty.

    ``due_month`` and ``due_day`` are of the year after the one reported on; ``first_year`` is the
    first that had to be reported on; ``levels`` are those of portals whose owner owes it.
    """

    kind: str
    law: str
    why: str
    due_month: int
    due_day: int
    first_year: int
    levels: frozenset[str]

    def due(self, year: int) -> date:
        """The last day on which the report on ``year`` is in time."""
        return date(year + 1, self.due_month, self.due_day)


def load_duties(seeds: Path = SEEDS) -> tuple[Duty, ...]:
    """The duty of every kind that has one. Errors: SeedError."""
    return tuple(_duty(path) for path in sorted((seeds / "kinds").glob(f"*/{FILE}")))


def _duty(path: Path) -> Duty:
    told = read_toml(path)
    if set(told) != KEYS:
        wrong = ", ".join(sorted(set(told) ^ KEYS))
        raise SeedError(f"{path}: the keys are {', '.join(sorted(KEYS))}; see to {wrong}")
    try:
        due = date.fromisoformat(f"2001-{told['due']}")
        levels = frozenset(told["levels"])
    except (TypeError, ValueError) as error:
        raise SeedError(f"{path}: due is not a month and a day such as '04-01': {error}") from None
    if unknown := levels - set(LEVELS):
        raise SeedError(f"{path}: levels: {', '.join(sorted(unknown))} is no level of a portal")
    _check(path, told)
    return Duty(
        kind=path.parent.name,
        law=told["law"],
        why=told["why"],
        due_month=due.month,
        due_day=due.day,
        first_year=told["first_year"],
        levels=levels,
    )


def _check(path: Path, told: Mapping[str, Any]) -> None:
    if not all(isinstance(told[key], str) and told[key].strip() for key in ("law", "why")):
        raise SeedError(f"{path}: law and why are texts")
    if not isinstance(told["first_year"], int) or not 1980 <= told["first_year"] <= 2100:
        raise SeedError(f"{path}: first_year is no year")
