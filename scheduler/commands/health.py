"""Looking after the database and the service."""

from __future__ import annotations

import subprocess
from typing import Annotated

import typer

from scheduler.commands import common
from scheduler.roles import RoleName

READER = "fazhi_reader"


def migrate(as_json: common.Json = False) -> None:
    """Bring the database's schema up to date, and load regions and portals. Safe to repeat."""
    from ingest.store.migrate import migrate as apply

    settings = common.begin()
    with common.open_database(settings) as database:
        applied = apply(database)
        where = database.address
    if as_json:
        common.print_json({"database": where, "applied": applied})
    elif applied:
        typer.echo(f"{where}: applied {', '.join(applied)}")
    else:
        typer.echo(f"{where}: up to date")


def psql(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PSQL ARGUMENT]...", help='For psql, such as -c "select 1".'),
    ] = None,
    role: Annotated[
        str, typer.Option(help="Database role to work as; '' for the one that logs in.")
    ] = READER,
) -> None:
    """Open psql on the database, as a reader, whose statements may take a minute. The first use
    migrates the embedded database."""
    from ingest.store.migrate import migrate as apply
    from ingest.store.roles import READER_TIMEOUT

    settings = common.begin()
    with common.open_database(settings) as database:
        if database.embedded:
            apply(database)
        else:
            database.connect().close()  # a server that is down is told in our one line
        argv, environment = database.psql()
        if role:
            options = environment.get("PGOPTIONS", "")
            # A role's settings reach those who log in as it, not those who take it on.
            patience = f" -c statement_timeout={READER_TIMEOUT}" if role == READER else ""
            environment["PGOPTIONS"] = f"{options} -c role={role}{patience}".strip()
        done = _foreground([*argv, *(arguments or [])], environment)
    raise typer.Exit(done)


def _foreground(argv: list[str], environment: dict[str, str]) -> int:
    """Run a program that owns the terminal: Ctrl-C is its affair, not ours."""
    with subprocess.Popen(argv, env=environment) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def doctor(
    role: Annotated[
        RoleName | None,
        typer.Option(help="Ask only whether this machine's process of the role is at work."),
    ] = None,
    as_json: common.Json = False,
) -> None:
    """See whether all is well; exit code 1 if something is wrong."""
    from scheduler.checkup import check_role, checkup

    settings = common.begin()
    checks = checkup(settings) if role is None else check_role(settings, role)
    if as_json:
        common.print_json(checks)
    else:
        common.print_checks(checks)
    if any(check.state == "wrong" for check in checks):
        raise typer.Exit(1)
