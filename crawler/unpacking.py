"""Unpacking bodies (Content-Encoding), strictly and within bounds.

Scrapy's middleware hands on what it could unpack of a body that was cut off, as if it were the
page. Here a body is unpacked whole or is garbled; and a small one that grows beyond measure (a
"bomb") is too large before it has grown.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Self

import brotli
from scrapy.responsetypes import responsetypes

from crawler.failures import Refused
from crawler.outcome import Reason

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

ACCEPTED = b"gzip, deflate, br"
MOST_GROWTH = 200
"""Times. A table of 3,000 equal rows grew 90 times; DEFLATE at its best grows 1,032 times."""
FREE_GROWTH = 4 * 1024 * 1024
"""Bytes a body may grow to whatever its growth: a page of that size harms nobody."""
MOST_LAYERS = 2
MOST_MEMBERS = 64
_PIECE = 64 * 1024


def unpack(body: bytes, encodings: Iterable[str], most: int) -> bytes:
    """The body before the encodings were applied, the last of them undone first.

    Raises Refused: TOO_LARGE beyond ``most`` bytes or beyond measure, GARBLED for what is cut off,
    broken, or packed in a way we did not offer.
    """
    layers = [
        name for name in (e.strip().lower() for e in encodings) if name not in ("", "identity")
    ]
    if len(layers) > MOST_LAYERS:
        raise Refused(Reason.GARBLED, f"packed {len(layers)} times over")
    most = min(most, max(FREE_GROWTH, MOST_GROWTH * len(body)))
    for name in reversed(layers):
        if name not in _UNPACKERS:
            raise Refused(Reason.GARBLED, f"packed as {name!r}, which we did not offer")
        try:
            body = _UNPACKERS[name](body, most)
        except (zlib.error, brotli.error, EOFError) as error:
            raise Refused(Reason.GARBLED, f"{name} cannot be unpacked: {error}") from error
    return body


def _gzip(body: bytes, most: int) -> bytes:
    """One member after the other, as RFC 1952 allows; what follows the last is padding."""
    pieces: list[bytes] = []
    rest, size = body, 0
    for _ in range(MOST_MEMBERS):
        piece, rest = _inflated(rest, most - size, 16 + zlib.MAX_WBITS)
        pieces.append(piece)
        size += len(piece)
        if not rest.startswith(b"\x1f\x8b"):
            return b"".join(pieces)
    raise EOFError(f"over {MOST_MEMBERS} members")


def _deflate(body: bytes, most: int) -> bytes:
    """Either with its header, as it should be, or without, as some servers send it."""
    try:
        return _inflated(body, most, zlib.MAX_WBITS)[0]
    except zlib.error:
        return _inflated(body, most, -zlib.MAX_WBITS)[0]


def _inflated(body: bytes, most: int, window: int) -> tuple[bytes, bytes]:
    """What is unpacked, and what follows the end of the packed data."""
    machine = zlib.decompressobj(window)
    pieces = [machine.decompress(body, _PIECE)]
    size = len(pieces[0])
    while machine.unconsumed_tail and not machine.eof:
        pieces.append(machine.decompress(machine.unconsumed_tail, _PIECE))
        size = _checked(size + len(pieces[-1]), len(body), most)
    if not machine.eof:
        pieces.append(machine.flush(_PIECE))
    if not machine.eof:
        raise EOFError("it ends too early")
    return b"".join(pieces), machine.unused_data


def _unbrotli(body: bytes, most: int) -> bytes:
    machine = brotli.Decompressor()
    pieces = [machine.process(body, output_buffer_limit=_PIECE)]
    size = len(pieces[0])
    while not machine.is_finished():
        piece = machine.process(b"", output_buffer_limit=_PIECE)
        if not piece and not machine.is_finished():
            raise EOFError("it ends too early")
        pieces.append(piece)
        size = _checked(size + len(piece), len(body), most)
    return b"".join(pieces)


def _checked(size: int, packed: int, most: int) -> int:
    if size > most:
        raise Refused(Reason.TOO_LARGE, f"{packed} bytes unpack to over {most}")
    return size


_UNPACKERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _unbrotli,
}


class Unpacking:
    """Offers what we can unpack, and unpacks what comes."""

    def __init__(self, most: int):
        self.most = most

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy; DOWNLOAD_MAXSIZE bounds the unpacked body too."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        """Say what we can unpack."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer with its body unpacked; the header goes with the packing."""
        named = response.headers.getlist("Content-Encoding")
        if not named or request.method == "HEAD":
            return response
        encodings = b",".join(named).decode("latin-1").split(",")
        body = unpack(response.body, encodings, self.most) if response.body else b""
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind: Any = responsetypes.from_args(headers=headers, url=response.url, body=body)
        unpacked: Response = response.replace(cls=kind, headers=headers, body=body)
        return unpacked
