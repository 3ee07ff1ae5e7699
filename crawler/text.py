"""Bytes of a listing page -> text. Enough for links and titles; reports are decoded by ingest."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(body: bytes) -> str:
    """BOM, strict UTF-8, strict GB18030, then UTF-8 with replacement characters.

    Declarations are not asked: a page that declares gb2312 is GB18030 in truth, and strict
    UTF-8 does not decode such a page by accident.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("utf-8", "replace")
