"""The charset ladder: byte order mark, UTF-16, strict UTF-8, strict GB18030, fewest errors."""

from __future__ import annotations

import codecs

import pytest

from ingest.decode import decode, is_binary
from ingest.extract import extract

TEXT = "<html><body><p>云岭县人民政府2024年度法治政府建设情况报告</p></body></html>"


def declared(charset: str) -> str:
    return TEXT.replace("<body>", f'<head><meta charset="{charset}"></head><body>')


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8"),
        (TEXT.encode("gbk"), "gb18030"),
        (TEXT.encode("gb2312"), "gb18030"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
    ],
    ids=[
        "utf-8",
        "utf-8 with a mark",
        "gbk",
        "gb2312",
        "utf-16 little endian with a mark",
        "utf-16 big endian with a mark",
        "utf-32 little endian with a mark",
        "utf-32 big endian with a mark",
        "utf-16 little endian without a mark",
        "utf-16 big endian without a mark",
    ],
)
def test_a_page_is_decoded_whatever_its_charset(content: bytes, charset: str) -> None:
    decoded = decode(content)
    assert (decoded.text, decoded.charset, decoded.broken) == (TEXT, charset, 0)


def test_characters_that_only_gb18030_has_are_decoded() -> None:
    rare = "㐂䶮𠮷镇"  # rare characters of place names; none is in GBK
    with pytest.raises(UnicodeEncodeError):
        rare.encode("gbk")
    assert decode(rare.encode("gb18030")).text == rare


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "iso-8859-1", "big5", "no-such-charset"])
@pytest.mark.parametrize("real", ["utf-8", "gb18030", "utf-16"])
def test_a_wrong_declaration_misleads_nobody(charset: str, real: str) -> None:
    assert decode(declared(charset).encode(real)).text == declared(charset)


def test_the_content_type_of_the_answer_is_a_hint_only() -> None:
    record = extract(TEXT.encode("gbk"), name="x", media_type="text/html; charset=utf-8")
    assert record.title == "云岭县人民政府2024年度法治政府建设情况报告"


def test_a_few_broken_bytes_cost_a_few_characters_not_the_charset() -> None:
    long = "依法行政，建设法治政府。" * 50
    for real in ("utf-8", "gb18030"):
        content = long.encode(real)
        broken = content[:300] + b"\xff\xff" + content[300:]
        decoded = decode(broken)
        assert decoded.charset == real
        assert 0 < decoded.broken <= 4
        assert decoded.text.count("依法行政") >= 48


def test_a_page_cut_off_inside_a_character_is_still_decoded() -> None:
    decoded = decode(TEXT.encode() + "政".encode()[:2])
    assert decoded.text.startswith(TEXT)
    assert decoded.charset == "utf-8"


def test_an_english_page_stays_as_it_is() -> None:
    assert decode(b"<p>No such page</p>").text == "<p>No such page</p>"


def test_nothing_is_decoded_to_nothing() -> None:
    assert decode(b"").text == ""


@pytest.mark.parametrize(
    ("content", "binary"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0", True),
        (bytes(range(256)) * 4, True),
        (TEXT.encode() + b"\0", False),
        (TEXT.encode(), False),
        (TEXT.encode("gbk"), False),
        (TEXT.encode("utf-16-le"), False),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), False),
    ],
    ids=["a picture", "every byte", "a stray zero", "utf-8", "gbk", "utf-16", "utf-16 with a mark"],
)
def test_binary_content_is_told_from_text(content: bytes, binary: bool) -> None:
    assert is_binary(content) is binary
