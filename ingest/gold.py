"""Gold: a record corrected by a person, to score the rules against. Pure.

A gold file is a record in the field names of `fazhi extract` with some keys more: ``*_accept``
(other answers that count as right), ``look_alikes`` (numbers that no indicator may take, with
why), ``sections[].optional``. ``facts`` null says that the facts were not labelled.
"""

from __future__ import annotations

from typing import Any

from ingest.records import Fact, Indicator, Record, as_json

_FIELDS = (
    *("input", "url", "verdict", "verdict_accept", "verdict_reason", "title", "title_accept"),
    *("report_year", "issuer", "issuer_accept", "region", "published_at", "signed_on"),
    *("document_number", "index_number", "subject", "addressee", "source", "site_code", "icp"),
    *("disclosure", "contacts", "attachments", "body", "removed", "sections", "indicators"),
    *("facts", "look_alikes", "about"),
)
_INDICATOR = ("code", "value", "unit", "qualifier", "period", "evidence", "start", "end")
_FACT = ("value", "unit", "subject", "evidence", "start", "end")


def prefilled(record: Record) -> dict[str, Any]:
    """A gold file as the present rules would fill it in, for a person to correct.

    ``look_alikes`` is for that person: the rules know only what they take.
    """
    plain = as_json(record)
    return {
        **{name: plain.get(name) for name in _FIELDS},
        "verdict_accept": [plain["verdict"]],
        "title_accept": [],
        "issuer_accept": [],
        "sections": [{**section, "optional": False} for section in plain["sections"]],
        "indicators": [_indicator(indicator) for indicator in record.indicators],
        "facts": [_fact(fact) for fact in record.facts],
        "look_alikes": [],
        "about": {"kind": record.kind},
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    made = {name: getattr(indicator, name) for name in _INDICATOR}
    return made | ({"subtype": indicator.subtype} if indicator.subtype else {})


def _fact(fact: Fact) -> dict[str, Any]:
    made = {name: getattr(fact, name) for name in _FACT}
    more = {"qualifier": fact.qualifier, "value_to": fact.value_to}
    return made | {name: value for name, value in more.items() if value is not None}
