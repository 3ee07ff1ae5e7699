"""What the commands share: settings and logging, the database made ready, and ways to print."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from scheduler.config import Settings, load_settings
from scheduler.log import configure_logging
from scheduler.opening import begin, open_database, ready_database

if TYPE_CHECKING:
    from crawler.portals import Portal
    from ingest.store.connection import Connection
    from scheduler.checkup import Check

__all__ = ["begin", "open_database", "ready_database"]

CHINA = ZoneInfo("Asia/Shanghai")

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many rows.")]


def begin_following() -> Settings:
    """As ``begin``, for commands that tell themselves how each visit ended."""
    settings = load_settings()
    chosen = settings.log_level
    configure_logging(settings.log, chosen or "error", following=chosen is None)
    return settings


@contextmanager
def connection(settings: Settings) -> Iterator[Connection]:
    """A connection for reading."""
    with ready_database(settings) as database, database.connect() as opened:
        yield opened


def registry(settings: Settings) -> dict[str, Portal]:
    """Every portal in force: those of the seeds, and what an operator added or decided."""
    from ingest.store.portals import read_registry

    with connection(settings) as opened:
        return read_registry(opened)


def console() -> Console:
    """For answers, on stdout."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=not sys.stdout.isatty())


def side_console() -> Console:
    """For progress and remarks, on stderr."""
    return Console(file=sys.stderr, highlight=False)


def complain(message: str) -> None:
    """One line of trouble, as for any error."""
    typer.echo(f"fazhi: {message}", err=True)


def print_json(value: Any) -> None:
    """One JSON document; Chinese stays readable."""
    typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def plain(value: Any) -> Any:
    """Rows and times as JSON knows them."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, empty: str) -> None:
    """A table, or ``empty`` where there are no rows; tab-separated where a program reads."""
    rows = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not rows:
        side_console().print(empty)
    elif not sys.stdout.isatty():
        for row in [list(columns), *rows]:
            typer.echo("\t".join(row))
    else:
        table = Table(*columns, box=None, pad_edge=False, header_style="bold")
        for row in rows:
            table.add_row(*row)
        console().print(table)


def china(moment: datetime | None) -> str | None:
    """A moment on China's clocks, for people."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" if moment else None


def counted(by_name: Mapping[str, int]) -> str:
    """Such as "3: timeout 2, tls", the most frequent first; "0" for none."""
    names = sorted(by_name.items(), key=lambda item: (-item[1], item[0]))
    told = ", ".join(f"{name} {times}" if times > 1 else name for name, times in names)
    return f"{sum(by_name.values())}: {told}" if names else "0"


STATES = {"good": ("✓", "green"), "note": ("·", "yellow"), "wrong": ("✗", "red")}


def print_checks(checks: Iterable[Check]) -> None:
    """The doctor's findings, one a line."""
    for check in checks:
        sign, color = STATES[check.state]
        typer.secho(sign, fg=color, nl=False)
        typer.echo(f" {check.name + ':':<12}{check.detail}")
