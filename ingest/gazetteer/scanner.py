"""Find divisions and zones in running text: longest match first, in time linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ingest.gazetteer.history import preferred
from ingest.gazetteer.names import ZONE_SUFFIX, long_form
from ingest.gazetteer.table import Division

Names = Mapping[str, tuple[Division, ...]]


class Relations(Protocol):
    """What the scanner asks of the table."""

    def within(self, division: Division, above: Division) -> bool: ...
    def zones_in(self, parents: tuple[Division, ...], suffix: str) -> tuple[Division, ...]: ...
    def zones_called(self, parents: tuple[Division, ...], name: str) -> tuple[Division, ...]: ...
    def township_in(self, above: Division, name: str) -> Division | None: ...


@dataclass(frozen=True, slots=True)
class Mention:
    """A run of text that names a place; ``divisions`` are all it may mean.

    ``start`` and ``end`` count code points of the scanned text.
    """

    text: str
    start: int
    end: int
    divisions: tuple[Division, ...]

    def in_year(self, year: int | None) -> Mention:
        """The same mention with the divisions preferred for ``year``, or today's."""
        return Mention(self.text, self.start, self.end, preferred(self.divisions, year))


# Names that are common nouns too count only at the start of a text or after their parent's name;
# those of the second list only after their parent's name.
_AT_START = frozenset({"城区", "郊区", "矿区", "新城区", "老城区"})
_AFTER_PARENT = frozenset({"新区", "市区", "东区", "西区", "南区", "北区", "市郊区"})
# What follows shows that the last character belongs to another word: 区域, 区划, 县域, 东区街道.
_NOT_AFTER = {"区": frozenset("域划间块段县街"), "县": frozenset("域级")}
_BEFORE_SHORT = ("中共", "关于")
_GAP = re.compile(r"[ \t\u3000·•・]{0,3}")
_GOVERNMENT = re.compile("(?:人民政府)?")
_TOWNSHIP = re.compile(
    r"(?P<name>[^\W\d_局委厅院办关年省市县]{1,12}?(?:街道|镇|乡|苏木|街))(?:办事处)?"
    r"(?=$|\W|\d|二〇|人民政府|委员会|党委|党工委|工委|工作委员会|党政|政府|关于|司法所|法治|依法|推进|全面)"
)
# A zone with a name of its own after its parent's: 九江市八里湖新区管委会; a government between
# them is its parent's: 黄埔区人民政府广州开发区管委会.
_NAMED_ZONE = re.compile(
    r"(?P<own>(?:(?!政府|党)[^\W\d_局委厅院办关年省市县镇乡推建加和与及的对在]){1,6}?)"
    + ZONE_SUFFIX.pattern
    + r"(?=$|\W|\d|管委会|管理委员会|党工委|管理局)"
)
_COLLECTIVE = re.compile("[各全本]?[乡镇街]|.*(?:乡镇|镇乡|城乡|城镇|镇街|街镇|村镇|街道[乡镇])")


def township_at(text: str, position: int) -> re.Match[str] | None:
    """A township's or street's name (group ``name``) that begins at ``position``, if one does."""
    match = _TOWNSHIP.match(text, position)
    return None if match is None or _COLLECTIVE.fullmatch(match["name"]) else match


class Dictionary:
    """Names, and the lengths of those that share their first two characters."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._lengths = _lengths(names)

    def at(self, text: str, start: int) -> Mention | None:
        """The longest name that stands at ``start``."""
        for length in self._lengths.get(text[start : start + 2], ()):
            end = start + length
            name = text[start:end]
            if end <= len(text) and name in self._names:
                return Mention(name, start, end, self._names[name])
        return None


class Scanner:
    """Reads text with two dictionaries: names that stand for themselves, and bare stems."""

    def __init__(self, strong: Names, stems: Names, relations: Relations) -> None:
        self._strong, self._stems = Dictionary(strong), Dictionary(stems)
        self._relations = relations

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

    def stem_at(self, text: str, position: int) -> Mention | None:
        """The longest name without suffix at ``position``, whatever follows it."""
        return self._stems.at(text, position)

    def _mention_at(self, text: str, start: int) -> Mention | None:
        name = self._strong.at(text, start)
        if name is not None and _stands_alone(text, name):
            return self._extend(text, name)
        bare = self._stems.at(text, start)
        if bare is None:
            return None
        extended = self._extend(text, bare)
        return extended if extended.end > bare.end else None

    def _extend(self, text: str, mention: Mention) -> Mention:
        """Join what follows directly and lies within: a division, a zone, a township."""
        longer: Mention | None = mention
        while longer is not None:
            mention = longer
            longer = (
                self._with_zone(text, mention)
                or self._with_part(text, mention)
                or self._with_township(text, mention)
                or self._with_named_zone(text, mention)
            )
        return mention

    def _with_part(self, text: str, mention: Mention) -> Mention | None:
        start = _skip(_GAP, text, mention.end)
        name = self._strong.at(text, start)
        if name is not None and _ends_well(text, name.end):
            return self._inside(text, mention, name)
        bare = self._stems.at(text, start)
        part = None if bare is None else self._inside(text, mention, bare)
        # Each part lies strictly within the one before, so this goes no deeper than the levels.
        return part if part is not None and self._extend(text, part).end > part.end else None

    def _inside(self, text: str, mention: Mention, part: Mention) -> Mention | None:
        inside = tuple(
            division
            for division in part.divisions
            if any(self._relations.within(division, above) for above in mention.divisions)
        )
        return _joined(text, mention, part.end, inside)

    def _with_zone(self, text: str, mention: Mention) -> Mention | None:
        suffix = ZONE_SUFFIX.match(text, _skip(_GAP, text, mention.end))
        if suffix is None or any(division.zone for division in mention.divisions):
            return None
        zones = self._relations.zones_in(mention.divisions, suffix["suffix"])
        return _joined(text, mention, suffix.end(), zones)

    def _with_named_zone(self, text: str, mention: Mention) -> Mention | None:
        match = _NAMED_ZONE.match(text, mention.end)
        if match is None or any(division.zone for division in mention.divisions):
            return None
        name = match["own"] + long_form(match["suffix"])
        zones = self._relations.zones_called(mention.divisions, name)
        return _joined(text, mention, match.end(), zones)

    def _with_township(self, text: str, mention: Mention) -> Mention | None:
        match = township_at(text, _skip(_GOVERNMENT, text, mention.end))
        if match is None:
            return None
        found = (self._relations.township_in(d, match["name"]) for d in mention.divisions)
        townships = tuple(township for township in found if township is not None)
        return _joined(text, mention, match.end(), townships)


def _joined(
    text: str, mention: Mention, end: int, divisions: tuple[Division, ...]
) -> Mention | None:
    start = mention.start
    return Mention(text[start:end], start, end, divisions) if divisions else None


def _lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for name in names:
        found.setdefault(name[:2], set()).add(len(name))
    return {head: tuple(sorted(lengths, reverse=True)) for head, lengths in found.items()}


def _stands_alone(text: str, name: Mention) -> bool:
    """Whether a name with suffix is a name here, and not a piece of other words."""
    if not _ends_well(text, name.end) or name.text in _AFTER_PARENT:
        return False
    if name.text in _AT_START:
        return name.start == 0
    if len(name.text) > 2 or name.start == 0 or not text[name.start - 1].isalnum():
        return True
    return text.endswith(_BEFORE_SHORT, 0, name.start)


def _ends_well(text: str, end: int) -> bool:
    return end >= len(text) or text[end] not in _NOT_AFTER.get(text[end - 1], frozenset())


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position
