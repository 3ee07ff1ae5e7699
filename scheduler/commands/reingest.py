"""Stored captures read again by the present rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress

from crawler.errors import UnknownFilterError
from scheduler.commands import common

if TYPE_CHECKING:
    from ingest.differences import Example, Tally
    from ingest.reingest import Reread, Told
    from ingest.store.connection import Connection


def reingest(
    portal: Annotated[str | None, typer.Option(help="Only captures of this portal.")] = None,
    year: Annotated[
        int | None, typer.Option(help="Only captures of reports on this year, as stored by now.")
    ] = None,
    report: Annotated[int | None, typer.Option(help="Only captures of this report.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would change; write nothing.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also captures that the present rules have read.")
    ] = False,
    as_json: common.Json = False,
) -> None:
    """Read stored captures again by the present rules, and tell what changed by field and code.

    Nothing is fetched. An interrupted run goes on where it stopped. A capture that breaks the
    program keeps what is stored of it, and makes the exit code 1.
    """
    from ingest.reingest import reingest as read_again
    from ingest.store.again import Scope

    settings = common.begin(level="error")
    with common.ready_database(settings) as database:
        with database.connect() as connection:
            _require(connection, portal, year, report)
        with _bar() as told:
            scope = Scope(portal=portal, year=year, report=report)
            run = read_again(database, scope, dry=dry_run, again=again, told=told)
    if as_json:
        common.print_json(_as_json(run))
    else:
        _print(run)
    if run.broken:
        raise typer.Exit(1)


def _require(
    connection: Connection, portal: str | None, year: int | None, report: int | None
) -> None:
    from crawler.portals import find_portal
    from ingest.store.near import require_years
    from ingest.store.portals import read_registry
    from ingest.store.queries import get_report

    if portal is not None:
        find_portal(read_registry(connection), portal)
    require_years(connection, [] if year is None else [year])
    if report is not None and get_report(connection, report) is None:
        raise UnknownFilterError(f"no report has the number {report}: 'fazhi reports' lists them")


@contextmanager
def _bar() -> Iterator[Told]:
    console = common.side_console()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading again", total=None)
        yield lambda run: bar.update(
            task, total=run.to_read, completed=run.differences.captures + len(run.broken)
        )


def _as_json(run: Reread) -> dict[str, Any]:
    return {**asdict(run), "read": run.differences.captures}


def _print(run: Reread) -> None:
    found = run.differences
    rows = [("field", name, tally) for name, tally in sorted(found.fields.items())]
    rows += [("indicator", code, tally) for code, tally in sorted(found.indicators.items())]
    rows += [("facts", "", found.facts)] if found.facts.examples else []
    common.print_table(
        ["what", "name", "added", "gone", "changed", "otherwise", "for example"],
        [
            *(("verdict", change, "", "", number, "", "") for change, number in _verdicts(run)),
            *((what, name, *_line(tally)) for what, name, tally in rows),
        ],
        empty="Nothing is read differently.",
    )
    would, done = ("would change", "") if run.dry else ("changed", " and stored")
    typer.echo(
        f"{found.captures} of {run.to_read} captures read again by rules {run.ruleset}{done}: "
        f"{found.changed} {would}.",
        err=True,
    )
    for name in run.broken:
        typer.echo(f"{name}: breaks the chain; what is stored of it stays as it is", err=True)
    if run.left:
        typer.echo(f"{run.left} are left: run the command again.", err=True)


def _verdicts(run: Reread) -> list[tuple[str, int]]:
    return run.differences.verdicts.most_common()


def _line(tally: Tally) -> tuple[int | str, ...]:
    counts = tally.added, tally.gone, tally.changed, tally.otherwise
    return (*counts, _shown(tally.examples[0]))


def _shown(example: Example) -> str:
    place = f"report {example.report_id}" if example.report_id else f"capture {example.capture_id}"
    return f"{place}: {_side(example.before)} -> {_side(example.after)}"


def _side(value: Any) -> str:
    if isinstance(value, dict) and "evidence" in value:
        return f"{value['value']:.15g}{value.get('unit') or ''} ({value['evidence']})"
    if isinstance(value, dict) and "path" in value:
        return "/".join(value["path"])
    return "nothing" if value in (None, "", [], {}) else " ".join(str(value).split())
