"""Facts: every number with a unit, and what it is said of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.figures.evidence import Places, evidence
from ingest.figures.mentions import Mention
from ingest.records import Fact, Section

_LEAD = re.compile(
    r"(?:\s|20\d\d年(?:度|以来)?|今年以来|截至目前|目前|全年|年内|其中|同时|此外|共计?|合计|总计|累计|"
    r"已|先后|共有|等|的|了|各|、|，|,|：|:)*"
)
_TAIL = re.compile(r"(?:\s|共计?|合计|总计|累计|已|达到?|为|分别|约|均|至|到|了|先后|有|、|，|,)*$")
_PHRASE = re.compile(r"[^，,。；;：:、（(）)\n]{0,20}")
_PAIRED = re.compile("[“”（）()《》]")
_FELL = re.compile(r"(?:下降|减少|降低|回落|下跌|缩减)(?:了|近|约|超过?)*\s?$")


def facts(text: str, found: Sequence[Mention], sections: Sequence[Section]) -> Iterator[Fact]:
    """The facts among the mentions, in order. A fall in percent is negative, as in 下降1.94%."""
    places = Places(sections)
    carried: str | None = None
    sentence: tuple[int, int] | None = None
    for mention in found:
        number = mention.number
        if mention.sentence != sentence:
            sentence, carried = mention.sentence, None
        subject = _subject(text, mention)
        if number.unit is not None:
            start, end = evidence(text, mention)
            fell = number.unit[-1:] in {"%", "点"} and _FELL.search(text[slice(*mention.before)])
            value = -number.value if fell else number.value
            yield Fact(
                value=int(value) if value.is_integer() else value,
                unit=number.unit,
                subject=subject or carried,
                evidence=text[start:end],
                start=start,
                end=end,
                qualifier=number.qualifier,
                value_to=number.value_to,
                section=places.section_of(number.start),
            )
        carried = subject or carried


def _subject(text: str, mention: Mention) -> str | None:
    """The phrase before the number, or the one after it where that says nothing."""
    number = mention.number
    start, end = mention.before
    if mention.label:
        start, end = mention.label
    said = text[start:end]
    said = _TAIL.sub("", said[_lead_end(said) :])
    match = _PHRASE.match(text, number.end, max(number.end, mention.after[1]))
    after = match[0].strip() if match else ""
    if len(said) < 2 or (after and len(said) <= 2):
        said += after
    return _unwrapped(said) or None


def _unwrapped(said: str) -> str:
    """Without marks at its ends that open or close nothing in it: 最美普法人”."""
    said = said.strip("\"'　 ")
    if not _PAIRED.search(said):
        return said
    for opens, closes in ("“”", "（）", "()", "《》"):
        if said.count(opens) != said.count(closes) or (said[:1], said[-1:]) == (opens, closes):
            said = said.strip(opens + closes)
    return said.strip("\"'　 ")


def _lead_end(said: str) -> int:
    match = _LEAD.match(said)
    return match.end() if match else 0
