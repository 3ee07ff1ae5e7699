"""Files that are no web pages: pdf, docx, doc, ofd, xlsx -> lines of text.

The format is told by the first bytes, not by the name. What cannot be read raises NotReadableError,
which the chain turns into the verdict ``unreadable``.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree

from ingest.pdf import paragraphs
from ingest.word_numbers import WordNumbers

LARGEST_MEMBER = 50 * 1024 * 1024
"""Bytes of one unpacked member of an archive; more is a bomb, not a report."""
CONVERTER_SECONDS = 60
"""Time that an outside converter of .doc files may take."""


class NotReadableError(Exception):
    """A file that cannot be read; the message is the reason. It never leaves the chain."""


def sniff(content: bytes) -> str:
    """ "pdf", "zip" (docx, xlsx, ofd), "doc", or "text"."""
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return "zip"
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "doc"
    return "text"


def document_text(content: bytes) -> str:
    """Lines of text of a pdf, docx, doc, ofd or xlsx file. Raises NotReadableError."""
    reader: dict[str, Callable[[bytes], str]] = {"pdf": _pdf, "zip": _archive, "doc": _doc}
    try:
        return reader[sniff(content)](content)
    except NotReadableError:
        raise
    except Exception as error:
        # Parsers of foreign formats raise whatever they like on damaged files.
        raise NotReadableError(f"damaged_{sniff(content)}: {type(error).__name__}") from error


def _pdf(content: bytes) -> str:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise NotReadableError(f"damaged_pdf: {error}") from error
    try:
        text = "\n".join(paragraphs(pdf))
    finally:
        pdf.close()
    if not text.strip():
        raise NotReadableError("pdf_without_text: scanned pages need character recognition")
    return text


def _join_wrapped(text: str) -> str:
    """Lines broken by the page's width are joined: a full line that no stop ends goes on."""
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\ufffe", "").split("\n")]
    lines = [line for line in lines if line and not re.fullmatch(r"[-—–\s]*\d{1,3}[-—–\s]*", line)]
    width = max((len(line) for line in lines), default=0)
    joined: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on:
            joined[-1] += line
        else:
            joined.append(line)
        goes_on = len(line) >= width - 3 and not line.endswith(("。", "：", ":", "！"))
    return "\n".join(joined)


def _archive(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if any(info.file_size > LARGEST_MEMBER for info in archive.infolist()):
            raise NotReadableError("archive_bomb: a member unpacks to more than 50 MB")
        if "word/document.xml" in names:
            return _docx(content)
        if "OFD.xml" in names:
            return _ofd(archive)
        if "xl/workbook.xml" in names:
            return _xlsx(content)
    raise NotReadableError("unknown_archive: neither docx, xlsx nor ofd")


def _docx(content: bytes) -> str:
    import docx

    document = docx.Document(io.BytesIO(content))
    numbers = WordNumbers(document)
    lines = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            lines += ["\t".join(cell.text.strip() for cell in row.cells) for row in block.rows]
        else:
            lines.append(numbers.before(block) + block.text)
    return "\n".join(lines)


def _ofd(archive: zipfile.ZipFile) -> str:
    """OFD (GB/T 33190): text codes of the pages' content, one line for each text object."""
    pages = sorted(
        (name for name in archive.namelist() if re.search(r"Pages/Page_\d+/Content\.xml$", name)),
        key=lambda name: [int(number) for number in re.findall(r"\d+", name)],
    )
    lines: list[str] = []
    for name in pages:
        root = ElementTree.fromstring(archive.read(name))
        objects = (node for node in root.iter() if node.tag.endswith("}TextObject"))
        lines += [
            "".join(code.text or "" for code in node if code.tag.endswith("}TextCode"))
            for node in objects
        ]
    return _join_wrapped("\n".join(lines))


def _xlsx(content: bytes) -> str:
    import python_calamine

    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = (
        row for name in workbook.sheet_names for row in workbook.get_sheet_by_name(name).to_python()
    )
    return "\n".join("\t".join(str(cell) for cell in row if cell != "") for row in rows)


def _doc(content: bytes) -> str:
    """Word 97-2003, by antiword or catdoc when one is installed, else by its piece table."""
    for command in (
        ["antiword", "-m", "UTF-8.txt", "-w", "0", "-"],
        ["catdoc", "-d", "utf-8", "-w"],
    ):
        if shutil.which(command[0]) is None:
            continue
        result = subprocess.run(
            command, input=content, capture_output=True, timeout=CONVERTER_SECONDS, check=False
        )
        if result.returncode == 0 and result.stdout.strip():
            return result.stdout.decode("utf-8", "replace")
    from ingest.word97 import word97_text

    try:
        text = word97_text(content)
    except Exception as error:  # the parser of the container raises whatever it likes
        reason = f"{type(error).__name__}: {error}"
        raise NotReadableError(
            f"doc_needs_converter: {reason}; antiword or catdoc, installed, may read it"
        ) from error
    if not text.strip():
        raise NotReadableError("doc_without_text")
    return text
