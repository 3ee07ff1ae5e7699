"""Taking data home."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from ingest.export.errors import ExportError
from scheduler.commands import common

if TYPE_CHECKING:
    from ingest.export.table import Table, Writer
    from ingest.store.connection import Connection
    from ingest.store.export import Selection


class What(StrEnum):
    """What can be exported."""

    REPORTS = "reports"
    SECTIONS = "sections"
    FIGURES = "figures"
    INDICATORS = "indicators"
    PANEL = "panel"
    COVERAGE = "coverage"
    CAPTURES = "captures"


def export(
    what: Annotated[What, typer.Argument(metavar="TABLE", help="|".join(What) + ".")],
    out: Annotated[
        str,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Where to; - is standard output (csv, jsonl)."
        ),
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="csv, jsonl, parquet, xlsx or dta; warc for captures. FILE's ending tells it too.",
        ),
    ] = None,
    year: Annotated[int | None, typer.Option(help="Only of this year reported on.")] = None,
    region: Annotated[
        str | None,
        typer.Option(help="Only of this division and those below: a code, or a name's beginning."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="MOMENT", help="Only what changed since: 2026-11-25 or 2026-11-25T08:30."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a table to a file, every row with what it takes to cite it.

    A data dictionary is written beside it (FILE.dictionary.csv). Captures are written as a WARC
    archive. At the end the command tells the --since that brings what is new next time.
    """
    settings = common.begin()

    from ingest.store.export import Selection, next_since, snapshot

    chosen, selection = _format(what, out, form), Selection(year, region, _moment(since))
    with common.ready_database(settings) as database, snapshot(database) as connection:
        _require(connection, selection)
        following = next_since(connection)
        if what is What.CAPTURES:
            count = _captures(connection, Path(out), selection, force=force)
        else:
            count = _table(connection, what.value, out, chosen, selection, force=force)
    local = following.astimezone(common.CHINA).isoformat(timespec="seconds")
    typer.echo(f"{count:,} rows; what is new next time: --since {local}", err=True)


def _format(what: What, out: str, form: str | None) -> str:
    """Errors: ExportError for one that is not known, or not of this table or place."""
    from ingest.export.formats import format_of

    chosen = _checked(what, form) if out == "-" else format_of(Path(out), form)
    if (what is What.CAPTURES) != (chosen == "warc"):
        raise ExportError(f"{what.value} cannot be written as {chosen}: warc is for captures alone")
    return chosen


def _require(connection: Connection, selection: Selection) -> None:
    """Errors: one for a moment to come, and for a region or a year that nothing is known of."""
    from ingest.store.export import check_since
    from ingest.store.near import require_region, require_years

    check_since(connection, selection.since)
    require_region(connection, selection.region)
    require_years(connection, [selection.year] if selection.year else [])


def _table(
    connection: Connection, what: str, out: str, form: str, selection: Selection, *, force: bool
) -> int:
    from ingest.export.formats import MEASURED, write_dictionary, writer_to
    from ingest.export.target import whole_file
    from ingest.store.export import describe, measure

    table = describe(connection, what)
    if out == "-":
        return _to_stdout(connection, table, form, selection)
    if form in MEASURED:
        table = measure(connection, table, selection)
    path = Path(out)
    beside = path.with_name(f"{path.name}.dictionary.csv")
    with whole_file(beside, force=True) as dictionary, whole_file(path, force=force) as unfinished:
        with dictionary.open("w", encoding="utf-8") as text:
            write_dictionary(text, table)
        with writer_to(unfinished, form, table) as writer:
            return _copy(connection, table, selection, writer)


def _to_stdout(connection: Connection, table: Table, form: str, selection: Selection) -> int:
    from ingest.export.formats import TEXT_FORMATS

    with _pipe() as stream:
        writer = TEXT_FORMATS[form](stream, table)
        count = _copy(connection, table, selection, writer)
        writer.close()
    return count


def _copy(connection: Connection, table: Table, selection: Selection, writer: Writer) -> int:
    from ingest.store.export import rows

    count = 0
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    console = common.side_console()
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(table.name)
        for batch in rows(connection, table, selection):
            writer.write(batch)
            count += len(batch)
            bar.update(task, description=f"{table.name}: {count:,} rows")
    return count


def _captures(connection: Connection, path: Path, selection: Selection, *, force: bool) -> int:
    from ingest.export.target import whole_file
    from ingest.export.warc import write_warc
    from ingest.store.export import captures

    with whole_file(path, force=force) as unfinished:
        gzip = path.suffix.lower() == ".gz"
        return write_warc(unfinished, captures(connection, selection), gzip=gzip)


def _checked(what: What, form: str | None) -> str:
    from ingest.export.formats import TEXT_FORMATS

    if form not in TEXT_FORMATS:
        raise ExportError(
            f"{form or 'no format'} cannot go to standard output: give --format csv or jsonl, "
            f"or a file's name for {what.value}"
        )
    return form


def _moment(text: str | None) -> datetime | None:
    """A day or moment; without a zone it is on China's clocks. Errors: ExportError."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ExportError(
            f"--since {text!r} is no moment: write 2026-11-25 or 2026-11-25T08:30:00+08:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=common.CHINA)


@contextmanager
def _pipe() -> Iterator[TextIO]:
    """Standard output. Errors: ExportError when who reads it has gone."""
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError as error:
        # Python would complain once more when it flushes what is left at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise ExportError("who read standard output has gone: the export is not whole") from error
