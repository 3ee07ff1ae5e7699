from __future__ import annotations

import codecs

import pytest

from crawler.text import decode

TEXT = "李镕：法治政府建设—2023年㐂"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_whatever_the_page_declares(encoding: str) -> None:
    declared = '<meta charset="gb2312">'
    assert decode((declared + TEXT).encode(encoding)) == declared + TEXT


def test_a_big_endian_mark_is_honoured() -> None:
    assert decode(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")) == TEXT


def test_broken_bytes_are_replaced_and_never_raise() -> None:
    assert "法治" in decode("法治".encode() + b"\xff\xff")
    assert decode(b"") == ""
