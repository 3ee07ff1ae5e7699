"""TLS towards one portal: strict, unless a quirk in the registry says what it needs instead.

Strict means: TLS 1.2 or newer, OpenSSL's ciphers of its security level, secure renegotiation (RFC
5746), and a certificate that somebody vouches for: the system's authorities or those of certifi.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import certifi
from OpenSSL import SSL
from scrapy.core.downloader.tls import _ScrapyClientTLSOptions26
from twisted.internet._sslverify import ClientTLSOptions, IOpenSSLTrustRoot
from twisted.internet.ssl import CertificateOptions, TLSVersion
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from crawler.quirks import Quirks

LEGACY_SERVER_CONNECT = 0x4
"""SSL_OP_LEGACY_SERVER_CONNECT of OpenSSL: talk to servers without RFC 5746."""


@implementer(IOpenSSLTrustRoot)
class _Authorities:
    """The system's (or those of SSL_CERT_FILE), and certifi's where the system has none."""

    def _addCACertsToContext(self, context: SSL.Context) -> None:  # noqa: N802 - the interface's
        context.set_default_verify_paths()
        context.load_verify_locations(certifi.where())


class _Options(CertificateOptions):
    """Twisted's options, with what OpenSSL must be told directly."""

    def __init__(self, *, legacy: bool, ciphers: bytes | None, **kwargs: Any):
        super().__init__(**kwargs)
        self._legacy = legacy
        self._ciphers = ciphers

    def _makeContext(self, skipCiphers: bool = False) -> SSL.Context:  # noqa: N802, N803
        # Ciphers are set last and once: a context cannot be changed after its first use.
        context: SSL.Context = super()._makeContext(skipCiphers or bool(self._ciphers))
        if self._legacy:
            context.set_options(LEGACY_SERVER_CONNECT)
        if self._ciphers:
            context.set_cipher_list(self._ciphers)
        return context


@lru_cache(maxsize=16)
def options(*, legacy: bool, verified: bool, no_ecdhe: bool) -> CertificateOptions:
    """The options for a set of quirks; portals with the same set share a context."""
    kwargs: dict[str, Any] = {}
    if verified:
        kwargs["trustRoot"] = _Authorities()
    if legacy:
        kwargs["insecurelyLowerMinimumTo"] = TLSVersion.TLSv1_0
    if no_ecdhe:  # TLS 1.3 knows nothing else
        kwargs["lowerMaximumSecurityTo"] = TLSVersion.TLSv1_2
    level = b":@SECLEVEL=0" if legacy else b""
    ciphers = b"ALL:!aNULL:!PSK:!kECDHE" if no_ecdhe else b"ALL:!aNULL:!PSK" if legacy else b""
    return _Options(legacy=legacy, ciphers=ciphers + level or None, **kwargs)


@implementer(IPolicyForHTTPS)
class TLSPolicy:
    """How the hosts of one portal are talked to."""

    def __init__(self, quirks: Quirks):
        self._verified = not quirks.unverified_tls
        self._legacy, self._no_ecdhe = quirks.legacy_tls, quirks.no_ecdhe_tls

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: ARG002, N802
        """Twisted's question, for every new connection."""
        made = options(legacy=self._legacy, verified=self._verified, no_ecdhe=self._no_ecdhe)
        kind = ClientTLSOptions if self._verified else _ScrapyClientTLSOptions26
        return kind(made._makeTLSConnection, hostname.decode("ascii"))
