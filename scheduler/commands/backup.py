"""Backup and restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scheduler.commands import common

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, in pg_dump's own format.")]


def backup(
    file: File,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a file of that name, once the new is whole.")
    ] = False,
    as_json: common.Json = False,
) -> None:
    """Write the whole database to a file, as of this moment, while the service works."""
    from ingest.store.backup import back_up

    with common.open_database(common.begin()) as database:
        made = back_up(database, file.expanduser().absolute(), replace=replace)
    if as_json:
        common.print_json(made)
    else:
        typer.echo(f"{made.file}: {made.tables} tables, {made.size / 2**20:.1f} MiB")


def restore(file: File, as_json: common.Json = False) -> None:
    """Restore a backup into an empty database: all of it, or nothing."""
    from ingest.store.backup import restore as restore_
    from ingest.store.migrate import require_current_schema

    with common.open_database(common.begin()) as database:
        tables = restore_(database, file.expanduser().absolute())
        if as_json:
            common.print_json({"database": database.address, "tables": tables})
        else:
            typer.echo(f"{database.address}: {tables} tables restored")
        require_current_schema(database)
