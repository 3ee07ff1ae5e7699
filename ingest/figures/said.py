"""What is said of a number: its own words, and the topic that the text is about there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.figures.indicator_rules import BARE
from ingest.figures.mentions import LONGEST, Mention
from ingest.figures.scope import is_share
from ingest.figures.words import Lexicon, Span, Token, Tokens

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


class Said(NamedTuple):
    """What is said of a number: its own tokens, their classes, and its topic."""

    own: tuple[Token, ...]
    classes: frozenset[str]
    topics: frozenset[str]
    """Those of its own words, or else the one carried on."""
    sentence_topics: frozenset[str]
    """The same, carried on within the sentence only."""


@dataclass(frozen=True)
class Speech:
    """The words of a body and the topics that carry on in it."""

    text: str
    tokens: Tokens
    carriers: Tokens
    classes_of_unit: Mapping[str, frozenset[str]]

    @classmethod
    def of(
        cls,
        text: str,
        found: Sequence[Mention],
        lexicon: Lexicon,
        classes_of_unit: Mapping[str, frozenset[str]],
    ) -> Speech:
        """The words around the mentions: from the beginning of each paragraph with numbers, or of
        the heading above it, to the end of its last sentence with one."""
        tokens: list[Token] = []
        done = 0
        for mention in found:
            if mention.sentence[1] > done:
                start = max(_carried_from(text, mention), done)
                done = mention.sentence[1]
                tokens += lexicon.tokens(text, start, done)
        words = Tokens.of(tokens)
        return cls(text, words, _carriers(words, found), classes_of_unit)

    def said(self, mention: Mention) -> Said:
        """What is said of one number."""
        tokens, carriers = self.tokens, self.carriers
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
            return Said(own, classes, named, named)
        place = min(span[0] for span in mention.spans)
        near = carriers.topic_before(place, _stop_before(self.text, mention))
        far = near or carriers.topic_before(place, _carried_from(self.text, mention))
        if far is None:
            near = far = carriers.topic_after(mention.clause[1], mention.sentence[1])
        return Said(own, classes, _only(far), _only(near))

    def units(self, mention: Mention) -> frozenset[str]:
        """The classes of the number's unit."""
        return self.classes_of_unit.get(mention.number.unit or "", frozenset({BARE}))

    def counts_a_place(self, mention: Mention, said: Said) -> bool:
        """Whether what is counted are bodies or places that do something: 12个司法所排查480次."""
        if not self.units(mention) & BODIES:
            return False
        end = mention.number.end
        after = [token for token in said.own if end <= token.start <= end + NEAR]
        return any(
            PLACE in token.word.classes and token.start <= end + NEXT for token in after
        ) and not any(ORGANISATION in token.word.classes for token in after)


def _stop_before(text: str, mention: Mention) -> int:
    """Where the sentence begins that ends in a full stop; ； only divides it."""
    start = max(mention.paragraph, mention.sentence[0] - 2 * LONGEST)
    return max(start, text.rfind("。", start, mention.sentence[0]) + 1)


def _carried_from(text: str, mention: Mention) -> int:
    """Topics carry on from the beginning of the paragraph, or from a heading above it."""
    start = mention.paragraph
    if start == 0:
        return start
    lowest = max(0, start - HEADING)
    above = text.rfind("\n", lowest, start - 1) + 1
    return above if above or not lowest else start


def with_actor(said: Said, actor: Said, until: int) -> Said:
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
