"""Bytes to a page, whatever kind of file they are, or the verdict that there is none."""

from __future__ import annotations

import re

from ingest.decode import decode, is_binary
from ingest.documents import NotReadableError, document_text, sniff
from ingest.page import Page, read_html, read_text
from ingest.records import Verdict
from ingest.verdict import Judgement, judge_bytes, judge_page, judge_text

_MARKUP = re.compile(r"<\s*(?:!doctype|html|head|body|div|p|table|script|meta|span|title)\b", re.I)


def read_document(content: bytes, media_type: str | None) -> Page | Judgement:
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
    page = read_html(content if decoded.verbatim else decoded.text)
    return judge_page(page, decoded.text) or page


def _is_html(text: str, media_type: str | None) -> bool:
    if _MARKUP.search(text, 0, 4096):
        return True
    return media_type is not None and "html" in media_type.lower() and "<" in text
