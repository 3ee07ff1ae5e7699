"""Which canonical indicator a number is: the rules asked, number by number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from ingest.figures.indicator_rules import BARE, IndicatorRule, IndicatorRules
from ingest.figures.mentions import LONGEST, Mention
from ingest.figures.scope import Scope, is_share, period, scope
from ingest.figures.words import Span, Token, Tokens
from ingest.records import Indicator, Role, Section

SHARE = "share"
"""The class that a share has even where the word for it has one character: 占36.1%."""
PLACE = "place"
"""The class of words for bodies and places; right after a number they are what it counts."""
BODIES = frozenset({"item", "household", "place", "group"})
"""Classes of units that bodies and places are counted in."""
ORGANISATION = "mediation_organization"
"""What is itself counted in places: 13个社区调委会."""
HEADING = 60
"""Characters of a paragraph that is a heading of the one below, with the line break."""
NEXT, NEAR = 2, 8
"""Characters between a number and a word that follows it directly, and one that is near."""


class Found(NamedTuple):
    """An indicator with the mention it was read from."""

    indicator: Indicator
    mention: Mention


class _Said(NamedTuple):
    """What is said of a number: its own tokens, their classes, and its topic."""

    own: tuple[Token, ...]
    classes: frozenset[str]
    topics: frozenset[str]
    """Those of its own words, or else the one carried on."""
    sentence_topics: frozenset[str]
    """The same, carried on within the sentence only."""


@dataclass(frozen=True)
class Matcher:
    """Asks the rules about the mentions of one body."""

    rules: IndicatorRules
    classes_of_unit: dict[str, frozenset[str]]
    text: str
    year: int | None
    sections: tuple[Section, ...]

    def find(self, found: Sequence[Mention]) -> list[Found]:
        """The indicators in order of their numbers. A plan's numbers are none."""
        plans = [(part.start, part.end) for part in self.sections if part.role is Role.PLAN]
        if plans:
            found = [
                item
                for item in found
                if not any(start <= item.number.start < end for start, end in plans)
            ]
        tokens = Tokens.of(self._tokens(found))
        carriers = _carriers(tokens, found)
        results: list[Found] = []
        place: tuple[Mention, _Said] | None = None
        last: tuple[Span, frozenset[str]] | None = None
        for mention in found:
            if mention.measure or not self._units(mention) & self.rules.units:
                continue
            said = self._said(mention, tokens, carriers)
            if place and place[0].clause == mention.clause:
                said = _with_actor(said, place[1], place[0].number.start)
            follows = last[1] if last and last[0] == mention.sentence else frozenset[str]()
            if self._counts_a_place(mention, said):
                place = mention, said
                continue
            results += self._indicators(mention, said, follows, tokens)
            if said.classes:
                last = (mention.sentence, said.classes)
        return results

    def _tokens(self, found: Sequence[Mention]) -> list[Token]:
        """The words from the beginning of each paragraph with numbers, or of the heading above
        it, to the end of its last sentence with one."""
        tokens: list[Token] = []
        done = 0
        for mention in found:
            if mention.sentence[1] > done:
                start = max(self._carried_from(mention), done)
                done = mention.sentence[1]
                tokens += self.rules.lexicon.tokens(self.text, start, done)
        return tokens

    def _said(self, mention: Mention, tokens: Tokens, carriers: Tokens) -> _Said:
        own = tuple(tokens.within(mention.spans))
        if mention.skipped:
            own = tuple(token for token in own if not _inside(token, mention.skipped))
        classes = frozenset[str]().union(*[token.word.classes for token in own])
        if is_share(self.text, mention):
            classes |= {SHARE}
        named = frozenset([token.word.topic for token in own if token.word.topic])
        if not named and mention.names:
            named = frozenset(t.word.topic for t in tokens.within([mention.names]) if t.word.topic)
        if named:
            return _Said(own, classes, named, named)
        place = min(span[0] for span in mention.spans)
        near = carriers.topic_before(place, self._stop_before(mention))
        far = near or carriers.topic_before(place, self._carried_from(mention))
        return _Said(own, classes, _only(far), _only(near))

    def _units(self, mention: Mention) -> frozenset[str]:
        """The classes of the number's unit."""
        return self.classes_of_unit.get(mention.number.unit or "", frozenset({BARE}))

    def _stop_before(self, mention: Mention) -> int:
        """Where the sentence begins that ends in a full stop; ； only divides it."""
        start = max(mention.paragraph, mention.sentence[0] - 2 * LONGEST)
        return max(start, self.text.rfind("。", start, mention.sentence[0]) + 1)

    def _counts_a_place(self, mention: Mention, said: _Said) -> bool:
        """Whether what is counted are bodies or places that do something: 12个司法所排查480次."""
        if not self._units(mention) & BODIES:
            return False
        end = mention.number.end
        after = [token for token in said.own if end <= token.start <= end + NEAR]
        return any(
            PLACE in token.word.classes and token.start <= end + NEXT for token in after
        ) and not any(ORGANISATION in token.word.classes for token in after)

    def _carried_from(self, mention: Mention) -> int:
        """Topics carry on from the beginning of the paragraph, or from a heading above it."""
        start = mention.paragraph
        if start == 0:
            return start
        lowest = max(0, start - HEADING)
        above = self.text.rfind("\n", lowest, start - 1) + 1
        return above if above or not lowest else start

    def _indicators(
        self, mention: Mention, said: _Said, follows: frozenset[str], tokens: Tokens
    ) -> Iterator[Found]:
        number = mention.number
        units = self._units(mention)
        fitting = [
            rule
            for rule in self.rules.asked(said.classes, units)
            if self._fits(rule, mention, said, follows, tokens)
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
        said: _Said,
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
    def _distance(rule: IndicatorRule, mention: Mention, said: _Said) -> int:
        """Characters between the number and the nearest word that the rule is keyed on."""
        number = mention.number
        return min(
            max(number.start - token.end, token.start - number.end, 0)
            for token in said.own
            if rule.key & token.word.classes
        )

    def _indicator(self, rule: IndicatorRule, mention: Mention, said: _Said) -> Indicator:
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
            subtype=next((name for key, name in rule.subtypes if key in said.classes), None),
            section=section_of(self.sections, number.start),
        )


def _with_actor(said: _Said, actor: _Said, until: int) -> _Said:
    """What is said of a number after a count of bodies or places: 抽查14个单位案卷98件."""
    words = tuple(token for token in actor.own if token.end <= until)
    classes = said.classes.union(*(token.word.classes for token in words))
    return said._replace(own=(*words, *said.own), classes=classes)


def _inside(token: Token, spans: Sequence[Span]) -> bool:
    return any(start <= token.start and token.end <= end for start, end in spans)


def _only(topic: str | None) -> frozenset[str]:
    return frozenset((topic,)) if topic else frozenset()


def _carriers(tokens: Tokens, found: Sequence[Mention]) -> Tokens:
    """The tokens that bring up what the text goes on about: not those of a comparison, as in
    是同期行政诉讼收案量的1.8倍."""
    compared = [mention.clause for mention in found if mention.number.unit == "倍"]
    topical = [token for token in tokens.all if token.word.topic]
    if compared:
        topical = [token for token in topical if not _inside(token, compared)]
    return Tokens.of(topical)


def evidence(
    text: str, mention: Mention, classes: frozenset[str] = frozenset(), own: Sequence[Token] = ()
) -> Span:
    """The run of text that proves a number: its own words from the first to the last needed."""
    start = mention.before[0]
    if mention.label and text[mention.label[1] : mention.before[0]].strip("，,") == "":
        start = mention.label[0]
    end = mention.number.end
    for token in own:
        if token.start >= end and classes & token.word.classes:
            end = max(end, token.end)
    while start < mention.number.start and text[start] in " 、，,：:\u3000":
        start += 1
    return start, end


def section_of(sections: Sequence[Section], place: int) -> int | None:
    """The index of the innermost section around a place; sections are in order of their start."""
    index = bisect_right(sections, place, key=lambda section: section.start) - 1
    while index >= 0 and sections[index].end <= place:
        index -= 1
    return index if index >= 0 else None
