"""Capture: one response, as it came, with how it was found. Raw bytes are never altered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol


@dataclass(frozen=True)
class Finding:
    """How an article was found: the listing entry that led to it."""

    listing_url: str
    title: str | None = None
    """The entry's text as the listing shows it (its title attribute where the text is cut)."""
    date: str | None = None
    """ISO date printed beside the entry, if any."""


@dataclass(frozen=True)
class Capture:
    """One fetched response.

    ``url`` is the address that answered (after redirects), ``requested_url`` the one asked for.
    ``headers`` keep their order and repetitions; names as sent by the server.
    ``body`` is the content after transfer- and content-decoding (gzip), before any charset.
    ``fetched_at`` is aware. Files given by hand have ``url`` None and ``status`` 200.
    """

    url: str | None
    requested_url: str | None
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    portal_id: str | None = None
    run_id: int | None = None
    finding: Finding | None = None
    file_name: str | None = None
    """Base name of the file, for captures made from a file; it tells the format."""

    def __post_init__(self) -> None:
        if self.fetched_at.tzinfo is None:
            raise ValueError("Capture.fetched_at must be an aware datetime")

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the body."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """First value of a header, by case-insensitive name."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


class CaptureSink(Protocol):
    """Where captures go. The spider's pipeline calls these; it knows no more of storage."""

    def open(self) -> None:
        """Make ready; raise a FazhiError if captures could not be kept."""

    async def store(self, capture: Capture) -> bool:
        """Keep one capture durably. True if it is new, False if it was there already."""

    def close(self) -> None:
        """Let go of files and connections."""
