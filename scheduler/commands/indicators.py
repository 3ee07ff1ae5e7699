"""Indicators: what they mean, and their values with the text that proves them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import UnknownFilterError
from scheduler.commands import common

if TYPE_CHECKING:
    from ingest.store.indicators import PanelRow, ValueRow

indicators = typer.Typer(invoke_without_command=True)

TIERS = ("core", "extended")
BETWEEN, BEHIND = ("余", "多"), ("以上", "以下", "以内", "左右")
"""Where a qualifier stands that does not stand before its number."""


@indicators.callback()
def list_(
    context: typer.Context,
    theme: Annotated[str | None, typer.Option(help="Only of this theme, such as 行政复议.")] = None,
    tier: Annotated[str | None, typer.Option(help=f"Only {' or '.join(TIERS)}.")] = None,
    as_json: common.Json = False,
) -> None:
    """List the indicators: what each means, and how many values of it are stored."""
    if context.invoked_subcommand is not None:
        return
    if tier is not None and tier not in TIERS:
        raise UnknownFilterError(f"--tier {tier}: no such tier; it is {' or '.join(TIERS)}")
    from ingest.store.indicators import list_indicators

    with common.connection(common.begin()) as connection:
        rows = list_indicators(connection, theme=theme, tier=tier)
        if not rows and theme is not None:
            themes = dict.fromkeys(row.theme for row in list_indicators(connection))
            raise UnknownFilterError(f"--theme {theme}: it is one of {', '.join(themes)}")
    if as_json:
        common.print_json(rows)
        return
    common.print_table(
        ["code", "name", "unit", "tier", "values", "doubtful", "definition"],
        [
            (r.code, r.name_zh, r.unit, r.tier, r.stored, r.doubtful, _meaning(r.definition))
            for r in rows
        ],
        empty="No indicators are defined.",
    )


@indicators.command()
def values(
    code: Annotated[
        list[str] | None, typer.Option(help="Only of this indicator; repeatable.")
    ] = None,
    year: Annotated[
        list[int] | None, typer.Option(help="Only of this year reported on; repeatable.")
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(
            help="Division code (a province's takes in its counties) or a name's beginning."
        ),
    ] = None,
    doubtful: Annotated[
        bool | None,
        typer.Option("--doubtful/--plausible", help="Only values that are in doubt, or are not."),
    ] = None,
    panel: Annotated[
        bool,
        typer.Option("--panel", help="One value for a division and year (view indicator_panel)."),
    ] = False,
    limit: common.Limit = 100,
    as_json: common.Json = False,
) -> None:
    """List values, each with the text that states it, by indicator, division and year."""
    from ingest.store.indicators import list_panel, list_values
    from ingest.store.near import require_codes, require_region, require_years

    codes, years = code or [], year or []
    with common.connection(common.begin()) as connection:
        require_codes(connection, codes)
        require_region(connection, region)
        require_years(connection, years)
        ask = list_panel if panel else list_values
        rows: Sequence[ValueRow | PanelRow] = ask(
            connection, codes=codes, years=years, region=region, doubtful=doubtful, limit=limit
        )
    if as_json:
        common.print_json(rows)
    else:
        print_values(rows)


def print_values(rows: Sequence[ValueRow | PanelRow]) -> None:
    """Values as a table, the proof beside each."""
    common.print_table(
        ["report", "adcode", "region", "year", "code", "value", "covers", "doubtful", "evidence"],
        [
            (
                *(r.report_id, r.adcode, r.name, r.year, r.code, printed(r), _covers(r)),
                *(r.doubtful, " ".join(r.evidence.split())),
            )
            for r in rows
        ],
        empty="No values. Widen the filter, or see what there is: 'fazhi indicators'.",
    )
    if len(rows) and not all(row.by_government for row in rows):
        departments = sum(not row.by_government for row in rows)
        typer.echo(f"{departments} of {len(rows)} are stated by a department.", err=True)


def printed(row: ValueRow | PanelRow) -> str:
    """A value with its qualifier and unit, such as 200余件, 近200件 or 90%以上."""
    value, qualifier, unit = f"{row.value:.15g}", row.qualifier or "", row.unit or ""
    if qualifier in BETWEEN:
        return f"{value}{qualifier}{unit}"
    if qualifier in BEHIND:
        return f"{value}{unit}{qualifier}"
    return f"{qualifier}{value}{unit}"


def proved(row: ValueRow) -> str:
    """A value on one line with what it covers, what is doubtful about it, and its proof."""
    doubt = f"  [doubtful: {row.doubtful}]" if row.doubtful else ""
    evidence = " ".join(row.evidence.split())
    return f"{row.code} {printed(row)} ({_covers(row)}){doubt}  {evidence}"


def _covers(row: ValueRow | PanelRow) -> str:
    return " ".join(filter(None, (row.period, row.subtype)))


def _meaning(definition: str) -> str:
    return definition.rstrip(".")
