"""A stand-in for the chain, for tests of what works with it."""

from __future__ import annotations

from typing import Any

from ingest.records import Record, Verdict


class Chain:
    """What to make of a page is written on it."""

    def __init__(self, record: Any) -> None:
        self.record = record
        self.seen: list[str] = []

    def __call__(self, content: bytes, *, name: str, **_: Any) -> Record:
        self.seen.append(name)
        command, _, text = content.decode().partition(" ")
        if command == "raise":
            raise {"MemoryError": MemoryError, "KeyError": KeyError}[text]
        if command == "verdict":
            return self.record(verdict=Verdict(text), title=None)  # type: ignore[no-any-return]
        date = text if command == "date" else "2026-01-20"
        made: Record = self.record(title=text, published_at=date)
        return made
