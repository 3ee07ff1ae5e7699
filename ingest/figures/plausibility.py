"""Whether the values of a report can be true together; a doubt is noted, a value never changed.

Checked are rates (within 0 to 100, and against the counts they follow from), a stage of a
procedure against the one before it, and parts against their whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.figures.indicators import Found
from ingest.figures.mentions import Mention
from ingest.figures.numbers import Number
from ingest.figures.words import Span
from ingest.records import Indicator

RATES: dict[str, tuple[tuple[str, str], ...]] = {
    "mediation_success_rate": (("mediation_disputes_handled", "disputes_screened"),),
    "reconsideration_correction_rate": (
        ("reconsideration_cases_corrected", "reconsideration_cases_concluded"),
    ),
    "reconsideration_substantive_resolution_rate": (
        ("reconsideration_cases_mediated", "reconsideration_cases_concluded"),
        ("reconsideration_cases_mediated", "reconsideration_cases_accepted"),
    ),
    "litigation_loss_rate": (("litigation_losses", "litigation_cases_concluded"),),
    "head_appearance_rate": (("head_appearance_count", "litigation_cases_total"),),
}
"""For a rate, what it is a share of what: by the definitions of the indicators."""
STAGES = (
    ("reconsideration_cases_accepted", "reconsideration_applications_received"),
    ("reconsideration_cases_concluded", "reconsideration_cases_accepted"),
    ("litigation_cases_concluded", "litigation_cases_total"),
    ("legal_aid_cases_concluded", "legal_aid_cases_accepted"),
    ("info_requests_answered", "info_requests_received"),
    ("mediation_disputes_handled", "disputes_screened"),
)
"""A later stage of a procedure and the one that it cannot exceed, but for what was carried over."""
CARRIED = 1.5
"""How far a later stage may exceed the one before: cases of the year before are closed in this."""
APPEARED = "head_appearance_count"
_DUE = re.compile(r"应当?出庭")
INEXACT = frozenset({"以上", "以下", "左右", "上下", "不足", "不到", "至少", "最多", "及以上"})
"""Qualifiers that leave open how far the number is from the value."""


def checked(text: str, found: Sequence[Found], mentions: Sequence[Mention]) -> list[Indicator]:
    """The indicators in order, with a doubt where values contradict each other."""
    by_sentence: defaultdict[Span, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_sentence[mention.sentence].append(mention)
    in_sentence: list[Found] = []
    in_paragraph: dict[str, Number] = {}
    results: list[Indicator] = []
    for item in found:
        if in_sentence and in_sentence[-1].mention.sentence != item.mention.sentence:
            if in_sentence[-1].mention.paragraph != item.mention.paragraph:
                in_paragraph = {}
            in_sentence = []
        doubt = (
            _out_of_range(item)
            or _off_the_counts(text, item, in_sentence, by_sentence[item.mention.sentence])
            or _ahead(text, item, in_paragraph)
            or _parts_exceed(text, item.mention, by_sentence[item.mention.sentence])
        )
        results.append(replace(item.indicator, doubtful=doubt) if doubt else item.indicator)
        in_sentence.append(item)
        in_paragraph[item.indicator.code] = item.mention.number
    return results


def _out_of_range(item: Found) -> str | None:
    value = item.indicator.value
    if item.indicator.unit == "%" and not 0 <= value <= 100:
        return f"a rate of {_shown(value)}% is not between 0 and 100"
    return None


def _off_the_counts(
    text: str, item: Found, before: Sequence[Found], sentence: Sequence[Mention]
) -> str | None:
    """A rate printed with the counts that it follows from, in the same sentence before it."""
    if item.indicator.qualifier in INEXACT:
        return None
    for part_code, whole_code in RATES.get(item.indicator.code, ()):
        part = _nearest(before, part_code)
        whole = _due(text, sentence) if part_code == APPEARED else None
        whole = whole or _nearest(before, whole_code)
        if part is None or whole is None or not whole.value:
            continue
        low, high = _share(part, whole)
        margin = 0.6 * 10.0**-item.mention.number.decimals
        if not low - margin <= item.indicator.value <= high + margin:
            share = 100 * part.value / whole.value
            return (
                f"{_shown(item.indicator.value)}% does not follow from {_shown(part.value)} of "
                f"{_shown(whole.value)} ({share:.2f}%)"
            )
        return None
    return None


def _due(text: str, sentence: Sequence[Mention]) -> Number | None:
    """The number of cases in which a head had to appear, where it is told."""
    return next((m.number for m in sentence if _DUE.search(text[slice(*m.before)])), None)


def _nearest(before: Sequence[Found], code: str) -> Number | None:
    return next((o.mention.number for o in reversed(before) if o.indicator.code == code), None)


def _share(part: Number, whole: Number) -> tuple[float, float]:
    """The least and the largest share in percent that the printed precision allows."""
    low, high = _bounds(part)
    least, most = _bounds(whole)
    return 100 * low / most, 100 * high / max(least, 1.0)


def _bounds(number: Number) -> tuple[float, float]:
    half = 0.5 * number.scale * 10.0**-number.decimals if number.scale > 1 else 0.0
    more = 0.1 * number.value if number.qualifier else 0.0
    return number.value - half - more, number.value + half + more


def _ahead(text: str, item: Found, before: dict[str, Number]) -> str | None:
    """A later stage far beyond the earlier one in the same paragraph."""
    for later, earlier in STAGES:
        number = before.get(earlier) if item.indicator.code == later else None
        if number is None or "结转" in text[slice(*item.mention.sentence)]:
            continue
        if item.indicator.value > CARRIED * number.value:
            value = _shown(item.indicator.value)
            return f"{value} is far more than the {_shown(number.value)} of the stage before"
    return None


def _parts_exceed(text: str, whole: Mention, sentence: Sequence[Mention]) -> str | None:
    """Parts listed after 其中 in the whole's own sentence, of its unit, that add up to more."""
    if whole.part or whole.aside or whole.number.unit in {None, "%"}:
        return None
    parts = [number.value for number in _parts(text, whole, sentence)]
    if max(parts, default=0.0) > whole.number.value:
        return f"a part of {_shown(max(parts))} is more than the whole"
    if len(parts) > 1 and sum(parts) > whole.number.value and not whole.number.qualifier:
        return f"its parts add up to {_shown(sum(parts))}"
    return None


def _parts(text: str, whole: Mention, sentence: Sequence[Mention]) -> Iterator[Number]:
    """The parts of the same unit, joined by 、, that begin right after the whole with 其中."""
    end = None
    for mention in sentence:
        number = mention.number
        if number.digits <= whole.number.digits or mention.aside:
            continue
        joined = mention.part if end is None else text[end : end + 1] in {"、", "和"}
        if not joined or number.unit != whole.number.unit:
            return
        yield number
        end = number.end


def _shown(value: float) -> str:
    return f"{value:g}" if value < 1e6 else f"{value:.0f}"
