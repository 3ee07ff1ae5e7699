"""The pure chain: bytes -> Record. What `fazhi extract` and the ingest worker call.

It never raises on content: what cannot be understood comes back as ``unreadable`` with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from crawler.screening import TitleRules, TitleVerdict
from crawler.seeds import SEEDS
from ingest.bounds import CLOSING
from ingest.cleaner import clean
from ingest.decode import decode, is_binary
from ingest.documents import NotReadableError, document_text, sniff
from ingest.evidence import Evidence, gather
from ingest.identity import find_signature
from ingest.lines import LineReader, load_reader
from ingest.metadata import Metadata, read_metadata
from ingest.outline import RoleRule, load_roles, outline
from ingest.page import Page, read_html, read_text
from ingest.pieces import Cleaned, Piece, Place
from ingest.records import Record, Removal, Verdict
from ingest.regions import Gazetteer, Resolution
from ingest.rules import ruleset_version
from ingest.titles import is_sentence, page_titles
from ingest.verdict import (
    BodySigns,
    Judgement,
    judge_bytes,
    judge_document,
    judge_page,
    judge_text,
    load_signs,
)

_MARKUP = re.compile(r"<\s*(?:!doctype|html|head|body|div|p|table|script|meta|span|title)\b", re.I)


@dataclass(frozen=True, slots=True)
class Rules:
    """All that the chain needs to know about one kind of report, and its version."""

    kind: str
    version: str
    titles: TitleRules
    reader: LineReader
    roles: tuple[RoleRule, ...]
    signs: BodySigns
    gazetteer: Gazetteer

    @classmethod
    def load(cls, seeds: Path = SEEDS, kind: str | None = None) -> Rules:
        """The rules of a kind; it need not be named while there is only one. Cached."""
        return _load_rules(seeds, kind)


@cache
def _load_rules(seeds: Path, kind: str | None) -> Rules:
    titles = TitleRules.load(seeds, kind)
    return Rules(
        kind=titles.kind,
        version=ruleset_version(seeds),
        titles=titles,
        reader=load_reader(seeds),
        roles=load_roles(titles.kind, seeds),
        signs=load_signs(titles.kind, seeds),
        gazetteer=Gazetteer.load(seeds),
    )


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
    read = _read(content, media_type)
    if isinstance(read, Judgement):
        record = Record(name, url, known.kind, read.verdict, read.reason)
        return Understood(record)
    return _understand_page(read, name, url, known)


def _read(content: bytes, media_type: str | None) -> Page | Judgement:
    """Bytes to a page, or the verdict that there is none."""
    judgement = judge_bytes(content)
    if judgement is not None:
        return judgement
    if sniff(content) != "text":
        try:
            return read_text(document_text(content))
        except NotReadableError as error:
            return Judgement(Verdict.UNREADABLE, str(error))
    if is_binary(content):
        return Judgement(Verdict.UNREADABLE, "binary")
    decoded = decode(content)
    judgement = judge_text(content, decoded)
    if judgement is not None:
        return judgement
    if not _is_html(decoded.text, media_type):
        return read_text(decoded.text)
    page = read_html(decoded.text)
    return judge_page(page, decoded.text) or page


def _is_html(text: str, media_type: str | None) -> bool:
    if _MARKUP.search(text, 0, 4096):
        return True
    return media_type is not None and "html" in media_type.lower() and "<" in text


def _understand_page(page: Page, name: str, url: str | None, rules: Rules) -> Understood:
    titles = [candidate.text for candidate in page_titles(page)]
    cleaned = clean(page.article, rules.reader, titles, _title_test(rules.titles))
    evidence = gather(page, cleaned, rules.reader)
    metadata = read_metadata(page, cleaned, evidence, lambda text: rules.titles.judge(text).kind)
    judgement = judge_document(
        _judge_title(metadata.title, rules.titles),
        cleaned.paragraphs,
        rules.signs,
        has_files=bool(metadata.attachments),
        is_listing=_is_listing(page),
    )
    record = _base_record(name, url, rules.kind, judgement, metadata, evidence)
    if judgement.verdict is not Verdict.REPORT:
        return Understood(record, cleaned.pieces)
    resolution = _resolve_region(metadata, evidence, cleaned, url, rules.gazetteer)
    end = _last_section_end(cleaned.paragraphs)
    complete = replace(
        record,
        region=resolution.region,
        body="\n".join(cleaned.paragraphs) or None,
        removed=tuple(
            Removal(piece.name, piece.text)
            for piece in cleaned.pieces
            if piece.place is Place.REMOVED
        ),
        sections=outline(cleaned.paragraphs, end, rules.roles),
        why=(("verdict", judgement.reason), *metadata.why, ("region", resolution.why)),
    )
    return Understood(complete, cleaned.pieces)


def _title_test(titles: TitleRules) -> Callable[[str], bool]:
    def is_title(text: str) -> bool:
        return not is_sentence(text) and titles.judge(text).kind != "unknown"

    return is_title


def _judge_title(title: str | None, titles: TitleRules) -> TitleVerdict | None:
    return titles.judge(title) if title else None


def _is_listing(page: Page) -> bool:
    """An article of links only: a column page taken for an article."""
    characters = sum(len(block.text) for block in page.article)
    linked = sum(block.linked for block in page.article)
    return characters > 0 and linked * 2 > characters and not any(b.prose for b in page.article)


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


def _last_section_end(paragraphs: tuple[str, ...]) -> int:
    """Offset where the closing words (特此报告) or the signature begin, or the length."""
    kept = len(paragraphs)
    signer, signed = find_signature(paragraphs)
    if signer is not None or signed is not None:
        kept -= 2 if kept > 1 and paragraphs[-2] == signer else 1
    while kept and CLOSING.match(paragraphs[kept - 1]):
        kept -= 1
    return (
        len("\n".join(paragraphs))
        if kept == len(paragraphs)
        else len("".join(paragraph + "\n" for paragraph in paragraphs[:kept]))
    )
