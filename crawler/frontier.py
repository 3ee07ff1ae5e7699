"""The frontier: what is still to fetch, what was asked for, and what is remembered of a portal.

The spider writes down every answer as a Step before it asks for the next page. A frontier that
lasts (ingest/store/frontier.py) can therefore go on where a killed crawl broke off, and tells the
next crawl what this one learned. The one in memory is for dry runs and for plain Scrapy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from crawler.task import Task


@dataclass(frozen=True, slots=True)
class PageMemory:
    """What is remembered of a page: its validators, and the entry that listed it.

    A listing page has no entry; an article without validators is asked for in full again.
    """

    key: str
    etag: str | None = None
    last_modified: str | None = None
    title: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnMemory:
    """A column that yielded reports, or is known from the registry."""

    url: str
    name: str = ""
    family: str | None = None
    reports: int = 0
    """Distinct entries that promised a report when it was last read."""
    read_at: datetime | None = None
    """When a crawl last read it without a failure; entries before that are known."""


@dataclass(frozen=True, slots=True)
class Note:
    """What came of one task. The state of a crawl is the sum of its notes, so that it can be
    found again after a kill.

    ``failure`` is (address, reason, detail, aside); ``listing`` is true for a listing page that
    was read.
    """

    way: str
    column: str | None = None
    family: str | None = None
    name: str = ""
    listing: bool = False
    entries: int = 0
    """New distinct entries that promise a report."""
    wanted: int = 0
    """Entries of this page that promise a report, known ones included."""
    yielded: bool = False
    """The page is a column of the reports."""
    article: bool = False
    captured: bool = False
    unchanged: bool = False
    failures: tuple[tuple[str, str, str, bool], ...] = ()
    listed: int = 0
    """Rows of a listing page that no earlier page of its column had, whatever they are about."""
    claimed: int = 0
    """Rows that the column has by its own count; 0 where it tells none."""
    partly: bool = False
    """What follows the page is not read, or belongs to another column too."""


@dataclass(frozen=True, slots=True)
class Step:
    """All that one answer changed."""

    key: str
    note: Note
    added: tuple[Task, ...] = ()
    claimed: tuple[str, ...] = ()
    """Keys of pages that were met on the way (redirects): not to be asked for again."""
    page: PageMemory | None = None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a crawl that broke off had done and left."""

    began_at: datetime
    sweep: bool
    pending: tuple[Task, ...]
    keys: tuple[str, ...]
    """Everything asked for or waiting, ``pending`` included."""
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Recollection:
    """What is known of a portal when a crawl begins."""

    columns: tuple[ColumnMemory, ...] = ()
    pages: Mapping[str, PageMemory] = field(default_factory=dict)
    first_visit: datetime | None = None
    last_sweep: datetime | None = None
    unfinished: Unfinished | None = None


class Frontier(Protocol):
    """What remembers. Each method returns when what it was told will not be lost."""

    async def open(self) -> Recollection:
        """Make ready and recall; raise a FazhiError if nothing could be kept."""

    async def begin(self, now: datetime, tasks: tuple[Task, ...], *, sweep: bool) -> None:
        """A crawl begins with these tasks; what an older one left is forgotten."""

    async def record(self, step: Step) -> None:
        """One task is done with."""

    async def conclude(
        self, now: datetime, columns: tuple[ColumnMemory, ...], *, sweep: bool
    ) -> None:
        """The crawl is over and leaves nothing to go on with; these columns were read."""

    async def close(self) -> None:
        """Let go of connections. Without ``conclude`` before it, the rest waits for the next."""


class MemoryFrontier:
    """A frontier that lasts as long as its object: it recalls what it was told itself."""

    def __init__(self) -> None:
        self._columns: dict[str, ColumnMemory] = {}
        self._pages: dict[str, PageMemory] = {}
        self._first: datetime | None = None
        self._sweep: datetime | None = None

    async def open(self) -> Recollection:
        """See Frontier."""
        columns = tuple(self._columns.values())
        return Recollection(columns, dict(self._pages), self._first, self._sweep)

    async def begin(self, now: datetime, tasks: tuple[Task, ...], *, sweep: bool) -> None:
        """See Frontier."""

    async def record(self, step: Step) -> None:
        """See Frontier."""
        if step.page:
            self._pages[step.page.key] = step.page

    async def conclude(
        self, now: datetime, columns: tuple[ColumnMemory, ...], *, sweep: bool
    ) -> None:
        """See Frontier."""
        self._first = self._first or now
        self._sweep = now if sweep else self._sweep
        self._columns.update((column.url, column) for column in columns)

    async def close(self) -> None:
        """Nothing is held open."""
