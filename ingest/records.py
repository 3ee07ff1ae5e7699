"""The record: what the chain makes of one document, and what `fazhi extract` prints.

All values are as printed on the page unless said otherwise; a value that is not there is None
or an empty tuple. Offsets count code points in ``body``. The contract is in docs/reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any

PLAIN = frozenset({str, int, float, bool, type(None)})
"""Types of values that JSON has as they are."""


class Verdict(StrEnum):
    """What a document is."""

    REPORT = "report"
    NOT_REPORT = "not_report"
    CHALLENGE = "challenge"
    UNREADABLE = "unreadable"


class Role(StrEnum):
    """What a section of a report is for."""

    ACHIEVEMENTS = "achievements"
    PROBLEMS = "problems"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Region:
    """A division or functional zone; of a zone, ``adcode`` is its parent's."""

    adcode: str
    name: str
    path: tuple[str, ...]
    level: str
    zone: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the body, from its number to where the next of its rank begins."""

    level: int
    number: str | None
    heading: str | None
    role: Role | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Removal:
    """A piece of the article that is neither body nor field, with the rule that took it out."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact printed on the page. Personal data: kept apart in storage, masked by default."""

    name: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file linked from the article."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A canonical indicator with the run of body text that proves it.

    ``qualifier`` is printed (余, 近, 约 ...). ``period`` is ``this_year``, ``cumulative``,
    ``cumulative_to_date``, ``months:N``, ``years:N`` or ``event``. ``subtype`` narrows the code
    (``strict``, ``respondent`` ...). ``section`` counts the record's sections from 0. ``doubtful``
    says why the value is not plausible; it never changes the value.
    """

    code: str
    value: float
    unit: str | None
    qualifier: str | None
    period: str
    evidence: str
    start: int
    end: int
    rule: str
    subtype: str | None = None
    section: int | None = None
    doubtful: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with a unit, and what it is said of; ``section`` counts from 0.

    ``value_to`` is the upper end of a range (3~5个), None otherwise.
    """

    value: float
    unit: str
    subject: str | None
    evidence: str
    start: int
    end: int
    qualifier: str | None = None
    value_to: float | None = None
    section: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One document understood.

    ``checklist`` says which of the contents due are there; ``why`` names, field by field, the
    evidence that decided.
    """

    input: str
    url: str | None
    kind: str
    verdict: Verdict
    verdict_reason: str
    title: str | None = None
    report_year: int | None = None
    issuer: str | None = None
    region: Region | None = None
    published_at: str | None = None
    signed_on: str | None = None
    document_number: str | None = None
    index_number: str | None = None
    subject: str | None = None
    addressee: str | None = None
    source: str | None = None
    disclosure: str | None = None
    site_code: str | None = None
    icp: str | None = None
    contacts: tuple[Contact, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    body: str | None = None
    removed: tuple[Removal, ...] = ()
    sections: tuple[Section, ...] = ()
    checklist: tuple[tuple[str, bool], ...] = ()
    indicators: tuple[Indicator, ...] = ()
    facts: tuple[Fact, ...] = ()
    why: tuple[tuple[str, str], ...] = ()


def as_json(value: Any) -> Any:
    """Plain lists, dicts and scalars of a record or a part; ``why`` and ``checklist`` as maps."""
    kind: Any = type(value)
    if kind in PLAIN:  # nine of ten values
        return value
    names, values = _fields(kind)
    if names:
        plain = {
            name: item if type(item) in PLAIN else as_json(item)
            for name, item in zip(names, values(value), strict=True)
        }
        if kind is Record:
            plain |= {"why": dict(value.why), "checklist": dict(value.checklist)}
        return plain
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    if isinstance(value, Mapping):
        return {key: as_json(item) for key, item in value.items()}
    return value


@cache
def _fields(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], Iterable[Any]]]:
    """Names of a dataclass's fields, two or more, and what reads them all; no names of another
    type."""
    names = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
    return names, attrgetter(*names) if names else iter
