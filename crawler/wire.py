"""Below HTTP: answers whose head never ends, and answers longer than they say.

Twisted reads headers for as long as they come, and throws away what follows the announced length.
The first fills our memory; the second cuts a page short without a word. Here the first ends the
connection, and the second is a lost body like any other. Scrapy's classes are built upon, because
its download handler needs what they note.
"""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, DONE
from twisted.web.client import ResponseFailed
from twisted.web.http import _DataLoss

LONGEST_HEAD = 256 * 1024
"""Bytes of status line and headers. The longest seen, with a policy for scripts, had 12 KB."""


class EndlessHeadError(Exception):
    """The headers of an answer go on and on."""


class StrictParser(_LenientHTTPClientParser):
    """Counts what comes before the body, and looks at what comes after it."""

    head = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - the interface's name
        """Bytes of the answer."""
        if self.state not in (BODY, DONE):
            self.head += len(data)
            if self.head > LONGEST_HEAD:
                raise EndlessHeadError(f"over {LONGEST_HEAD} bytes of headers")
        super().dataReceived(data)

    def allHeadersReceived(self) -> None:  # noqa: N802 - the interface's name
        """The head is complete; after an interim answer (1xx) another one follows."""
        super().allHeadersReceived()
        if self.state not in (BODY, DONE):
            self.head = 0

    def _finished(self, rest: bytes) -> None:
        if rest.strip() and self.response.length:
            lost = Failure(_DataLoss(f"{len(rest)} bytes follow the length announced"))
            self.response._bodyDataFinished(Failure(ResponseFailed([lost], self.response)))
            self.bodyDecoder = None  # or the end of the connection would end the body once more
        super()._finished(rest)


class StrictProtocol(_LenientHTTP11ClientProtocol):
    """A connection whose answers are read by StrictParser."""

    def request(self, request: Any) -> Any:
        """Scrapy's, with our parser in the place of its own (which it puts there likewise)."""
        answer = super().request(request)
        self._parser.__class__ = StrictParser
        return answer


class StrictFactory(_LenientHTTP11ClientFactory):
    """Builds such connections."""

    def buildProtocol(self, addr: Any) -> StrictProtocol:  # noqa: ARG002, N802
        """Twisted's question, for every new connection."""
        return StrictProtocol(self._quiescentCallback)
