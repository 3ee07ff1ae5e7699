"""How a crawl ended, and what failed on the way. A run without reports says why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Reason(StrEnum):
    """Why a crawl ended as it did, or why one fetch failed."""

    COMPLETED = "completed"
    PARTIAL = "partial"
    """Reports were captured, and something else could not be fetched; see the failures."""
    NO_ENTRIES = "no_entries"
    """The listings were read to their end and name no report."""
    NOTHING_NEW = "nothing_new"
    """The listings name the reports that earlier crawls have fetched, and no others."""
    NO_COLUMN = "no_column"
    """No link from the front page led to a column of reports within the budget."""
    NO_SIMULATOR = "no_simulator"
    INTERRUPTED = "interrupted"
    STORAGE = "storage"
    INTERNAL_ERROR = "internal_error"
    CHALLENGE = "challenge"
    """A protection service wants a browser: recorded, never solved; its domain is left alone."""
    ROBOTS_FORBIDDEN = "robots_forbidden"
    ROBOTS_UNAVAILABLE = "robots_unavailable"
    """robots.txt answered 5xx: RFC 9309 then reads it as a full disallow."""
    UNREACHABLE = "unreachable"
    """No address of the portal could be talked to; the failures say how."""
    DNS = "dns"
    CONNECTION_REFUSED = "connection_refused"
    RESET = "reset"
    TIMEOUT = "timeout"
    TLS = "tls"
    PRIVATE_ADDRESS = "private_address"
    OFF_SITE = "off_site"
    BAD_SCHEME = "bad_scheme"
    REDIRECT_LOOP = "redirect_loop"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    HTTP_ERROR = "http_error"
    NOT_FOUND = "not_found"
    SOFT_404 = "soft_404"
    COLUMN_MOVED = "column_moved"
    """A known column answers 404, or sends to the front page."""
    UNKNOWN_FAMILY = "unknown_family"
    LISTING_STUB = "listing_stub"
    """A later page of a listing came without any entry: the listing was cut, not ended."""
    LISTING_SHORT = "listing_short"
    """A column that was read to its end lists fewer entries than it says it has."""
    LISTING_LIMIT = "listing_limit"
    """A column had more pages than any column of yearly reports has."""
    WRONG_TYPE = "wrong_type"
    """A listing that is no text, or a file that is not what its address says."""
    LOGIN_WALL = "login_wall"
    """The page is there for those who log in."""
    GARBLED = "garbled"
    """The bytes cannot be unpacked the way the server says they were packed."""
    RATE_LIMITED = "rate_limited"
    """The server says that we ask too much (429): the host is left alone."""
    BACKING_OFF = "backing_off"
    """Nothing was asked for: the domain met us with a challenge, and is left alone for a while."""
    OUTSIDE_HOURS = "outside_hours"
    """The portal's opening hours, in the registry or its robots.txt, are over."""
    PAGE_BUDGET = "page_budget"
    """The portal has had its requests for today."""


NETWORK = frozenset(
    {Reason.DNS, Reason.CONNECTION_REFUSED, Reason.RESET, Reason.TIMEOUT, Reason.TLS}
)


ENDS = frozenset(
    {
        Reason.CHALLENGE,
        Reason.RATE_LIMITED,
        Reason.BACKING_OFF,
        Reason.OUTSIDE_HOURS,
        Reason.PAGE_BUDGET,
        Reason.STORAGE,
    }
)
"""Failures after which nothing more is asked of the portal in this run."""
SUCCESSES = (Reason.COMPLETED, Reason.PARTIAL, Reason.NO_ENTRIES, Reason.NOTHING_NEW)


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """One thing that could not be had. ``detail`` is one line for people."""

    url: str
    reason: str
    detail: str
    aside: bool = False
    """It only might have led to a column: what is known to be there was not touched by it."""


@dataclass(frozen=True, slots=True)
class CrawlOutcome:
    """How one crawl of one portal ended.

    ``requests`` counts everything sent, robots.txt and retries included; ``listings`` the listing
    pages read; ``entries`` the distinct listed entries that promise a report; ``articles`` those
    fetched and captured; ``new_captures`` what the sink had not held before (challenge pages are
    captured too, as evidence). ``families`` names what the listings were recognised as.
    """

    state: Literal["succeeded", "failed"]
    reason: str
    requests: int = 0
    listings: int = 0
    entries: int = 0
    articles: int = 0
    new_captures: int = 0
    failures: tuple[FetchFailure, ...] = ()
    families: tuple[str, ...] = ()
    retries: tuple[tuple[str, int], ...] = ()
    """(reason, times): tries that failed and were made again, by the name of what went wrong. An
    address that failed to the last has a failure too."""
    sweep: bool = False
    """Whether everything was read anew: every page of every column, every known article."""

    @property
    def message(self) -> str:
        """One line for people: the reason, and the first failure that explains it."""
        if self.state == "succeeded" or not self.failures:
            return f"{self.reason}: {self.articles} of {self.entries} reports fetched"
        first = next((f for f in self.failures if f.reason == self.reason), self.failures[0])
        return f"{self.reason}: {first.detail} ({first.url})"


@dataclass
class Tally:
    """What happened so far in a crawl; ``conclude`` turns it into the outcome."""

    listings: int = 0
    entries: int = 0
    articles: int = 0
    new_captures: int = 0
    unchanged: int = 0
    failures: list[FetchFailure] = field(default_factory=list)
    families: set[str] = field(default_factory=set)
    retries: Counter[str] = field(default_factory=Counter)
    stopped: Reason | None = None
    """Set when something ended the crawl before its work was done."""

    def fail(self, url: str, reason: Reason, detail: str, *, aside: bool = False) -> None:
        """Note a failure; ``detail`` is folded into one line."""
        said = " ".join(detail.split())[:500]
        self.failures.append(FetchFailure(url, reason.value, said, aside))

    def stop(self, url: str, reason: Reason, detail: str) -> None:
        """Note a failure that ends the crawl. The first one names the outcome."""
        self.fail(url, reason, detail)
        self.stopped = self.stopped or reason

    def conclude(self, requests: int, *, sweep: bool = False) -> CrawlOutcome:
        """The outcome, given the number of requests sent."""
        reason = self.stopped or self._reason()
        good = reason in SUCCESSES
        return CrawlOutcome(
            state="succeeded" if good else "failed",
            reason=reason.value,
            requests=requests,
            listings=self.listings,
            entries=self.entries,
            articles=self.articles,
            new_captures=self.new_captures,
            failures=tuple(self.failures),
            families=tuple(sorted(self.families)),
            retries=tuple(sorted(self.retries.items())),
            sweep=sweep,
        )

    def _reason(self) -> Reason:
        missed = [failure for failure in self.failures if not failure.aside]
        if self.articles:
            return Reason.PARTIAL if missed else Reason.COMPLETED
        if not missed and (self.entries or self.unchanged):
            return Reason.NOTHING_NEW
        if not missed:
            return Reason.NO_ENTRIES if self.listings else Reason.NO_COLUMN
        most_common, _ = Counter(failure.reason for failure in missed).most_common(1)[0]
        reason = Reason(most_common)
        return Reason.UNREACHABLE if reason in NETWORK else reason
