"""Word 97-2003 files (.doc, and .wps of Kingsoft) to lines of text, by [MS-DOC].

The text lies in pieces, in UTF-16 or in Windows-1252, which the piece table (Clx) puts in order.
Only the main text is read: no footnotes, headers or comments. What does not fit the format raises
ValueError.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

import olefile

IDENTITY = 0xA5EC
"""What the file information block of Word 97 and later begins with."""
LARGEST_TEXT = 5_000_000
"""Characters; no report is that long."""
_FIELD = re.compile("\x13[^\x13\x14\x15]*(?:\x14(?P<shown>[^\x13\x14\x15]*))?\x15")
"""A field: its instructions, and what it shows."""
_NO_TEXT = re.compile("[\x00-\x06\x08\x0e-\x1f]")


def word97_text(content: bytes) -> str:
    """Lines of the main text; the cells of a table's row are parted by tabs."""
    with olefile.OleFileIO(io.BytesIO(content)) as file:
        document = file.openstream("WordDocument").read()
        identity, flags = struct.unpack_from("<H8xH", document, 0)
        if identity != IDENTITY:
            raise ValueError("the text is in a form older than Word 97")
        if flags & 0x0100:
            raise ValueError("the text is encrypted")
        table = file.openstream("1Table" if flags & 0x0200 else "0Table").read()
    (length,) = struct.unpack_from("<i", document, 0x4C)
    start, size = struct.unpack_from("<II", document, 0x1A2)
    if not 0 <= length <= LARGEST_TEXT:
        raise ValueError(f"{length} characters")
    text = "".join(_pieces(document, table[start : start + size]))[:length]
    return _lines(text)


def _pieces(document: bytes, clx: bytes) -> Iterator[str]:
    place = 0
    while clx[place : place + 1] == b"\x01":  # properties, of no interest
        place += 3 + struct.unpack_from("<H", clx, place + 1)[0]
    if clx[place : place + 1] != b"\x02":
        raise ValueError("no piece table")
    (size,) = struct.unpack_from("<I", clx, place + 1)
    count = (size - 4) // 12
    begin = place + 5
    bounds = struct.unpack_from(f"<{count + 1}I", clx, begin)
    for number in range(count):
        (where,) = struct.unpack_from("<I", clx, begin + 4 * (count + 1) + 8 * number + 2)
        characters = bounds[number + 1] - bounds[number]
        if where & 0x40000000:
            first = (where & 0x3FFFFFFF) // 2
            yield document[first : first + characters].decode("cp1252", "replace")
        else:
            yield document[where : where + 2 * characters].decode("utf-16-le", "replace")


def _lines(text: str) -> str:
    before = None
    while before != text:  # fields lie in fields
        before, text = text, _FIELD.sub(lambda match: match["shown"] or "", text)
    text = text.replace("\x07\x07", "\n").replace("\x07", "\t")
    return _NO_TEXT.sub("", re.sub("[\r\x0b\x0c]", "\n", text))
