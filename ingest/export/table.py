"""What is exported: a table of named, typed and explained columns, and rows in that order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

Row = Sequence[Any]


class Kind(StrEnum):
    """What a column holds; every value may also be None."""

    INTEGER = "integer"
    NUMBER = "number"
    TRUTH = "truth"
    DAY = "day"
    MOMENT = "moment"
    """An aware point of time."""
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``characters`` and ``bytes`` (of UTF-8) are those of its longest text in this
    export, known only where the format has to know them before the first row."""

    name: str
    kind: Kind
    meaning: str
    characters: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """What is exported, and what it is."""

    name: str
    meaning: str
    columns: tuple[Column, ...]


class Writer(Protocol):
    """Writes a table in one format, batch after batch; ``close`` makes the file complete."""

    def write(self, rows: Sequence[Row]) -> None:
        """The next rows."""

    def close(self) -> None:
        """No more rows will come."""

    def abandon(self) -> None:
        """The export failed: let go of what is open, whatever state the file is in."""
