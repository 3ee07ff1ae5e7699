"""An answer as it goes into the reader, and the reading that comes out."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.families import Page
from crawler.frontier import Note, PageMemory
from crawler.outcome import Reason

EVIDENCE = (Reason.CHALLENGE, Reason.SOFT_404)
"""Faults whose page is kept: the verdict on it may be wrong, and the page shows it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, judged: ``fault`` is why it is not the page asked for, (reason, one line)."""

    url: str
    page: Page | None
    """None if it is no text."""
    fault: tuple[Reason, str] | None = None
    unchanged: bool = False
    """304: as it was when it was last asked for."""
    sent_home: bool = False
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a task. ``keep``: the response is to be captured; ``leave``: the crawl ends,
    for this reason and (one line) detail."""

    note: Note
    page: PageMemory | None = None
    keep: bool = False
    leave: tuple[Reason, str] | None = None


def moved(answer: Answer) -> str | None:
    """How a known column shows that it is no longer there; None if it is."""
    if answer.fault and answer.fault[0] in (Reason.NOT_FOUND, Reason.SOFT_404):
        return answer.fault[1]
    return f"redirects to {answer.url}" if answer.sent_home else None
