"""What became of captures: one by one, file by file, and counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any


class StoreOutcome(StrEnum):
    """What became of a capture."""

    NEW_REPORT = "new_report"
    NEW_VERSION = "new_version"
    RE_EXTRACTED = "re_extracted"
    """Better rules read the same capture differently; its version was replaced."""
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class IngestedFile:
    """What became of one file. ``new`` is False when it had been taken in before."""

    path: Path
    new: bool
    capture_id: int
    verdict: str | None
    """None while another worker holds it."""
    reason: str | None
    """Of a reject."""
    report_id: int | None
    title: str | None


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """What an ingest did. ``captures`` is the sum of the five that follow it."""

    captures: int = 0
    reports: int = 0
    """New reports."""
    versions: int = 0
    """New versions of known reports."""
    unchanged: int = 0
    rejects: int = 0
    re_extracted: int = 0
    files: tuple[IngestedFile, ...] = ()
    """In the order they were given; empty when it was not files."""

    def plus(self, outcome: StoreOutcome) -> IngestSummary:
        """The summary with one more capture."""
        field = _FIELDS[outcome]
        counted: dict[str, Any] = {"captures": self.captures + 1, field: getattr(self, field) + 1}
        return replace(self, **counted)


Progress = Callable[[IngestSummary], None]
"""Called with the summary so far, after every capture."""

_FIELDS = {
    StoreOutcome.NEW_REPORT: "reports",
    StoreOutcome.NEW_VERSION: "versions",
    StoreOutcome.UNCHANGED: "unchanged",
    StoreOutcome.REJECTED: "rejects",
    StoreOutcome.RE_EXTRACTED: "re_extracted",
}
