from __future__ import annotations

import pytest
from OpenSSL import SSL
from scrapy import exceptions
from twisted.internet import error
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.failures import Refused, name_failure
from crawler.outcome import Reason


def wrapped(cause: Exception) -> Exception:
    """As Scrapy hands on what Twisted collected."""
    outer = exceptions.DownloadFailedError(str(cause))
    outer.__cause__ = ResponseFailed([Failure(cause)])
    return outer


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (exceptions.CannotResolveHostError("x"), "dns"),
        (exceptions.DownloadConnectionRefusedError("x"), "connection_refused"),
        (exceptions.DownloadTimeoutError("x"), "timeout"),
        (exceptions.DownloadCancelledError("too big"), "too_large"),
        (exceptions.ResponseDataLossError("x"), "truncated"),
        (exceptions.UnsupportedURLSchemeError("x"), "bad_scheme"),
        (wrapped(SSL.Error([("SSL routines", "", "unsafe legacy renegotiation disabled")])), "tls"),
        (wrapped(error.ConnectionLost()), "reset"),
        (wrapped(error.ConnectionDone()), "reset"),
        (error.NoRouteError(), "unreachable"),
        (exceptions.DownloadFailedError("x"), "reset"),
        (Refused(Reason.OFF_SITE, "elsewhere"), "off_site"),
        (exceptions.IgnoreRequest("exceeded DOWNLOAD_MAXSIZE"), "too_large"),
        (exceptions.IgnoreRequest("max redirections reached"), "redirect_loop"),
        (KeyError("ours"), "internal_error"),
    ],
)
def test_every_failure_has_a_name(problem: Exception, reason: str) -> None:
    name, detail = name_failure(problem)
    assert name == reason
    assert detail
