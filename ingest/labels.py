"""Labels of furniture and facts: 发布机构：, 【公开日期】, 索 引 号, and where they end."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.rules import LineRule
from ingest.shapes import squeeze

LONGEST_CELL = 40
"""Characters, spaces included, of a cell that can be a label."""
SHORTEST_BARE = 3
"""Characters of a label that may stand without a colon, parted from its value by style alone;
文号 may, before a number of that form."""

_END = re.compile(r"[:：]|[】〗\]]\s*[:：]?")
_EDGE = " \t:：-·【】[]〖〗"
"""What may stand around the label of a cell."""
_GAP = re.compile(r"\s+")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")


class Labels:
    """The labels of a rule set. Immutable."""

    def __init__(self, rules: Iterable[LineRule]) -> None:
        self._rules = {name: rule for rule in rules for name in rule.names}
        self._longest = max((len(name) for name in self._rules), default=0)
        self.heads = frozenset(name[0] for name in self._rules)
        """The first characters of labels."""
        self._beginnings = frozenset(name[:2] for name in self._rules)
        self._cell_heads = self.heads | set(_EDGE)
        bare = [spaced(n) for n, r in self._rules.items() if r.field and len(n) >= SHORTEST_BARE]
        self._next_bare = re.compile(rf"(?<=\s)(?:{'|'.join(bare) or '(?!)'})(?=\s)")

    def of_cell(self, text: str) -> LineRule | None:
        """The rule of which this whole cell is a label, with or without its colon."""
        if len(text) > LONGEST_CELL or text[:1] not in self._cell_heads:
            return None
        squeezed = squeeze(text).strip(_EDGE)
        return self._rules.get(squeezed) if len(squeezed) <= self._longest else None

    def at(self, text: str, position: int) -> tuple[str, LineRule, int] | None:
        """(label as printed, its rule, where the value begins) of a label at this place.

        It ends in a colon or a bracket, 发布机构：or 【发布机构】; a field's label also at a space.
        """
        if not self._may_begin(text, position):
            return None
        window = position + 2 * self._longest + 2
        end = _END.search(text, position, window)
        if end is not None:
            label = text[position : end.start()]
            rule = self._rules.get(squeeze(label))
            if rule is not None:
                return label, rule, end.end()
        for gap in _GAP.finditer(text, position, window):
            label = text[position : gap.start()]
            squeezed = squeeze(label)
            rule = self._rules.get(squeezed)
            if rule is not None and rule.field is not None and len(squeezed) > 1:
                return label, rule, gap.end()
        return None

    def _may_begin(self, text: str, position: int) -> bool:
        """Whether two characters leave it open that a label stands here; they seldom do."""
        head = text[position : position + 2]
        return head in self._beginnings or (head[:1] in self.heads and not head[1:].strip())

    def after(self, text: str, position: int, limit: int) -> int:
        """Where the next label begins from ``position`` on; ``limit`` if none does before it."""
        bare = self._next_bare.search(text, position, limit)
        nearest = bare.start() if bare else limit
        for end in _END.finditer(text, position, nearest):
            start = self._before(text, position, end.start())
            if start is not None:
                return start
        return nearest

    def _before(self, text: str, floor: int, colon: int) -> int | None:
        """Start of the longest label that ends at this colon and is no part of a longer word."""
        found = None
        squeezed = ""
        for start in range(colon - 1, max(floor, colon - 2 * self._longest) - 1, -1):
            if text[start].isspace():
                continue
            squeezed = text[start] + squeezed
            if len(squeezed) > self._longest:
                break
            if squeezed in self._rules and (
                start == floor or not _IDEOGRAPH.match(text[start - 1])
            ):
                found = start
        return found


def spaced(name: str) -> str:
    """A pattern for a label that may be printed with spaces between its characters."""
    return r"\s*+".join(re.escape(character) for character in name)
