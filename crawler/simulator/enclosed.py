"""A report that is a file: its page is a cover with a link to it, or shows it in a viewer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from html import escape
from urllib.parse import quote

from crawler.simulator.faults import Bend, FaultyPortal
from crawler.simulator.replies import Reply, Request

FILE = "/files/2025/年度报告.docx"
_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels"
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType=
"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="word/document.xml" Type=
"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
</Relationships>"""
_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
{}</w:body></w:document>"""


def cover() -> Bend:
    """The victim's page has a link to its file."""
    return _in_file(lambda name: f'<p>附件：<a href="{quote(FILE)}">{name}.docx</a></p>')


def viewer() -> Bend:
    """The victim's page shows its file in a viewer."""
    return _in_file(
        lambda _: f'<iframe src="/js/viewer.html?file={quote(FILE, safe="")}"></iframe>'
    )


def _in_file(body: Callable[[str], str]) -> Bend:
    def bend(portal: FaultyPortal, request: Request, good: Reply) -> Reply:
        victim = portal.victim
        if request.target == quote(FILE):
            return Reply(200, _docx((victim.title, *victim.paragraphs)), "application/msword")
        if request.target != portal.path:
            return good
        title = escape(victim.title)
        text = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body(title)}"
        return Reply(200, text.encode(), "text/html; charset=utf-8")

    return bend


def _docx(paragraphs: tuple[str, ...]) -> bytes:
    lines = (f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/document.xml", _DOCUMENT.format("".join(lines)))
    return buffer.getvalue()
