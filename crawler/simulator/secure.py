"""TLS for pretend portals, at the port of the rest: good, old, and without secure renegotiation.

Certificates are signed by nobody and made anew at every start. What a connection meets depends on
the host its first message names.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

HELLO = 0x16
"""First byte of a TLS record with a handshake message; no HTTP method begins so."""
OLD = "tls-old"
BARE = "tls-without-renegotiation"
"""Beginnings of host labels that ask for old parameters, and for a server without RFC 5746."""

ALERT = bytes.fromhex("15030100020246")
"""Fatal, protocol_version: what a server says that wants another. asyncio's says nothing."""

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Secure:
    """The TLS side of a server. ``ready`` first."""

    def __init__(self, serve: Serve):
        self._serve = serve
        self._inner: dict[str, int] = {}
        self._listeners: list[asyncio.Server] = []
        self._making = asyncio.Lock()

    async def ready(self) -> None:
        """Listen within, once for each kind of TLS."""
        async with self._making:
            if self._listeners:
                return
            for kind in ("good", OLD):
                context = await asyncio.to_thread(_context, old=kind == OLD)
                listener = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
                self._inner[kind] = listener.sockets[0].getsockname()[1]
                self._listeners.append(listener)

    async def lead(
        self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take a connection that began so to where its host wants it."""
        rest = await reader.readexactly(4)
        hello = first + rest + await reader.readexactly(int.from_bytes(rest[2:], "big"))
        if BARE.encode() in hello:
            await _answer_bare(hello, reader, writer)
            return
        await self.ready()
        port = self._inner[OLD if OLD.encode() in hello else "good"]
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        inner_writer.write(hello)
        await asyncio.gather(_pipe(reader, inner_writer), _pipe(inner_reader, writer, ALERT))


async def _pipe(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, otherwise: bytes = b""
) -> None:
    """From one connection to the other; ``otherwise`` is sent where nothing came."""
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            otherwise = b""
            sink.write(data)
            await sink.drain()
        sink.write(otherwise)
    sink.close()


def _context(*, old: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if old:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.pem"
        file.write_bytes(
            _certificate(_short_key() if old else ec.generate_private_key(ec.SECP256R1()))
        )
        context.load_cert_chain(file)
    return context


def _short_key() -> rsa.RSAPrivateKey:
    """Of a length that is refused today."""
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


def _certificate(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """Key and certificate for every pretend host, in PEM."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "pretend portals")])
    hosts = x509.SubjectAlternativeName([x509.DNSName("*.gov.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(hosts, critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, plain) + certificate.public_bytes(
        serialization.Encoding.PEM
    )


async def _answer_bare(
    hello: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """A ServerHello of TLS 1.2 without any extension, then silence until the client has decided."""
    session = 43 + 1 + hello[43]
    ciphers = hello[session + 2 : session + 2 + int.from_bytes(hello[session : session + 2], "big")]
    offered = [ciphers[i : i + 2] for i in range(0, len(ciphers), 2)]
    chosen = next(c for c in offered if c[0] in (0x00, 0xC0) and c not in (b"\x00\xff",))
    body = b"\x03\x03" + bytes(range(32)) + b"\x00" + chosen + b"\x00"
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    writer.write(b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message)
    await writer.drain()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(reader.read(1), 1.0)
