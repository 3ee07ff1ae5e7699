"""The one place that turns what went wrong while fetching into a named reason."""

from __future__ import annotations

from collections.abc import Iterator

from OpenSSL import SSL
from scrapy import exceptions as scrapy_errors
from twisted.internet import error as twisted_errors
from twisted.internet.ssl import VerificationError
from twisted.python.failure import Failure

from crawler.errors import FazhiError
from crawler.outcome import ENDS, Reason
from crawler.wire import EndlessHeadError

__all__ = ["ENDS", "NotAsked", "Refused", "name_failure"]


class Refused(scrapy_errors.IgnoreRequest):
    """We will not send this request, or not follow this answer. It reaches the errback."""

    def __init__(self, reason: Reason, detail: str):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class NotAsked(scrapy_errors.IgnoreRequest):
    """A request not sent, without loss: its page was asked for before, or its host is left alone
    after a challenge, which has its own failure."""


_NAMES: tuple[tuple[tuple[type[BaseException], ...], Reason], ...] = (
    ((scrapy_errors.CannotResolveHostError,), Reason.DNS),
    ((scrapy_errors.DownloadConnectionRefusedError,), Reason.CONNECTION_REFUSED),
    ((scrapy_errors.DownloadTimeoutError, twisted_errors.TimeoutError), Reason.TIMEOUT),
    ((scrapy_errors.DownloadCancelledError,), Reason.TOO_LARGE),
    ((scrapy_errors.ResponseDataLossError,), Reason.TRUNCATED),
    ((scrapy_errors.UnsupportedURLSchemeError,), Reason.BAD_SCHEME),
    ((SSL.Error, VerificationError), Reason.TLS),
    ((EndlessHeadError,), Reason.TOO_LARGE),
    ((twisted_errors.ConnectionLost, twisted_errors.ConnectionDone), Reason.RESET),
    ((twisted_errors.ConnectError, OSError), Reason.UNREACHABLE),
    ((scrapy_errors.DownloadFailedError,), Reason.RESET),
)


def name_failure(error: BaseException) -> tuple[Reason, str]:
    """The reason of an exception that reached an errback, and one line about it."""
    if isinstance(error, Refused):
        return error.reason, error.detail
    text = str(error) or type(error).__name__
    if isinstance(error, FazhiError):
        return Reason.STORAGE, text
    if isinstance(error, scrapy_errors.IgnoreRequest):
        if "DOWNLOAD_MAXSIZE" in text:
            return Reason.TOO_LARGE, text
        return (Reason.REDIRECT_LOOP if "redirection" in text else Reason.INTERNAL_ERROR), text
    inner = list(_causes(error))
    for kinds, reason in _NAMES:
        if cause := next((each for each in inner if isinstance(each, kinds)), None):
            return reason, str(cause) or text
    return Reason.INTERNAL_ERROR, f"{type(error).__name__}: {text}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception, and those it was raised from or (in Twisted's way) collects in ``reasons``."""
    while error is not None:
        yield error
        for failure in getattr(error, "reasons", ()):
            if isinstance(failure, Failure) and failure.value is not None:
                yield failure.value
        error = error.__cause__
