"""Looking for words in all reports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.commands import common

if TYPE_CHECKING:
    from ingest.store.search import Hit


def search(
    query: Annotated[
        list[str],
        typer.Argument(help='Words, "an exact phrase" in quotes, -without.', metavar="QUERY..."),
    ],
    year: Annotated[int | None, typer.Option(help="Year reported on.")] = None,
    region: Annotated[
        str | None,
        typer.Option(
            help="Division code (a province's takes in its counties) or a name's beginning."
        ),
    ] = None,
    level: Annotated[
        str | None,
        typer.Option(
            help="Level of the issuer: national, province, prefecture, county, township or "
            "functional_zone."
        ),
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(help="Only in sections of this role: achievements, problems or plan."),
    ] = None,
    limit: common.Limit = 20,
    skip: Annotated[int, typer.Option(min=0, help="Pass over so many hits: the next page.")] = 0,
    as_json: common.Json = False,
) -> None:
    """Search the reports, as the SQL function search does from psql. A query that begins with a
    minus goes behind --."""
    from ingest.store.search import search as find

    with common.connection(common.begin()) as connection:
        hits = find(
            connection,
            " ".join(query),
            year=year,
            region=region,
            level=level,
            role=role,
            limit=limit,
            skip=skip,
            warn=lambda said: typer.echo(f"fazhi: {said}", err=True),
        )
    if as_json:
        common.print_json(hits)
    elif common.console().is_terminal:
        _show(hits)
    else:
        _print(hits)


def _print(hits: list[Hit]) -> None:
    common.print_table(
        ["report", "year", "title", "section", "snippet"],
        [[h.report_id, h.report_year, h.title, h.section, h.snippet] for h in hits],
        empty="Nothing found. Try fewer or shorter words, or widen the filter.",
    )


def _show(hits: list[Hit]) -> None:
    """For people: what was looked for stands out."""
    if not hits:
        _print(hits)
    for hit in hits:
        typer.secho(f"{hit.report_id:>6}  {hit.title or '(no title)'}", bold=True)
        where = " · ".join(
            str(part) for part in (hit.region_name, hit.report_year, hit.section) if part
        )
        typer.secho(f"        {where}", dim=True)
        for number, part in enumerate(re.split("«(.*?)»", hit.snippet or "")):
            typer.secho(part if number else f"        {part}", nl=False, bold=number % 2 == 1)
        typer.echo("\n")


def reindex(
    everything: Annotated[
        bool, typer.Option("--all", help="Renew every report, not only the stale ones.")
    ] = False,
) -> None:
    """Renew the search index where the dictionary has changed, or where a report has no entry; and
    compare with earlier versions and other reports what was not yet compared. With --all the values
    of the panel are chosen anew too."""
    from ingest.store.comparing import compare_all, compare_due
    from ingest.store.entries import reindex as renew
    from ingest.store.panel import choose_all, keep_panel

    settings = common.begin()
    with common.ready_database(settings) as database:
        done = renew(database, everything=everything)
        with database.connect() as connection:
            compared = (compare_all if everything else compare_due)(connection)
            (choose_all if everything else keep_panel)(connection)
    typer.echo(f"{done} reports indexed anew, {compared} compared")
