from __future__ import annotations

import gzip
import random
import zlib

import brotli
import pytest

from crawler.failures import Refused
from crawler.unpacking import FREE_GROWTH, unpack

TEXT = "法治政府建设年度报告。".encode() * 500
MOST = 50_000_000


def raw_deflate(body: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(body) + machine.flush()


def bomb(size: int) -> bytes:
    return gzip.compress(bytes(size))


PACKED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "br": brotli.compress(TEXT),
}


@pytest.mark.parametrize("name", PACKED)
def test_a_whole_body_is_unpacked(name: str) -> None:
    assert unpack(PACKED[name], [name], MOST) == TEXT
    assert unpack(PACKED[name], [name.upper() + " "], MOST) == TEXT


def test_deflate_without_its_header_is_read_as_some_servers_send_it() -> None:
    assert unpack(raw_deflate(TEXT), ["deflate"], MOST) == TEXT


def test_layers_are_undone_from_the_last_to_the_first() -> None:
    assert unpack(brotli.compress(gzip.compress(TEXT)), ["gzip", "br"], MOST) == TEXT
    assert unpack(TEXT, ["identity"], MOST) == TEXT


def test_members_follow_one_another_and_padding_is_no_member() -> None:
    body = gzip.compress(TEXT) + gzip.compress(TEXT) + bytes(12)
    assert unpack(body, ["gzip"], MOST) == TEXT * 2


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("kept", [0.3, 0.9, -1])
def test_a_body_that_was_cut_off_is_garbled_never_half_a_page(name: str, kept: float) -> None:
    noise = random.Random(7).randbytes(200_000)
    packed = {
        "gzip": gzip.compress(noise),
        "x-gzip": gzip.compress(noise),
        "deflate": zlib.compress(noise),
        "br": brotli.compress(noise),
    }[name]
    end = int(len(packed) * kept) if kept > 0 else -1
    with pytest.raises(Refused, match="garbled"):
        unpack(packed[:end], [name], MOST)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b"<html>plain</html>", ["gzip"]),
        (TEXT, ["zstd"]),
        (TEXT, ["br"]),
        (b"", ["gzip"]),
        (gzip.compress(b"") * 100, ["gzip"]),
        (TEXT, ["gzip", "gzip", "gzip"]),
        (gzip.compress(TEXT)[:-8] + bytes(8), ["gzip"]),
    ],
)
def test_what_is_not_packed_as_said_is_garbled(body: bytes, names: list[str]) -> None:
    with pytest.raises(Refused, match="garbled"):
        unpack(body, names, MOST)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (bomb(FREE_GROWTH * 4), ["gzip"]),
        (zlib.compress(bytes(FREE_GROWTH * 4)), ["deflate"]),
        (brotli.compress(bytes(FREE_GROWTH * 4)), ["br"]),
        (gzip.compress(bomb(100_000_000)), ["gzip", "gzip"]),
        (bomb(FREE_GROWTH // 2) * 20, ["gzip"]),
    ],
)
def test_a_bomb_is_too_large_before_it_has_grown(body: bytes, names: list[str]) -> None:
    with pytest.raises(Refused, match="too_large"):
        unpack(body, names, MOST)


def test_the_bound_on_bodies_holds_for_unpacked_ones_too() -> None:
    with pytest.raises(Refused, match="too_large"):
        unpack(gzip.compress(random.Random(1).randbytes(300_000)), ["gzip"], 100_000)


def test_a_page_that_packs_well_is_no_bomb() -> None:
    table = b"<tr><td>0</td></tr>\n" * 150_000
    assert unpack(gzip.compress(table), ["gzip"], MOST) == table
