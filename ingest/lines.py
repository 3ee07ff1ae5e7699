"""Lines of page furniture: reads "发布日期：2025-01-26 来源：高新区 字号：大 中 小" item by item.

A line is understood only when items and separators cover it from end to end; anything else is
left alone. Rules are data (seeds/rules); this file knows shapes of values, not words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from crawler.seeds import SEEDS
from ingest.beginnings import first_characters
from ingest.labels import SHORTEST_BARE, Labels, spaced
from ingest.rules import LineRule, load_line_rules
from ingest.shapes import FREE_SHAPES, NUMBERED, PREFIX_SHAPES, squeeze, trim

LONGEST = 300
"""Characters; a longer line is text, not furniture."""

LONGEST_TAIL = 80
"""Characters of furniture stuck to the end of a paragraph."""

_STOP = re.compile(r"[。！？；!?日”）)](?=.)")
_SENTENCE_ENDS = ("。", "；", "！", "？")
"""No furniture ends so; a paragraph that does has none stuck to its end."""
_SEPARATORS = re.compile(r"[\s|｜/·•>＞»\[\]【】〖〗「」()（）,，;；:：、.▪■◆●○★*→←↑\-—_]*")
_MAY_TELL = re.compile(r"(?:19|20)\d{2}\s?[-/.年]|源")
_TELLS_OTHERWISE = re.compile(r"[。；！？]|今天|今日|现在是|农历")
WHEN_AND_WHENCE = frozenset({"published_at", "_updated_at", "_bare_date", "source"})
"""What may be read in a line that is not understood from end to end."""
_OPEN_ENDED = re.compile(r"\[\^|\.\{|\.[*+]")


class Item(NamedTuple):
    """One item of a line: its rule, the label as printed, and its value (None when empty)."""

    rule: LineRule
    label: str
    value: str | None
    start: int
    end: int


class LineReader:
    """Reads lines by a set of rules. Immutable; one per rule set."""

    def __init__(self, rules: Iterable[LineRule]) -> None:
        self.rules = tuple(rules)
        self._labels = Labels(self.rules)
        phrases = [rule for rule in self.rules if rule.patterns]
        self._phrases = {f"r{number}": rule for number, rule in enumerate(phrases)}
        union = "|".join(
            f"(?P<{key}>{'|'.join(rule.patterns)})" for key, rule in self._phrases.items()
        )
        boundary = r"(?=$|[\s|｜/·>\[\]【】〖〗()（）,，;；:：、.■◆●\-—_])"
        self._phrase = re.compile(f"(?:{union}){boundary}")
        # Without groups the engine looks at the next character before it tries an alternative.
        patterns = [pattern for rule in phrases for pattern in rule.patterns]
        begin = {pattern: first_characters(pattern) for pattern in patterns}
        self._phrase_heads = frozenset().union(*(heads for heads in begin.values() if heads))
        self._heads = self._phrase_heads | self._labels.heads
        self._any_phrase = _flat(patterns)
        self._headless = _flat(pattern for pattern in patterns if begin[pattern] is None)
        self._next_phrase = re.compile(rf"(?<=[\s|｜\[【〖(（,，;；)）\]】])(?:{union}){boundary}")
        self._glued_front = _front_of(rule for rule in self.rules if rule.glued)

    def label(self, text: str) -> LineRule | None:
        """The rule of which this whole cell is a label, with or without its colon."""
        return self._labels.of_cell(text)

    def read(self, text: str) -> tuple[Item, ...]:
        """The items that make up the line from end to end; empty when it is anything else."""
        if len(text) > LONGEST:
            return ()
        items: list[Item] = []
        position = _skip(text, 0)
        if self._is_prose(text, position):
            return ()
        while position < len(text):
            item = self._item_at(text, position)
            if item is None:
                return ()
            items.append(item)
            position = _skip(text, item.end)
        return tuple(items)

    def facts(self, text: str) -> tuple[Item, ...]:
        """When and whence by a line that holds other things too: 某县政府网 2025-03-03 来源：某局.

        For the lines about the headline, where nothing is removed by it; what is no item is passed
        over. A sentence, and a line that tells the day of the visit, say nothing of the article.
        """
        if len(text) > LONGEST or not _MAY_TELL.search(text) or _TELLS_OTHERWISE.search(text):
            return ()
        items: list[Item] = []
        position = _skip(text, 0)
        while position < len(text):
            item = self._item_at(text, position)
            if item is not None and item.rule.field in WHEN_AND_WHENCE:
                items.append(item)
            position = _skip(text, item.end if item else self._next_item(text, position + 1))
        return tuple(items)

    def _is_prose(self, text: str, position: int) -> bool:
        """Whether the first character already tells that no item begins here; mostly it does."""
        known = text[position : position + 1] in self._heads
        return not known and self._headless.match(text, position) is None

    def _item_at(self, text: str, position: int) -> Item | None:
        item = self._labelled(text, position)
        if item is None:
            known = text[position] in self._phrase_heads
            if (self._any_phrase if known else self._headless).match(text, position):
                item = self._phrase_at(text, position)
        return item

    def unglue(self, text: str) -> tuple[str, str, str]:
        """Split a paragraph into furniture stuck to its front, itself, and furniture at its end."""
        front = self._glued_front.match(text)
        if front is None and text.endswith(_SENTENCE_ENDS):
            return "", text, ""
        start = front.end() if front else 0
        end = self._glued_end(text, max(start, len(text) - LONGEST_TAIL))
        if start >= end:
            return "", text, ""
        return text[:start], text[start:end], text[end:]

    def _glued_end(self, text: str, floor: int) -> int:
        """Where furniture begins that follows the end of a sentence or a date; else the length.

        A date alone is no furniture there: it may be that of the signature.
        """
        if text.endswith(_SENTENCE_ENDS):
            return len(text)
        for stop in _STOP.finditer(text, floor):
            begin = _skip(text, stop.end())
            if begin == len(text) or self._item_at(text, begin) is None:
                continue
            items = self.read(text[stop.end() :])
            if items and any(item.rule.names or item.rule.field is None for item in items):
                return stop.end()
        return len(text)

    def _labelled(self, text: str, position: int) -> Item | None:
        found = self._labels.at(text, position)
        if found is None:
            return None
        label, rule, begin = found
        bare = begin > position + len(label) and text[position + len(label)].isspace()
        prefix = PREFIX_SHAPES.get(rule.value)
        if prefix is not None:
            match = prefix.match(text, begin)
            end = match.end() if match else begin
            value = match.groupdict().get("value") if match else None
            return None if bare and not value else Item(rule, label, value, position, end)
        end = self._next_item(text, begin)
        value = trim(text[begin:end])
        if bare and len(squeeze(label)) < SHORTEST_BARE and not NUMBERED.search(value):
            return None
        if not FREE_SHAPES[rule.value].fullmatch(value) or (bare and not value):
            return None
        return Item(rule, label, value or None, position, end)

    def _phrase_at(self, text: str, position: int) -> Item | None:
        match = self._phrase.match(text, position)
        if match is None or match.end() == position:
            return None
        rule = self._phrases[match.lastgroup or ""]
        return Item(rule, match.group(), match.group(), position, match.end())

    def _next_item(self, text: str, position: int) -> int:
        """Where the next item begins, at or after ``position``; the text's end if there is none."""
        found = self._next_phrase.search(text, position)
        nearest = found.start() if found else len(text)
        return self._labels.after(text, position, nearest)


def _front_of(rules: Iterable[LineRule]) -> re.Pattern[str]:
    """What may be stuck to the front of a paragraph: only closed forms, since an open-ended one
    would eat the sentence. Possessive, so that no run of spaces is tried twice."""
    sizes = r"\s*+[:：]\s*+(?:大\s*+中\s*+小|小\s*+中\s*+大)?"
    forms: list[str] = []
    for rule in rules:
        if rule.names:
            names = "|".join(spaced(name) for name in rule.names)
            forms.append(rf"[\[【]?\s*+(?:{names}){sizes}\s*+[\]】]?")
        forms += [pattern for pattern in rule.patterns if not _OPEN_ENDED.search(pattern)]
    return re.compile(rf"(?:(?>{'|'.join(forms)})\s*+)++" if forms else r"(?!)")


def _flat(patterns: Iterable[str]) -> re.Pattern[str]:
    flat = "|".join(patterns)
    return re.compile(f"(?:{flat})" if flat else r"(?!)")


def _skip(text: str, position: int) -> int:
    match = _SEPARATORS.match(text, position)
    return match.end() if match else position


@cache
def load_reader(seeds: Path = SEEDS) -> LineReader:
    """The reader of seeds/rules/boilerplate.toml and fields.toml."""
    return LineReader(load_line_rules(seeds))
