"""A small HTTP/1.1 server that chooses the pretend portal by the Host header.

It is written on bare streams, so that a reply can go out in every way of misbehaving (deliveries).
Every request is logged with how many its host had in hand. A connection that begins with TLS is
led through `secure`, at the same port.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl

from crawler.simulator.deliveries import HangUp, whole
from crawler.simulator.replies import PretendPortal, Reply, Request
from crawler.simulator.secure import HELLO, Secure

LOG = "/__log"
"""On any host: the log so far, as a JSON list in the order in which requests came."""
THINKING = 0.002
"""Seconds before an answer, so that requests sent side by side are seen side by side."""
LONGEST_BODY = 1 << 20
Portals = Mapping[str, PretendPortal]
"""By host."""


class Server:
    """All pretend portals behind one port."""

    def __init__(self, portals: Portals):
        self.portals = portals
        self.log: list[dict[str, Any]] = []
        self._in_hand: Counter[str] = Counter()
        self._secure = Secure(self.serve)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request; TLS ones by way of ``secure``."""
        with contextlib.suppress(
            *(OSError, asyncio.IncompleteReadError, ValueError, asyncio.CancelledError),
            HangUp,
        ):
            first = await reader.read(1)
            if first == bytes([HELLO]):
                await self._secure.lead(first, reader, writer)
                return
            while request := await read_request(reader, first):
                first = b""
                line = self._begin(request)
                try:
                    await asyncio.sleep(THINKING)
                    reply = self._reply(request)
                    line["status"] = reply.status
                    if request.method == "HEAD":
                        reply = replace(reply, body=b"", deliver=whole)
                    await reply.deliver(writer, reply)
                finally:
                    self._in_hand[request.host] -= 1
        writer.close()

    def _reply(self, request: Request) -> Reply:
        if request.target == LOG:
            return Reply(200, json.dumps(self.log).encode(), "application/json")
        portal = self.portals.get(request.host)
        if portal is None:
            known = "\n".join(f"http://{host}/" for host in self.portals)
            return Reply(404, f"no such pretend portal; there are:\n{known}\n".encode())
        return portal.reply(request)

    def _begin(self, request: Request) -> dict[str, Any]:
        self._in_hand[request.host] += 1
        line = {
            "at": monotonic(),
            "host": request.host,
            "method": request.method,
            "target": request.target,
            "user_agent": request.headers.get("user-agent"),
            "in_hand": self._in_hand[request.host],
        }
        if request.target != LOG:
            self.log.append(line)
        return line


async def read_request(reader: asyncio.StreamReader, begun: bytes = b"") -> Request | None:
    """The next request of a connection; None when the client is done. ValueError if malformed.

    ``begun`` has been read of it already.
    """
    first = begun + await reader.readline()
    if not first:
        return None
    method, target, _ = first.decode("latin-1").split(" ", 2)
    headers: dict[str, str] = {}
    while (line := await reader.readline()) not in (b"\r\n", b"\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    length = min(int(headers.get("content-length", "0")), LONGEST_BODY)
    body = await reader.readexactly(length)
    host = headers.get("host", "").partition(":")[0].lower()
    return Request(method, target, host, headers, dict(parse_qsl(body.decode("latin-1"))))
