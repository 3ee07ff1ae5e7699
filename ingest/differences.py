"""What another reading of the same captures changes: by field and by indicator. Pure.

Counts grow with the number of codes and fields, not with that of documents, and of each kind only a
few examples are kept; so a million captures can be compared.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

EXAMPLES = 3
"""Of each field and code: enough to look one up, few enough to read."""
AROUND = 40
"""Characters before and after the place where two long texts part."""
INDICATORS, FACTS = "indicator_values", "figures"
NAMES = {"removals": "removed", FACTS: "facts", INDICATORS: "indicators"}
"""Parts that a record calls otherwise than their table."""
_NOT_SAID = ("rule", "section")
"""How an indicator was found is no difference in what it says."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a capture. ``fields`` and ``parts`` (by table) are as in ``Contents``, the
    body among the fields; None where the capture made no version of its own."""

    verdict: str | None
    reason: str | None
    report_id: int | None
    fields: Mapping[str, Any] | None
    parts: Mapping[str, Sequence[Mapping[str, Any]]] | None
    digest: str | None = None
    """Of everything that is stored, how it was found included."""


@dataclass(frozen=True, slots=True)
class Example:
    """One difference; ``before`` or ``after`` is None where there was or is nothing."""

    capture_id: int
    report_id: int | None
    before: Any
    after: Any


@dataclass(slots=True)
class Tally:
    """``changed`` has another value; ``otherwise`` the same value with another unit, period,
    subtype, place, proof or doubt."""

    added: int = 0
    gone: int = 0
    changed: int = 0
    otherwise: int = 0
    examples: list[Example] = field(default_factory=list)

    def note(self, kind: str, example: Example) -> None:
        """One more difference of a kind, kept as an example while there are few."""
        setattr(self, kind, getattr(self, kind) + 1)
        if len(self.examples) < EXAMPLES:
            self.examples.append(example)

    def add(self, other: Tally) -> None:
        """The sum of two; examples of both while there are few."""
        self.added += other.added
        self.gone += other.gone
        self.changed += other.changed
        self.otherwise += other.otherwise
        self.examples += other.examples[: EXAMPLES - len(self.examples)]


@dataclass(slots=True)
class Differences:
    """The sum over all captures read; ``verdicts`` has what changed, such as reject -> report."""

    captures: int = 0
    changed: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    verdict_examples: list[Example] = field(default_factory=list)
    fields: dict[str, Tally] = field(default_factory=dict)
    indicators: dict[str, Tally] = field(default_factory=dict)
    facts: Tally = field(default_factory=Tally)

    def compare(self, capture_id: int, before: Reading, after: Reading) -> None:
        """One capture more. One that made no version is compared by its verdict alone."""
        self.captures += 1
        seen = _Comparison(self, capture_id, before.report_id or after.report_id)
        if before.verdict != after.verdict:
            seen.verdict(before, after)
        elif before.fields is not None and after.fields is not None:
            seen.fields(before.fields, after.fields)
            seen.parts(before.parts or {}, after.parts or {})
        self.changed += seen.any

    def add(self, other: Differences) -> None:
        """The sum of two, as if all captures had been compared here."""
        self.captures += other.captures
        self.changed += other.changed
        for change, number in other.verdicts.items():
            self.verdicts[change] = self.verdicts.get(change, 0) + number
        self.verdict_examples += other.verdict_examples[: EXAMPLES - len(self.verdict_examples)]
        for own, others in ((self.fields, other.fields), (self.indicators, other.indicators)):
            for name, tally in others.items():
                own.setdefault(name, Tally()).add(tally)
        self.facts.add(other.facts)


def restored(plain: Mapping[str, Any]) -> Differences:
    """Differences from their ``asdict``."""

    def tallies(found: Mapping[str, Any]) -> dict[str, Tally]:
        return {name: _tally(tally) for name, tally in found.items()}

    return Differences(
        plain["captures"],
        plain["changed"],
        dict(plain["verdicts"]),
        [Example(**example) for example in plain["verdict_examples"]],
        tallies(plain["fields"]),
        tallies(plain["indicators"]),
        _tally(plain["facts"]),
    )


def _tally(plain: Mapping[str, Any]) -> Tally:
    return Tally(**{**plain, "examples": [Example(**example) for example in plain["examples"]]})


class _Comparison:
    """One capture's share."""

    def __init__(self, total: Differences, capture_id: int, report_id: int | None) -> None:
        self._total = total
        self._ids = (capture_id, report_id)
        self.any = False

    def verdict(self, before: Reading, after: Reading) -> None:
        self.any = True
        change, verdicts = f"{before.verdict} -> {after.verdict}", self._total.verdicts
        verdicts[change] = verdicts.get(change, 0) + 1
        if len(self._total.verdict_examples) < EXAMPLES:
            self._total.verdict_examples.append(Example(*self._ids, before.reason, after.reason))

    def fields(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        for name in sorted({*before, *after}):
            old, new = before.get(name), after.get(name)
            if old != new and not (_empty(old) and _empty(new)):
                shown = _where_they_part(old, new)
                self._note(self._total.fields.setdefault(name, Tally()), *shown)

    def parts(
        self,
        before: Mapping[str, Sequence[Mapping[str, Any]]],
        after: Mapping[str, Sequence[Mapping[str, Any]]],
    ) -> None:
        for table in sorted({*before, *after}):
            old, new = before.get(table, ()), after.get(table, ())
            if table == INDICATORS:
                self._indicators(old, new)
            elif table == FACTS:
                self._items(self._total.facts, old, new)
            elif list(old) != list(new):
                name = NAMES.get(table, table)
                sizes = (f"{len(old)} of them", f"{len(new)} of them")
                self._note(self._total.fields.setdefault(name, Tally()), *sizes)

    def _indicators(
        self, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
    ) -> None:
        for code in sorted({item["code"] for item in (*before, *after)}):
            old, new = ([item for item in side if item["code"] == code] for side in (before, after))
            if sorted(map(hash, map(_said, old))) != sorted(map(hash, map(_said, new))):
                self._items(self._total.indicators.setdefault(code, Tally()), old, new)

    def _items(
        self, tally: Tally, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
    ) -> None:
        """What is the same on both sides leaves first, then the same value, then by order."""
        old, new = _without_common(before, after, _said)
        same_value = _common(old, new, _value)
        old_rest, new_rest = _without_common(old, new, _value)
        for one, other in same_value:
            self._note(tally, one, other, "otherwise")
        paired = min(len(old_rest), len(new_rest)) if tally is not self._total.facts else 0
        for one, other in zip(old_rest[:paired], new_rest[:paired], strict=True):
            self._note(tally, one, other, "changed")
        for one in old_rest[paired:]:
            self._note(tally, one, None)
        for other in new_rest[paired:]:
            self._note(tally, None, other)

    def _note(self, tally: Tally, before: Any, after: Any, kind: str | None = None) -> None:
        self.any = True
        if kind is None:
            kind = "added" if _empty(before) else "gone" if _empty(after) else "changed"
        tally.note(kind, Example(*self._ids, before, after))


def _empty(value: Any) -> bool:
    return value in (None, "", [], {})


def _where_they_part(before: Any, after: Any) -> tuple[Any, Any]:
    """Of long texts only the neighbourhood of the first difference."""
    if not (isinstance(before, str) and isinstance(after, str)):
        return before, after
    if max(len(before), len(after)) <= 2 * AROUND:
        return before, after
    pairs = enumerate(zip(before, after, strict=False))
    place = next((n for n, (one, other) in pairs if one != other), min(len(before), len(after)))
    part = slice(max(0, place - AROUND), place + AROUND)
    return f"...{before[part]}...", f"...{after[part]}..."


def _said(item: Mapping[str, Any]) -> Hashable:
    said = ((key, value) for key, value in item.items() if key not in _NOT_SAID)
    return tuple(sorted((key, value) for key, value in said if value is not None))


def _value(item: Mapping[str, Any]) -> Hashable:
    return item["value"], item.get("value_to")


def _without_common(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]], key: Any
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Both sides without the pairs that have the same key."""
    old, new = list(before), list(after)
    for one, other in _common(old, new, key):
        old.remove(one)
        new.remove(other)
    return old, new


def _common(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], key: Any
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Pairs that have the same key, each item in one pair at most."""
    waiting: dict[Hashable, list[Mapping[str, Any]]] = {}
    for item in after:
        waiting.setdefault(key(item), []).append(item)
    return [(item, found.pop(0)) for item in before if (found := waiting.get(key(item)))]
