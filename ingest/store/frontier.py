"""The frontier in the database: a crawl that was killed goes on, and the next one knows more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg.types.json import Jsonb

from crawler.frontier import ColumnMemory, Note, PageMemory, Recollection, Step, Unfinished
from crawler.task import Task, as_json, from_json
from ingest.errors import StorageError
from ingest.store.connection import Connection
from ingest.store.sql import load_queries
from ingest.store.text import storable
from ingest.store.writer import Writer, let_go, shared_writer

SQL = load_queries("frontier")
_USUAL = asdict(Note(""))


@dataclass(frozen=True, slots=True)
class _Beginning:
    portal_id: str
    now: datetime
    tasks: tuple[Task, ...]
    sweep: bool


@dataclass(frozen=True, slots=True)
class _End:
    portal_id: str
    now: datetime
    columns: tuple[ColumnMemory, ...]
    sweep: bool


class DatabaseFrontier:
    """A crawler.frontier.Frontier of one portal that lasts. Every method returns when the database
    has committed."""

    def __init__(self, portal_id: str, *, url: str | None = None, home: Path | None = None) -> None:
        self.portal_id = portal_id
        self._url = url
        self._home = home
        self._writer: Writer | None = None

    @classmethod
    def from_settings(cls, settings: Any, portal_id: str) -> DatabaseFrontier:
        """From Scrapy's settings FAZHI_DATABASE_URL and FAZHI_HOME, either may be missing."""
        home = settings.get("FAZHI_HOME")
        url = settings.get("FAZHI_DATABASE_URL")
        return cls(portal_id, url=url, home=Path(home) if home else None)

    async def open(self) -> Recollection:
        """See Frontier. Errors: StorageError."""
        self._writer = shared_writer(self._url, self._home)
        return await self._writer.write(_recall, self.portal_id)

    async def begin(self, now: datetime, tasks: tuple[Task, ...], *, sweep: bool) -> None:
        """See Frontier."""
        await self._open_writer.write(_begin, _Beginning(self.portal_id, now, tasks, sweep))

    async def record(self, step: Step) -> None:
        """See Frontier."""
        await self._open_writer.write(_record, (self.portal_id, step))

    async def conclude(
        self, now: datetime, columns: tuple[ColumnMemory, ...], *, sweep: bool
    ) -> None:
        """See Frontier."""
        await self._open_writer.write(_conclude, _End(self.portal_id, now, columns, sweep))

    async def close(self) -> None:
        """See Frontier."""
        if self._writer is not None:
            let_go(self._writer)
            self._writer = None

    @property
    def _open_writer(self) -> Writer:
        assert self._writer is not None, "the frontier is not open"
        return self._writer


def _recall(connection: Connection, portals: Sequence[str]) -> list[Recollection]:
    return [_recollection(connection, portal_id) for portal_id in portals]


def _recollection(connection: Connection, portal_id: str) -> Recollection:
    row = connection.execute(SQL["recall"], {"portal_id": portal_id}).fetchone()
    if row is None:
        raise StorageError(f"the database knows no portal {portal_id!r}: run fazhi migrate")
    first_visit, last_sweep, began_at, sweep, columns, pages, tasks = row
    known = [
        ColumnMemory(url, name or "", family, reports, datetime.fromisoformat(at) if at else None)
        for url, name, family, reports, at in columns
    ]
    return Recollection(
        columns=tuple(known),
        pages={page[0]: PageMemory(*page) for page in pages},
        first_visit=first_visit,
        last_sweep=last_sweep,
        unfinished=_unfinished(began_at, sweep, tasks) if began_at else None,
    )


def _unfinished(began_at: datetime, sweep: bool, tasks: Sequence[Any]) -> Unfinished:
    return Unfinished(
        began_at=began_at,
        sweep=sweep,
        pending=tuple(from_json(task) for _, task, note in tasks if task and note is None),
        keys=tuple(key for key, _, _ in tasks),
        notes=tuple(_note(note) for _, _, note in tasks if note),
    )


def _begin(connection: Connection, beginnings: Sequence[_Beginning]) -> list[None]:
    for begun in beginnings:
        told = {"portal_id": begun.portal_id, "now": begun.now, "sweep": begun.sweep}
        connection.execute(SQL["forget_tasks"], told)
        connection.execute(SQL["begin"], told)
    rows = [_waiting(begun.portal_id, task) for begun in beginnings for task in begun.tasks]
    _write_tasks(connection, rows)
    return [None] * len(beginnings)


def _record(connection: Connection, steps: Sequence[tuple[str, Step]]) -> list[None]:
    tasks: list[dict[str, Any]] = []
    pages: list[dict[str, Any]] = []
    for portal_id, step in steps:
        done = {"portal_id": portal_id, "key": step.key, "task": None, "note": _told(step.note)}
        met: list[dict[str, Any]] = [
            {"portal_id": portal_id, "key": key, "task": None, "note": {}}
            for key in step.claimed
            if key != step.key
        ]
        tasks += [done, *met, *(_waiting(portal_id, task) for task in step.added)]
        if step.page:
            pages.append(_page(portal_id, step.page))
    _write_tasks(connection, tasks)
    if pages:
        connection.execute(SQL["remember_pages"], {"pages": Jsonb(storable(pages))})
    return [None] * len(steps)


def _conclude(connection: Connection, ends: Sequence[_End]) -> list[None]:
    for end in ends:
        told = {"portal_id": end.portal_id, "now": end.now, "sweep": end.sweep}
        connection.execute(SQL["forget_tasks"], told)
        connection.execute(SQL["conclude"], told)
        columns = [
            {**asdict(column), "read_at": column.read_at and column.read_at.isoformat()}
            for column in end.columns
        ]
        if columns:
            values = {**told, "columns": Jsonb(storable(columns))}
            connection.execute(SQL["remember_columns"], values)
    return [None] * len(ends)


def _write_tasks(connection: Connection, tasks: list[dict[str, Any]]) -> None:
    if tasks:
        connection.execute(SQL["write_tasks"], {"tasks": Jsonb(storable(tasks))})


def _waiting(portal_id: str, task: Task) -> dict[str, Any]:
    return {"portal_id": portal_id, "key": task.key, "task": as_json(task), "note": None}


def _page(portal_id: str, page: PageMemory) -> dict[str, Any]:
    return {
        "portal_id": portal_id,
        "key": page.key,
        "etag": page.etag,
        "last_modified": page.last_modified,
        "entry_title": page.title,
        "entry_date": page.date,
    }


def _told(note: Note) -> dict[str, Any]:
    """A note as JSON, without what is as usual."""
    given = asdict(note)
    return {name: value for name, value in given.items() if value != _USUAL[name]}


def _note(told: dict[str, Any]) -> Note:
    failures = tuple(
        (url, reason, detail, aside) for url, reason, detail, aside in told.get("failures", ())
    )
    return Note(**{**told, "failures": failures})
