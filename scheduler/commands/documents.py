"""Documents by hand: look at what a file holds, or take it in."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress

from crawler.errors import UnreadableInputError
from ingest.records import Record, as_json
from scheduler.commands import common

if TYPE_CHECKING:
    from ingest.store.outcome import IngestSummary

Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE...", help="Documents: .html .shtml .txt .pdf .docx ..."),
]


def extract(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Documents: .html .shtml .txt .pdf .docx ...; - is standard input.",
        ),
    ],
    url: Annotated[str | None, typer.Option(help="The address the one document came from.")] = None,
    why: Annotated[
        bool, typer.Option("--why", help="Also print the evidence that decided each field.")
    ] = False,
) -> None:
    """Print what each document says, as one JSON object a line. Needs no database."""
    from ingest.extract import extract as extract_record

    common.begin()
    if url and len(files) > 1:
        raise typer.BadParameter("is for one document; give one FILE", param_hint="--url")
    failed = None
    for name, content in read_contents(files):
        if isinstance(content, UnreadableInputError):
            failed = content
            common.complain(str(content))
            continue
        typer.echo(_line(extract_record(content, name=name, url=url), why=why))
    if failed:
        raise typer.Exit(failed.exit_code)


def ingest(files: Files, as_json: common.Json = False) -> None:
    """Store documents as captures and ingest them, as if they had been crawled."""
    settings = common.begin()
    failed = None
    readable = []
    for name in files:
        try:
            _check_readable(name)
            readable.append(Path(name))
        except UnreadableInputError as error:
            failed = error
            common.complain(str(error))
    if readable:
        from ingest.files import ingest_files

        with common.ready_database(settings) as database, _bar(len(readable)) as progress:
            summary = ingest_files(database, readable, progress=progress)
        if as_json:
            common.print_json(summary)
        else:
            _print_summary(summary)
    if failed:
        raise typer.Exit(failed.exit_code)


@contextmanager
def _bar(total: int) -> Iterator[Callable[[IngestSummary], None]]:
    console = common.side_console()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("ingesting", total=total)
        yield lambda summary: bar.update(task, completed=summary.captures)


def _print_summary(summary: IngestSummary) -> None:
    common.print_table(
        ["file", "verdict", "report", "title or reason"],
        [
            (file.path.name, file.verdict, file.report_id, file.title or file.reason)
            for file in summary.files
        ],
        empty="Nothing was ingested.",
    )
    typer.echo(
        f"{summary.captures} ingested: {summary.reports} new reports, {summary.versions} new "
        f"versions, {summary.unchanged} unchanged, {summary.rejects} rejected.",
        err=True,
    )


def _check_readable(name: str) -> None:
    if name == "-":
        raise UnreadableInputError("-: give ingest files; 'fazhi extract -' reads standard input")
    try:
        Path(name).open("rb").close()
    except OSError as error:
        raise _unreadable(name, error) from error


def read_contents(files: list[str]) -> Iterator[tuple[str, bytes | UnreadableInputError]]:
    """Each name with what it holds, or the error; ``-`` is standard input."""
    for name in files:
        try:
            yield name, sys.stdin.buffer.read() if name == "-" else _read(name)
        except UnreadableInputError as error:
            yield name, error


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: OSError) -> UnreadableInputError:
    reason = error.strerror or error
    return UnreadableInputError(f"{name}: {reason}: check the path and its permissions")


def _line(record: Record, *, why: bool) -> str:
    plain: dict[str, Any] = as_json(record)
    if not why:
        del plain["why"]
    return json.dumps(plain, ensure_ascii=False)
