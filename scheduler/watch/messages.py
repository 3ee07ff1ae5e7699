"""What is told about alerts: which opened, which ended. Frozen when it is written down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

MOST_TOLD = 50
"""Alerts named in one message; the rest is counted. `fazhi alerts` lists all."""


@dataclass(frozen=True, slots=True)
class Change:
    """An alert that opened, or with ``resolution`` one that ended."""

    alert: int
    portal: str
    name: str
    rule: str
    subject: str
    severity: str
    summary: str
    evidence: Mapping[str, Any]
    opened_at: datetime | str
    resolution: str | None = None

    @property
    def line(self) -> str:
        """For people."""
        return f"{self.name} ({self.portal}): {self.resolution or self.summary}"


@dataclass(frozen=True, slots=True)
class Message:
    """One message on one channel. ``number`` stays the same when it is sent again."""

    number: int
    created_at: datetime
    opened: tuple[Change, ...]
    ended: tuple[Change, ...]
    more: int
    """Changes that are not named here."""

    @property
    def headline(self) -> str:
        """One line."""
        parts = []
        if self.opened:
            parts.append(f"{_count(len(self.opened), 'source')} fell silent")
        if self.ended:
            parts.append(f"{_count(len(self.ended), 'alert')} ended")
        return "fazhi: " + ", ".join(parts)

    @property
    def text(self) -> str:
        """The whole message for people."""
        lines = [self.headline, ""]
        for change in self.opened:
            lines += [
                f"[{change.alert}] {change.line}",
                f"    {change.rule}: {to_json(change.evidence)}",
            ]
        if self.ended:
            lines += ["", "Ended:"]
            lines += [f"[{change.alert}] {change.line}" for change in self.ended]
        if self.more:
            lines += ["", f"and {self.more} more: fazhi alerts"]
        return "\n".join([*lines, "", "fazhi alerts show NUMBER tells more of each."])

    def as_json(self) -> str:
        """The whole message for programs."""
        return to_json(
            {
                "message": self.number,
                "created_at": self.created_at,
                "text": self.text,
                "opened": [asdict(change) for change in self.opened],
                "ended": [asdict(change) for change in self.ended],
                "more": self.more,
            }
        )


def to_content(opened: Sequence[Change], ended: Sequence[Change]) -> str:
    """The changes as JSON text, cut to what one message names."""
    told = opened[:MOST_TOLD]
    told_ended = ended[: MOST_TOLD - len(told)]
    return to_json(
        {
            "opened": [asdict(change) for change in told],
            "ended": [asdict(change) for change in told_ended],
            "more": len(opened) + len(ended) - len(told) - len(told_ended),
        }
    )


def from_content(number: int, created_at: datetime, content: Mapping[str, Any]) -> Message:
    """The message that ``to_content`` wrote down."""
    return Message(
        number=number,
        created_at=created_at,
        opened=tuple(Change(**change) for change in content["opened"]),
        ended=tuple(Change(**change) for change in content["ended"]),
        more=content["more"],
    )


def to_json(value: Any) -> str:
    """JSON text; moments and days in ISO 8601's order."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
