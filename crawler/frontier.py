"""The frontier: what was asked for in this run. Nothing is fetched twice."""

from __future__ import annotations

from typing import Protocol

from crawler.addresses import page_key


class Frontier(Protocol):
    """Who remembers what was asked for."""

    def claim(self, url: str, method: str = "GET", body: bytes = b"") -> bool:
        """True the first time a page (or a form sent to it) is claimed, False ever after."""
        ...


class MemoryFrontier:
    """A frontier that lives as long as the run."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, bytes]] = set()

    def claim(self, url: str, method: str = "GET", body: bytes = b"") -> bool:
        """See ``Frontier``. Twins (http/https, ``_wap.html``) are one page."""
        key = (method, page_key(url), body)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True
