"""How a reply goes out: whole, or in one of the ways in which connections go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from typing import Any

DRIP = 0.2
"""Seconds between two bytes of a body that drips."""
ENDLESS = 64 * 1024 * 1024
"""Bytes after which even what has no end ends, so that no simulator fills a disk or a memory."""

Deliver = Callable[[asyncio.StreamWriter, Any], Awaitable[None]]


class HangUp(Exception):  # noqa: N818 - it is no error, but the end of a connection
    """The connection is over."""


async def whole(writer: asyncio.StreamWriter, reply: Any) -> None:
    """As it should be."""
    await _send(writer, _head(reply, len(reply.body)) + reply.body)


async def dripping(writer: asyncio.StreamWriter, reply: Any) -> None:
    """A byte now and a byte then."""
    await _send(writer, _head(reply, len(reply.body)))
    for byte in reply.body:
        await _send(writer, bytes([byte]))
        await asyncio.sleep(DRIP)


async def silent(writer: asyncio.StreamWriter, reply: Any) -> None:  # noqa: ARG001
    """No answer, while the other side waits."""
    await asyncio.sleep(3600)


async def reset(writer: asyncio.StreamWriter, reply: Any) -> None:
    """The connection is torn down in the middle of the head."""
    await _send(writer, _head(reply, len(reply.body))[:20])
    _tear(writer)


async def cut_off(writer: asyncio.StreamWriter, reply: Any) -> None:
    """Half the body of the announced length, then a polite end."""
    await _send(writer, _head(reply, len(reply.body)) + reply.body[: len(reply.body) // 2])
    raise HangUp


async def cut_off_in_chunks(writer: asyncio.StreamWriter, reply: Any) -> None:
    """Chunks without the last one."""
    half = reply.body[: len(reply.body) // 2]
    await _send(writer, _head(reply, None) + f"{len(half):x}\r\n".encode() + half + b"\r\n")
    raise HangUp


async def announced_too_long(writer: asyncio.StreamWriter, reply: Any) -> None:
    """A Content-Length that counts characters which are not there."""
    await _send(writer, _head(reply, len(reply.body) + 100) + reply.body)
    raise HangUp


async def announced_too_short(writer: asyncio.StreamWriter, reply: Any) -> None:
    """A Content-Length that counts characters, not bytes: a third of them."""
    await _send(writer, _head(reply, len(reply.body) // 3) + reply.body)
    raise HangUp


async def endless_head(writer: asyncio.StreamWriter, reply: Any) -> None:  # noqa: ARG001
    """Headers without end."""
    await _send(writer, b"HTTP/1.1 200 OK\r\n")
    for _ in range(ENDLESS // 4096):
        await _send(writer, b"X-More: " + b"x" * 4086 + b"\r\n")


async def endless_body(writer: asyncio.StreamWriter, reply: Any) -> None:
    """A body without end."""
    await _send(writer, _head(reply, None))
    for _ in range(ENDLESS // 65536):
        await _send(writer, b"10000\r\n" + b" " * 65536 + b"\r\n")


def _head(reply: Any, length: int | None) -> bytes:
    return "\r\n".join(_lines(reply, length)).encode("latin-1") + b"\r\n\r\n"


def _lines(reply: Any, length: int | None) -> Iterator[str]:
    """``length`` None: in chunks."""
    yield f"HTTP/1.1 {reply.status} {_phrase(reply.status)}"
    yield f"Content-Type: {reply.content_type}"
    yield "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    for name, value in reply.headers:
        yield f"{name}: {value}"


async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    if writer.is_closing():
        raise HangUp
    writer.write(data)
    await writer.drain()


def _tear(writer: asyncio.StreamWriter) -> None:
    """Close with RST where the system allows it."""
    writer.transport.abort()
    raise HangUp


def _phrase(status: int) -> str:
    """Reason phrase; protection services use numbers that have none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
