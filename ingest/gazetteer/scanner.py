"""Find divisions and zones in running text: longest match first, in time linear in the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ingest.gazetteer.names import ZONE_SUFFIX
from ingest.gazetteer.table import Division

Names = Mapping[str, tuple[Division, ...]]


@dataclass(frozen=True, slots=True)
class Mention:
    """A run of text that names a place; ``divisions`` are all it may mean.

    ``start`` and ``end`` count code points of the scanned text.
    """

    text: str
    start: int
    end: int
    divisions: tuple[Division, ...]


@dataclass(frozen=True, slots=True)
class Relations:
    """What the scanner asks the table."""

    within: Callable[[Division, Division], bool]
    zone_of: Callable[[tuple[Division, ...], str], tuple[Division, ...]]
    township_of: Callable[[Division, str], Division | None]


# Names that are common nouns too: only at the start of a text or after their parent's name.
_COMMON = frozenset({"城区", "郊区", "市郊区", "矿区", "东区", "西区", "新城区", "老城区"})
# What follows shows that the last character belongs to another word: 区域, 区划, 县域, 县级.
_NOT_AFTER = {"区": frozenset("域划间块段县"), "县": frozenset("域级"), "市": frozenset()}
_BEFORE_SHORT = ("中共", "关于")
_GAP = re.compile(r"[\s·•・]*")
_STOP = "局委厅院办关年省市县、，"
TOWNSHIP = re.compile(
    rf"(?P<name>[^\W\d_{_STOP}]{{1,12}}?(?:街道|镇|乡|苏木|街))(?:办事处)?"
    r"(?=$|\W|\d|二〇|人民政府|委员会|党委|党工委|党政|政府|关于|司法所|法治|依法|推进|全面)"
)
_COLLECTIVE = re.compile("[各全本]?(?:乡镇|城乡|城镇|镇街|村镇|镇乡|[各全本][乡镇街])|.*街道[乡镇]")
_GOVERNMENT = re.compile("(?:人民政府)?")


def township_at(text: str, position: int) -> re.Match[str] | None:
    """A township's or street's name that begins at ``position``, if one does."""
    match = TOWNSHIP.match(text, position)
    return None if match is None or _COLLECTIVE.fullmatch(match["name"]) else match


class Scanner:
    """A dictionary with the lengths of the names under their first two characters."""

    def __init__(self, strong: Names, weak: Names, relations: Relations) -> None:
        self._strong, self._weak, self._relations = strong, weak, relations
        self._strong_lengths = _lengths(strong)
        self._weak_lengths = _lengths(weak)

    def scan(self, text: str) -> tuple[Mention, ...]:
        """All mentions, left to right, not overlapping."""
        mentions: list[Mention] = []
        position = 0
        while position < len(text):
            mention = self._mention_at(text, position)
            if mention is None:
                position += 1
            else:
                mentions.append(mention)
                position = mention.end
        return tuple(mentions)

    def stem_at(self, text: str, position: int = 0) -> Mention | None:
        """The longest name without suffix at ``position``, whatever follows it."""
        end = _longest(text, position, self._weak, self._weak_lengths)
        return self._plain(text, position, end, self._weak) if end else None

    def _mention_at(self, text: str, start: int) -> Mention | None:
        end = _longest(text, start, self._strong, self._strong_lengths)
        if end and _stands_alone(text, start, end):
            return self._extend(text, self._plain(text, start, end, self._strong))
        weak = self.stem_at(text, start)
        if weak is None:
            return None
        extended = self._extend(text, weak)
        return extended if extended.end > weak.end else None

    def _extend(self, text: str, mention: Mention) -> Mention:
        """Join what follows directly and lies within: a division, a zone, a township."""
        while True:
            longer = (
                self._with_zone(text, mention)
                or self._with_part(text, mention)
                or self._with_township(text, mention)
            )
            if longer is None:
                return mention
            mention = longer

    def _with_part(self, text: str, mention: Mention) -> Mention | None:
        start = _skip(_GAP, text, mention.end)
        end = _longest(text, start, self._strong, self._strong_lengths)
        if end and _ends_well(text, end):
            return self._inside(text, mention, self._plain(text, start, end, self._strong))
        weak = self.stem_at(text, start)
        part = None if weak is None else self._inside(text, mention, weak)
        # Each part lies strictly within the one before, so this goes no deeper than the levels.
        return part if part is not None and self._extend(text, part).end > part.end else None

    def _inside(self, text: str, mention: Mention, part: Mention) -> Mention | None:
        inside = tuple(
            division
            for division in part.divisions
            if any(self._relations.within(division, above) for above in mention.divisions)
        )
        if not inside:
            return None
        return Mention(text[mention.start : part.end], mention.start, part.end, inside)

    def _with_zone(self, text: str, mention: Mention) -> Mention | None:
        suffix = ZONE_SUFFIX.match(text, _skip(_GAP, text, mention.end))
        if suffix is None or any(division.zone for division in mention.divisions):
            return None
        zones = self._relations.zone_of(mention.divisions, suffix["suffix"])
        if not zones:
            return None
        end = suffix.end()
        return Mention(text[mention.start : end], mention.start, end, zones)

    def _with_township(self, text: str, mention: Mention) -> Mention | None:
        start = _skip(_GOVERNMENT, text, mention.end)
        match = township_at(text, start)
        if match is None:
            return None
        found = [self._relations.township_of(above, match["name"]) for above in mention.divisions]
        townships = tuple(township for township in found if township is not None)
        if not townships:
            return None
        return Mention(text[mention.start : match.end()], mention.start, match.end(), townships)

    @staticmethod
    def _plain(text: str, start: int, end: int, names: Names) -> Mention:
        return Mention(text[start:end], start, end, names[text[start:end]])


def _lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for name in names:
        found.setdefault(name[:2], set()).add(len(name))
    return {head: tuple(sorted(lengths, reverse=True)) for head, lengths in found.items()}


def _longest(
    text: str, start: int, names: Names, lengths: Mapping[str, tuple[int, ...]]
) -> int | None:
    for length in lengths.get(text[start : start + 2], ()):
        end = start + length
        if end <= len(text) and text[start:end] in names:
            return end
    return None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a name with suffix is a name here, and not a piece of other words."""
    if not _ends_well(text, end):
        return False
    if text[start:end] in _COMMON:
        return start == 0
    if end - start > 2 or start == 0 or not text[start - 1].isalnum():
        return True
    return text.endswith(_BEFORE_SHORT, 0, start)


def _ends_well(text: str, end: int) -> bool:
    return end >= len(text) or text[end] not in _NOT_AFTER.get(text[end - 1], frozenset())


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position
