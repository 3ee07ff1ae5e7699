"""Stored captures read again by the present rules."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress

from crawler.errors import UnknownFilterError
from ingest.records import Verdict
from scheduler.commands import common

if TYPE_CHECKING:
    from ingest.differences import Example, Tally
    from ingest.reingest import Reread
    from ingest.store.connection import Connection
    from ingest.store.database import Database

PATIENCE = 60.0
"""Seconds without any progress until captures that other workers hold are left to the next run."""
DEATHS = 4
"""Times that a capture may keep its readers for as long as it may, beside that: the three ingesters
that it takes down one after the other, and one for their being started again."""


def reingest(
    portal: Annotated[str | None, typer.Option(help="Only captures of this portal.")] = None,
    year: Annotated[
        int | None, typer.Option(help="Only captures of reports on this year, as stored by now.")
    ] = None,
    report: Annotated[int | None, typer.Option(help="Only captures of this report.")] = None,
    verdict: Annotated[
        Verdict | None, typer.Option(help="Only captures with this verdict by now.")
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Only read, and tell what would change: switch nothing over."
        ),
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also captures that the present rules have read.")
    ] = False,
    as_json: common.Json = False,
) -> None:
    """Read stored captures again by the present rules, tell what that changes by field and code,
    then switch it over.

    Nothing is fetched. The service's ingesters take part, on all machines. All is read and told
    before anything is switched over; after a --dry-run the same command without it reads again only
    what differs. An interrupted run goes on where it stopped. A capture that breaks the program, or
    that three readers did not survive, keeps what is stored of it, and makes the exit code 1.
    """
    from ingest.reingest import reingest as read_again
    from ingest.store.again import Scope

    settings = common.begin(level="error")
    with common.ready_database(settings) as database:
        with database.connect() as connection:
            _require(connection, portal, year, report)
        scope = Scope(portal, year, report, verdict.value if verdict else None)
        with _Shown(database, settings.capture_seconds, table=not as_json) as shown:
            run = read_again(
                database,
                scope,
                dry=dry_run,
                again=again,
                watcher=shown,
                limit=settings.capture_seconds or None,
            )
    if as_json:
        common.print_json(_as_json(run))
    else:
        _print_end(run)
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


class _Shown:
    """A run as a person sees it: a bar for each of its two halves, the report in between."""

    def __init__(self, database: Database, limit: float, *, table: bool) -> None:
        self.patience = PATIENCE + DEATHS * limit
        self._helped = False
        console = common.side_console()
        self._database = database
        self._table = table
        self._bar = Progress(console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("reading again", total=None)

    def __enter__(self) -> _Shown:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def step(self, what: str, done: int, total: int) -> None:
        self._bar.update(self._task, description=what, completed=done, total=total)

    def hire(self) -> None:
        from scheduler.runs import queue_reading_again

        with self._database.connect() as connection:
            queue_reading_again(connection)

    def helped(self) -> bool:
        """Once is enough: an ingester that has just ended is started again."""
        from scheduler.presence import processes, served

        self._helped = self._helped or served(processes(self._database), "ingester")
        return self._helped

    def report(self, run: Reread) -> None:
        if self._table:
            self._bar.stop()
            _print(run)
            self._bar.start()


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
    told = f"{found.captures} of {run.to_read} captures read again by rules {run.ruleset}"
    typer.echo(f"{told}: {found.changed} would change.", err=True)


def _print_end(run: Reread) -> None:
    for name in run.broken:
        typer.echo(f"{name}; what is stored of it stays as it is", err=True)
    if run.dry and run.differences.captures:
        typer.echo(
            "Nothing is switched over: the same command without --dry-run does it.", err=True
        )
    elif not run.dry:
        typer.echo(f"{run.differences.changed} changed and stored.", err=True)
    if run.left:
        typer.echo(f"{run.left} are left: run the command again.", err=True)


def _verdicts(run: Reread) -> list[tuple[str, int]]:
    return sorted(run.differences.verdicts.items(), key=lambda found: (-found[1], found[0]))


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
