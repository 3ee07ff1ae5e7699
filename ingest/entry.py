"""What the listing that led to a capture adds to its record: the date beside the entry.

A file shows no date of publication: the page that is its cover does, or the listing. The portal
says it of this very document, so it is evidence; anything that the document itself shows weighs
more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from crawler.capture import Finding
from ingest.records import Record, Verdict

WHY = "date beside the entry in the listing: the document shows none"


def dated_by_entry(record: Record, finding: Finding | None) -> Record:
    """The record with the entry's date, if it is a report that shows no date of publication.

    A date before the signature, or before the year reported on, is another document's.
    """
    if finding is None or record.published_at or record.verdict is not Verdict.REPORT:
        return record
    day = _day(finding.date)
    signed = _day(record.signed_on)
    if day is None or (signed and day < signed) or day.year < (record.report_year or 0):
        return record
    why = tuple((field, WHY if field == "published_at" else said) for field, said in record.why)
    return replace(record, published_at=day.isoformat(), why=why)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
