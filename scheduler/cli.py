"""The front door: `fazhi ...`. Here commands get their names, and errors become one line."""

from __future__ import annotations

from importlib import metadata
from typing import Annotated

import typer

from scheduler.commands import (
    backup,
    crawl,
    demo,
    documents,
    explain,
    health,
    labelling,
    look,
    proof,
    reingest,
    schedule,
    search,
    service,
    status,
)
from scheduler.commands.alerts import alerts
from scheduler.commands.coverage import coverage
from scheduler.commands.diff import diff
from scheduler.commands.export import export
from scheduler.commands.indicators import indicators
from scheduler.commands.portals import portals
from scheduler.commands.runs import runs
from scheduler.opening import one_line_of_trouble

cli = typer.Typer(
    name="fazhi",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help=(
        "Crawls, cleans and stores the yearly reports of Chinese governments on building a "
        "law-based government (法治政府建设年度报告).\n\n"
        "Data lives in FAZHI_HOME; PostgreSQL is embedded unless FAZHI_DATABASE_URL names a "
        "server. Try it: fazhi demo"
    ),
)

START, RUN, READ, CARE = "Try it", "Run it", "Read what is stored", "Look after it"
TEACH = "Teach it more"
calendar = typer.Typer(no_args_is_help=True, help="The calendar of visits.")

cli.command(rich_help_panel=START)(demo.demo)
cli.command(rich_help_panel=START)(documents.extract)
cli.command(rich_help_panel=START)(explain.explain)
cli.command(rich_help_panel=START)(documents.ingest)
cli.command(rich_help_panel=RUN)(service.serve)
cli.command(rich_help_panel=RUN)(crawl.crawl)
cli.add_typer(calendar, name="schedule", rich_help_panel=RUN)
calendar.command("list")(schedule.schedule_list)
calendar.command("next")(schedule.schedule_next)
calendar.command("set")(schedule.schedule_set)
calendar.command("pause")(schedule.schedule_pause)
calendar.command("resume")(schedule.schedule_resume)
cli.command(rich_help_panel=RUN)(service.simulator)
cli.command(rich_help_panel=READ)(look.reports)
cli.command(rich_help_panel=READ)(look.show)
cli.command(rich_help_panel=READ)(diff)
cli.command(rich_help_panel=READ)(proof.cite)
cli.command(rich_help_panel=READ)(search.search)
cli.add_typer(indicators, name="indicators", rich_help_panel=READ)
cli.add_typer(runs, name="runs", rich_help_panel=READ)
cli.add_typer(portals, name="portals", rich_help_panel=READ)
cli.command(rich_help_panel=READ)(look.rejects)
cli.command(rich_help_panel=READ)(coverage)
cli.command(rich_help_panel=READ)(export)
cli.command(rich_help_panel=READ, context_settings={"ignore_unknown_options": True})(health.psql)
cli.command(rich_help_panel=TEACH)(labelling.label)
cli.command(rich_help_panel=TEACH)(labelling.score)
cli.command(rich_help_panel=CARE)(reingest.reingest)
cli.command(rich_help_panel=CARE)(proof.verify)
cli.command(rich_help_panel=CARE)(status.status)
cli.add_typer(alerts, name="alerts", rich_help_panel=CARE)
cli.command(rich_help_panel=CARE)(backup.backup)
cli.command(rich_help_panel=CARE)(backup.restore)
cli.command(rich_help_panel=CARE)(health.migrate)
cli.command(rich_help_panel=CARE)(search.reindex)
cli.command(rich_help_panel=CARE)(health.doctor)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fazhi {metadata.version('fazhi')}")
        raise typer.Exit


@cli.callback()
def options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """What every command accepts."""


def main() -> None:
    """Run the command line; every error a user can do something about is one line."""
    with one_line_of_trouble():
        cli(prog_name="fazhi")


if __name__ == "__main__":
    main()
