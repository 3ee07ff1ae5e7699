"""The pure chain: bytes -> Record. What `fazhi extract` and the ingest worker call.

It never raises on content: what cannot be understood comes back as ``unreadable`` with a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlsplit

from crawler.screening import TitleVerdict
from ingest.checklist import checklist
from ingest.cleaner import clean
from ingest.evidence import Evidence, gather
from ingest.identity import text_end
from ingest.metadata import Metadata, read_metadata
from ingest.outline import outline
from ingest.page import Page
from ingest.pieces import Cleaned, Piece, Place
from ingest.reader import PageReader
from ingest.reading import read_document
from ingest.records import Record, Removal, Section, Verdict
from ingest.regions import Gazetteer, Resolution
from ingest.ruleset import Rules
from ingest.titles import is_sentence, page_titles
from ingest.verdict import Judgement, is_listing, judge_document

__all__ = ["Rules", "Understood", "extract", "understand"]


@dataclass(frozen=True, slots=True)
class Understood:
    """A record with what led to it: for `fazhi explain` and for tests."""

    record: Record
    pieces: tuple[Piece, ...] = ()


def extract(
    content: bytes,
    *,
    name: str,
    url: str | None = None,
    media_type: str | None = None,
    rules: Rules | None = None,
) -> Record:
    """Understand one document.

    ``name`` is what the record calls its input. ``media_type`` is the Content-Type header, if any:
    a hint, used only where the content itself does not tell. Never raises on content.
    """
    return understand(content, name=name, url=url, media_type=media_type, rules=rules).record


def understand(
    content: bytes,
    *,
    name: str,
    url: str | None = None,
    media_type: str | None = None,
    rules: Rules | None = None,
) -> Understood:
    """As ``extract``, with the article's pieces."""
    known = rules or Rules.load()
    read = read_document(content, media_type)
    if isinstance(read, Judgement):
        record = Record(name, url, known.kind, read.verdict, read.reason)
        return Understood(record)
    return _understand_page(read, name, url, known)


def _understand_page(page: Page, name: str, url: str | None, rules: Rules) -> Understood:
    judge = cache(rules.titles.judge)  # a page repeats its title many times
    declared = page_titles(page)
    titles = [candidate.text for candidate in declared]
    reader = PageReader(rules.reader)
    cleaned = clean(page.article, reader, titles, _title_test(judge))
    evidence = gather(page, cleaned, reader)
    metadata = read_metadata(page, cleaned, evidence, lambda text: judge(text).kind, declared)
    judgement = judge_document(
        judge(metadata.title) if metadata.title else None,
        cleaned.paragraphs,
        rules.signs,
        has_files=bool(metadata.attachments),
        only_links=is_listing(page),
    )
    record = _base_record(name, url, rules.kind, judgement, metadata, evidence)
    if judgement.verdict is not Verdict.REPORT:
        return Understood(record, cleaned.pieces)
    resolution = _resolve_region(metadata, evidence, cleaned, url, rules.gazetteer)
    body = "\n".join(cleaned.paragraphs)
    sections = outline(cleaned.paragraphs, text_end(cleaned.paragraphs), rules.roles)
    figures = rules.figures.read(body, sections, metadata.report_year)
    complete = replace(
        record,
        region=resolution.region,
        body=body or None,
        removed=tuple(
            Removal(piece.name, piece.text)
            for piece in cleaned.pieces
            if piece.place is Place.REMOVED
        ),
        sections=sections,
        checklist=_checklist(cleaned, sections, metadata, rules),
        indicators=figures.indicators,
        facts=figures.facts,
        why=(("verdict", judgement.reason), *metadata.why, ("region", resolution.why)),
    )
    return Understood(complete, cleaned.pieces)


def _checklist(
    cleaned: Cleaned, sections: tuple[Section, ...], metadata: Metadata, rules: Rules
) -> tuple[tuple[str, bool], ...]:
    """Empty where only a cover note was read: what is due may stand in its file."""
    if not sections and metadata.attachments:
        return ()
    return checklist(cleaned.paragraphs, sections, rules.roles, rules.contents)


def _title_test(judge: Callable[[str], TitleVerdict]) -> Callable[[str], bool]:
    def is_title(text: str) -> bool:
        return not is_sentence(text) and judge(text).names_document

    return is_title


def _base_record(
    name: str,
    url: str | None,
    kind: str,
    judgement: Judgement,
    metadata: Metadata,
    evidence: Evidence,
) -> Record:
    return Record(
        input=name,
        url=url,
        kind=kind,
        verdict=judgement.verdict,
        verdict_reason=judgement.reason,
        title=metadata.title,
        report_year=metadata.report_year,
        issuer=metadata.issuer,
        published_at=metadata.published_at,
        signed_on=metadata.signed_on,
        document_number=metadata.document_number,
        index_number=metadata.index_number,
        subject=metadata.subject,
        addressee=metadata.addressee,
        source=metadata.source,
        disclosure=metadata.disclosure,
        site_code=evidence.site_code,
        icp=evidence.icp,
        contacts=metadata.contacts,
        attachments=metadata.attachments,
        why=(("verdict", judgement.reason), *metadata.why),
    )


def _resolve_region(
    metadata: Metadata,
    evidence: Evidence,
    cleaned: Cleaned,
    url: str | None,
    gazetteer: Gazetteer,
) -> Resolution:
    """The division reported on; site evidence only settles what the document leaves open."""
    context = [metadata.addressee] if metadata.addressee else []
    context += cleaned.paragraphs
    return gazetteer.resolve(
        metadata.issuer,
        title=metadata.title,
        site_code=evidence.site_code,
        icp=evidence.icp,
        host_hint=urlsplit(url).hostname if url else None,
        context=context,
    )
