"""The fields of a record: evidence is weighed, not taken on trust, and the decision is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from ingest.evidence import NEAR, Evidence, Found, Where
from ingest.head import DOCUMENT_NUMBER
from ingest.identity import choose_issuer, choose_year, signed_on
from ingest.page import Page
from ingest.pieces import Cleaned, Place
from ingest.records import Attachment, Contact
from ingest.shapes import squeeze
from ingest.titles import Candidate, Chosen, JudgeTitle, choose_title

LONGEST_SOURCE = 24
"""Characters of a source in a meta tag; some systems put the title there."""
CHINA = timezone(timedelta(hours=8))
_DATE = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})\s?日?"
    r"(?:[\sT]{0,3}(?P<hour>\d{1,2})\s?[:：时]\s?(?P<minute>\d{1,2})(?:\s?[:：分]\s?(?P<second>\d{1,2}))?)?"
)
_PHONE = re.compile(r"\d[\d\s\-—()（）转]{4,}\d")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Fields of a record that are read rather than derived, and why each has its value."""

    title: str | None
    report_year: int | None
    issuer: str | None
    published_at: str | None
    signed_on: str | None
    document_number: str | None
    index_number: str | None
    subject: str | None
    addressee: str | None
    source: str | None
    disclosure: str | None
    contacts: tuple[Contact, ...]
    attachments: tuple[Attachment, ...]
    why: tuple[tuple[str, str], ...]


def read_metadata(
    page: Page,
    cleaned: Cleaned,
    evidence: Evidence,
    judge: JudgeTitle,
    declared: Sequence[Candidate] | None = None,
) -> Metadata:
    """Weigh the evidence of a page, field by field; ``declared`` are the titles it declares."""
    table_title = evidence.first("_table_title")
    printed = table_title.item.value if table_title else None
    title = choose_title(page, cleaned, printed, judge, declared)
    signed = signed_on(cleaned.paragraphs)
    published = _published(page, evidence, signed)
    shown = _as_date(published.value)
    latest = max((day for day in (signed, shown) if day), default=None)
    year = choose_year(title.value, cleaned.paragraphs, latest)
    table_issuer = evidence.first("_table_issuer")
    issuer = choose_issuer(title.value, cleaned, table_issuer.item.value if table_issuer else None)
    number = _document_number(cleaned, evidence)
    source = _source(page, evidence, title.value)
    return Metadata(
        title=title.value,
        report_year=year.value,
        issuer=issuer.value,
        published_at=published.value,
        signed_on=signed.isoformat() if signed else None,
        document_number=number.value,
        index_number=_value(evidence.first("index_number")),
        subject=_value(evidence.first("subject")),
        addressee=cleaned.field("addressee"),
        source=source.value,
        disclosure=_disclosure(cleaned, evidence),
        contacts=_contacts(cleaned),
        attachments=tuple(Attachment(text, href) for text, href in evidence.files),
        why=tuple(
            (field, chosen.why)
            for field, chosen in (
                ("title", title),
                ("report_year", year),
                ("issuer", issuer),
                ("published_at", published),
                ("document_number", number),
                ("source", source),
            )
        ),
    )


def normal_date(text: str) -> str | None:
    """ISO 8601 of the first date in the text, with the time (+08:00) if one is shown."""
    match = _DATE.search(text)
    if match is None:
        return None
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    try:
        if match["hour"] is None:
            return date(year, month, day).isoformat()
        clock = (int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
        return datetime(year, month, day, *clock, tzinfo=CHINA).isoformat()
    except ValueError:
        return None


def _as_date(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _value(found: Found | None) -> str | None:
    return found.item.value if found else None


def _published(page: Page, evidence: Evidence, signed: date | None) -> Chosen[str]:
    """The date shown with a label, then a bare date near the headline, then 更新时间, then meta.

    A 公开日期 in an index table that is the day of the signature repeats the document's own date
    (成文日期) where the PubDate meta tag gives a later day.
    """
    bare = (
        fact
        for fact in evidence.values("_bare_date")
        if fact.where is not Where.BELOW and fact.distance <= NEAR
    )
    for facts, why in (
        (evidence.values("published_at"), "labelled date"),
        (bare, "date beside the headline"),
        (evidence.values("_updated_at"), "date of the last change"),
    ):
        for fact in facts:
            shown = normal_date(fact.item.value or "")
            if not shown:
                continue
            own = fact.in_table and signed is not None and shown[:10] == signed.isoformat()
            later = _declared(page).value if own else None
            if later is None or later <= shown:
                return Chosen(shown, f"{why}, {fact.where.value}")
    return _declared(page)


def _declared(page: Page) -> Chosen[str]:
    for name in ("pubdate", "publishdate", "firstpublishedtime", "script date"):
        day = normal_date(page.metas.get(name, ""))
        if day:
            return Chosen(day, f"meta {name}: no date of publication is shown")
    return Chosen(None, "no date on the page")


def _document_number(cleaned: Cleaned, evidence: Evidence) -> Chosen[str]:
    for fact in evidence.values("document_number"):
        if DOCUMENT_NUMBER.search(fact.item.value or ""):
            return Chosen(fact.item.value, f"labelled, {fact.where.value}")
    for piece in cleaned.pieces:
        own = piece.place is Place.FIELD and piece.name == "document_number"
        if own and piece.value and DOCUMENT_NUMBER.search(piece.value):
            return Chosen(piece.value, "line of its own")
    if evidence.number:
        return Chosen(evidence.number, "line of its own above the article")
    return Chosen(None, "no document number on the page")


def _source(page: Page, evidence: Evidence, title: str | None) -> Chosen[str]:
    fact = evidence.first("source")
    if fact:
        return Chosen(fact.item.value, f"labelled, {fact.where.value}")
    declared = page.metas.get("contentsource") or page.metas.get("script source", "")
    named = 2 <= len(declared) <= LONGEST_SOURCE and _DATE.search(declared) is None
    if named and squeeze(declared) != squeeze(title or ""):
        return Chosen(declared, "meta contentsource: no source is shown")
    return Chosen(None, "no source is shown")


def _disclosure(cleaned: Cleaned, evidence: Evidence) -> str | None:
    for item in cleaned.items:
        if item.rule.field == "disclosure" and item.value:
            return item.value
    return _value(evidence.first("_table_disclosure"))


def _contacts(cleaned: Cleaned) -> tuple[Contact, ...]:
    """Names and telephone numbers in the order printed; a name goes with the number after it."""
    contacts: list[Contact] = []
    for item in cleaned.items:
        if item.rule.field != "contacts" or not item.value:
            continue
        phone = _PHONE.search(item.value)
        name = item.value[: phone.start()] if phone else item.value
        person = name.strip(" 、,，()（）") or None
        if phone and person is None and contacts and contacts[-1].phone is None:
            contacts[-1] = Contact(contacts[-1].name, phone.group())
        else:
            contacts.append(Contact(person, phone.group() if phone else None))
    return tuple(contacts)
