"""Reading what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import UnknownFilterError
from scheduler.commands import common
from scheduler.commands.indicators import proved

if TYPE_CHECKING:
    from ingest.store.indicators import ValueRow
    from ingest.store.rows import ReportDetail, ReportRow


def reports(
    region: Annotated[
        str | None,
        typer.Option(
            help="Division code (a province's takes in its counties) or a name's beginning."
        ),
    ] = None,
    year: Annotated[int | None, typer.Option(help="Year reported on.")] = None,
    limit: common.Limit = 100,
    as_json: common.Json = False,
) -> None:
    """List reports, by division, the newest year first."""
    from ingest.store.near import require_region
    from ingest.store.queries import list_reports

    with common.connection(common.begin()) as connection:
        require_region(connection, region)
        rows = list_reports(connection, region=region, year=year, limit=limit)
    if as_json:
        common.print_json(rows)
    else:
        print_reports(rows)


def print_reports(rows: list[ReportRow]) -> None:
    """Reports as a table."""
    common.print_table(
        ["id", "title", "year", "issuer", "adcode", "published"],
        [[r.id, r.title, r.report_year, r.issuer, r.adcode, r.published_at] for r in rows],
        empty="No reports. Crawl some ('fazhi crawl PORTAL'), or widen the filter.",
    )


def show(
    report: Annotated[
        int, typer.Argument(help="Number of the report, as 'fazhi reports' shows it.")
    ],
    as_json: common.Json = False,
) -> None:
    """Show one report: its fields, its sections, its indicators with their proof, and its text."""
    from ingest.store.indicators import list_values
    from ingest.store.queries import get_report

    with common.connection(common.begin()) as connection:
        detail = get_report(connection, report)
        values = list_values(connection, report_id=report, limit=None) if detail else []
    if detail is None:
        raise UnknownFilterError(f"no report has the number {report}: 'fazhi reports' lists them")
    if as_json:
        common.print_json({**common.plain(detail), "indicators": values})
    else:
        _print_report(detail, sorted(values, key=lambda value: value.start))


def _print_report(detail: ReportDetail, values: list[ValueRow]) -> None:
    row = detail.report
    fields = {
        "year": row.report_year,
        "issuer": row.issuer,
        "region": " / ".join(row.region_path) if row.region_path else None,
        "published": row.published_at,
        "signed": row.signed_on,
        "document number": row.document_number,
        "index number": row.index_number,
        "addressee": row.addressee,
        "address": row.url,
        "versions": len(detail.versions),
        "attachments": ", ".join(item.href for item in detail.attachments) or None,
    }
    typer.secho(row.title or "(no title)", bold=True)
    for name, value in fields.items():
        if value is not None:
            typer.echo(f"{name + ':':<17}{value}")
    body = detail.versions[0].body if detail.versions else None
    for section in detail.sections:
        if section.level == 1:
            role = f"  [{section.role.value}]" if section.role else ""
            typer.echo(f"{'section:':<17}{section.number or ''}{section.heading or ''}{role}")
    for stated in values:
        typer.echo(f"{'indicator:':<17}{proved(stated)}")
    if body:
        typer.echo(f"\n{body}")


def rejects(
    verdict: Annotated[
        str | None, typer.Option(help="Only not_report, challenge or unreadable.")
    ] = None,
    limit: common.Limit = 100,
    as_json: common.Json = False,
) -> None:
    """List captures that are no report or could not be understood, each with the reason."""
    from ingest.store.queries import list_rejects

    with common.connection(common.begin()) as connection:
        rows = list_rejects(connection, verdict=verdict, limit=limit)
    if as_json:
        common.print_json(rows)
        return
    common.print_table(
        ["capture", "verdict", "reason", "title", "from"],
        [[r.capture_id, r.verdict, r.reason, r.title, r.origin] for r in rows],
        empty="No rejects.",
    )
