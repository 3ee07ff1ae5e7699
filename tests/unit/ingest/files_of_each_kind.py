"""Small files of each kind, built by the tests: pdf, docx, xlsx, ofd, and an old doc's head."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

import docx

OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def docx_file(paragraphs: Sequence[str], table: Sequence[Sequence[str]] = ()) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in enumerate(table):
            for column, text in enumerate(cells):
                grid.cell(row, column).text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf_file(lines: Sequence[str]) -> bytes:
    """One page of lines that begin at its left margin."""
    return pdf_pages([[(50, 780 - 16 * number, line) for number, line in enumerate(lines)]])


def pdf_pages(pages: Sequence[Sequence[tuple[float, float, str]]]) -> bytes:
    """Lines of ten points at (from the left, from the foot) in points on pages of 595 x 842; the
    font has no glyphs, only the map from codes to characters that readers use."""
    text = "".join(line for page in pages for *_, line in page)
    codes = {character: code for code, character in enumerate(sorted(set(text)), 1)}
    pairs = "\n".join(
        f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for character, code in codes.items()
    )
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /F def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    )
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H"
        " /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(to_unicode),
    ]
    for number, page in enumerate(pages):
        shown = "\n".join(
            f"1 0 0 1 {left} {up} Tm <{''.join(f'{codes[c]:04X}' for c in line)}> Tj"
            for left, up, line in page
        )
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>",
            _stream(f"BT /F1 10 Tf\n{shown}\nET"),
        ]
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode()
    tail = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + tail.encode()


def _stream(content: str) -> str:
    return f"<< /Length {len(content.encode())} >>\nstream\n{content}\nendstream"


def ofd_file(pages: Sequence[Sequence[str]]) -> bytes:
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    return zip_file(
        {"OFD.xml": f"<ofd:OFD {space}/>"}
        | {
            f"Doc_0/Pages/Page_{number}/Content.xml": f"<ofd:Page {space}><ofd:Content><ofd:Layer>"
            + "".join(
                f"<ofd:TextObject><ofd:TextCode>{line}</ofd:TextCode></ofd:TextObject>"
                for line in lines
            )
            + "</ofd:Layer></ofd:Content></ofd:Page>"
            for number, lines in enumerate(pages)
        }
    )


def xlsx_file(rows: Sequence[Sequence[str]]) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    cells = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for column, text in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    return zip_file(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
            '<sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship '
            f'Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}'
            "</sheetData></worksheet>",
        }
    )


def zip_file(members: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def doc_file(text: str, *, pieces: int = 1, flags: int = 0x0200) -> bytes:
    """A Word 97 file whose text lies in so many pieces, the last first in the file; its Latin
    pieces in Windows-1252."""
    size = -(-len(text) // pieces) if text else 1
    parts = [text[place : place + size] for place in range(0, max(1, len(text)), size)]
    document = bytearray(0x400)
    places = {}
    for number, part in reversed(list(enumerate(parts))):
        latin = part.isascii()
        where = len(document)
        document += part.encode("cp1252" if latin else "utf-16-le")
        document += b"\0" * (len(document) % 2)
        places[number] = where * 2 | 0x40000000 if latin else where
    bounds = [min(number * size, len(text)) for number in range(len(parts) + 1)]
    table = struct.pack(f"<{len(bounds)}I", *bounds)
    table += b"".join(struct.pack("<HIH", 0, places[n], 0) for n in range(len(parts)))
    clx = b"\x01" + struct.pack("<H", 2) + b"xx" + b"\x02" + struct.pack("<I", len(table)) + table
    struct.pack_into("<H8xH", document, 0, 0xA5EC, flags)
    struct.pack_into("<i", document, 0x4C, len(text))
    struct.pack_into("<II", document, 0x1A2, 0, len(clx))
    return _compound({"WordDocument": bytes(document), "1Table": clx})


def _compound(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file of two streams, each of at least 4,096 bytes: no mini stream."""
    none, end = 0xFFFFFFFF, 0xFFFFFFFE
    fat, data, entries = [0xFFFFFFFD, end], b"", []
    for number, (name, content) in enumerate(streams.items()):
        padded = content.ljust(4096, b"\0")
        padded += b"\0" * (-len(padded) % 512)
        first, sectors = len(fat), len(padded) // 512
        fat += [*range(first + 1, first + sectors), end]
        data += padded
        entries.append(
            _entry(name, 2, (2, none, none) if not number else (none,) * 3, first, len(padded))
        )
    directory = _entry("Root Entry", 5, (none, none, 1), end, 0) + b"".join(entries) + bytes(128)
    table = struct.pack("<128I", *fat, *[none] * (128 - len(fat)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *[none] * 108)
    return head + table + directory + data


def _entry(name: str, kind: int, links: tuple[int, int, int], first: int, size: int) -> bytes:
    coded = name.encode("utf-16-le")
    return coded.ljust(64, b"\0") + struct.pack(
        "<HBB3I16xI16xIQ", len(coded) + 2, kind, 1, *links, 0, first, size
    )
