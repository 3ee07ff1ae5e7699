"""Which canonical indicator a number is: the rules asked, number by number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from ingest.figures.evidence import Places, evidence
from ingest.figures.indicator_rules import IndicatorRule, IndicatorRules
from ingest.figures.mentions import Mention
from ingest.figures.said import Said, Speech, with_actor
from ingest.figures.scope import Scope, period, scope
from ingest.figures.words import Span, Tokens
from ingest.records import Indicator, Role, Section


class Found(NamedTuple):
    """An indicator with the mention it was read from."""

    indicator: Indicator
    mention: Mention


@dataclass(frozen=True)
class Matcher:
    """Asks the rules about the mentions of one body."""

    rules: IndicatorRules
    classes_of_unit: dict[str, frozenset[str]]
    text: str
    year: int | None
    sections: tuple[Section, ...]

    @cached_property
    def _places(self) -> Places:
        return Places(self.sections)

    def find(self, found: Sequence[Mention]) -> list[Found]:
        """The indicators in order of their numbers. A plan's numbers are none."""
        plans = [(part.start, part.end) for part in self.sections if part.role is Role.PLAN]
        if plans:
            found = [
                item
                for item in found
                if not any(start <= item.number.start < end for start, end in plans)
            ]
        speech = Speech.of(self.text, found, self.rules.lexicon, self.classes_of_unit)
        results: list[Found] = []
        place: tuple[Mention, Said] | None = None
        last: tuple[Span, frozenset[str]] | None = None
        for mention in found:
            if mention.measure or not speech.units(mention) & self.rules.units:
                continue
            said = speech.said(mention)
            if place and place[0].clause == mention.clause:
                said = with_actor(said, place[1], place[0].number.start)
            follows = last[1] if last and last[0] == mention.sentence else frozenset[str]()
            if speech.counts_a_place(mention, said):
                place = mention, said
                continue
            results += self._indicators(mention, said, follows, speech)
            if said.classes:
                last = (mention.sentence, said.classes)
        return results

    def _indicators(
        self, mention: Mention, said: Said, follows: frozenset[str], speech: Speech
    ) -> Iterator[Found]:
        number = mention.number
        units = speech.units(mention)
        fitting = [
            rule
            for rule in self.rules.asked(said.classes, units)
            if self._fits(rule, mention, said, follows, speech.tokens)
        ]
        if not fitting:
            return
        whose = scope(self.text, mention, self.year)
        fitting = [
            rule for rule in fitting if whose is Scope.OWN or (whose is Scope.SHARE and rule.shares)
        ]
        if not fitting:
            return
        best = max(rule.priority for rule in fitting)
        fitting = [rule for rule in fitting if rule.priority == best]
        if number.unit != "%":
            fitting = [min(fitting, key=lambda rule: self._distance(rule, mention, said))]
        for code in dict.fromkeys(rule.code for rule in fitting):
            rule = next(rule for rule in fitting if rule.code == code)
            yield Found(self._indicator(rule, mention, said), mention)

    def _fits(
        self,
        rule: IndicatorRule,
        mention: Mention,
        said: Said,
        follows: frozenset[str],
        tokens: Tokens,
    ) -> bool:
        if rule.without & said.classes or mention.number.value < rule.least:
            return False
        if mention.part and not rule.part:
            return False
        topics = said.topics if rule.reach == "paragraph" else said.sentence_topics
        if (rule.topic and not topics & rule.topic) or topics & rule.not_topic:
            return False
        if rule.follows and not rule.follows & follows:
            return False
        if any(not group & said.classes for group in rule.with_):
            return False
        if rule.near is not None and self._distance(rule, mention, said) > rule.near:
            return False
        if not rule.around and not rule.not_around:
            return True
        end = max(mention.clause[1], mention.number.end)
        around = frozenset(
            chain.from_iterable(
                token.word.classes for token in tokens.within([(mention.sentence[0], end)])
            )
        )
        return not rule.not_around & around and all(group & around for group in rule.around)

    @staticmethod
    def _distance(rule: IndicatorRule, mention: Mention, said: Said) -> int:
        """Characters between the number and the nearest word that the rule is keyed on."""
        number = mention.number
        return min(
            max(number.start - token.end, token.start - number.end, 0)
            for token in said.own
            if rule.key & token.word.classes
        )

    def _indicator(self, rule: IndicatorRule, mention: Mention, said: Said) -> Indicator:
        number = mention.number
        start, end = evidence(self.text, mention, rule.key | rule.topic, said.own)
        return Indicator(
            code=rule.code,
            value=int(number.value) if number.value.is_integer() else number.value,
            unit=number.unit,
            qualifier=number.qualifier,
            period="cumulative" if rule.stock else period(self.text, mention),
            evidence=self.text[start:end],
            start=start,
            end=end,
            rule=rule.id,
            subtype=next((name for key, name in rule.subtypes if key in said.classes), None)
            or None,
            section=self._places.section_of(number.start),
        )
