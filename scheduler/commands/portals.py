"""The registry of portals: looking at it, and an operator's word on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from crawler.addresses import registrable_domain
from crawler.errors import RefusedPortalError
from crawler.portals import LEVELS, Portal, find_portal, portal_of, read_portals
from scheduler.commands import common

if TYPE_CHECKING:
    from crawler.memory import BackOff
    from ingest.store.connection import Connection
    from ingest.store.portals import Decision
    from ingest.store.rows import PortalRow

portals = typer.Typer(invoke_without_command=True)

Name = Annotated[str, typer.Argument(metavar="ID", help="Id from 'fazhi portals'.")]


@portals.callback()
def list_(
    context: typer.Context,
    region: Annotated[
        str | None,
        typer.Option(
            help="Division code (a province's takes in its counties) or a name's beginning."
        ),
    ] = None,
    level: Annotated[str | None, typer.Option(help=f"Only {', '.join(LEVELS)}.")] = None,
    family: Annotated[
        str | None, typer.Option(help="Only those thought to run this CMS family.")
    ] = None,
    disabled: Annotated[
        bool, typer.Option("--disabled", help="Only those that are not crawled, with the reason.")
    ] = False,
    health: Annotated[
        bool,
        typer.Option(
            "--health",
            help="Show the last visit, the last success, what failed and who is left alone.",
        ),
    ] = False,
    as_json: common.Json = False,
) -> None:
    """List the portals and what came of them; add your own; say which are crawled."""
    if context.invoked_subcommand is not None:
        return
    if level is not None and level not in LEVELS:
        raise RefusedPortalError(
            f"--level {level}: no such level; it is one of {', '.join(LEVELS)}"
        )
    from ingest.store.memory import list_back_offs
    from ingest.store.queries import list_portals

    with common.connection(common.begin()) as connection:
        rows = list_portals(
            connection, region=region, level=level, family=family, disabled=disabled or None
        )
        alone = list_back_offs(connection, datetime.now(UTC)) if health else []
    left_alone = {back_off.domain: back_off for back_off in alone}
    if as_json and health:
        told = {row.id: left_alone.get(registrable_domain(_host_of(row))) for row in rows}
        common.print_json([{**asdict(row), "left_alone": told[row.id]} for row in rows])
    elif as_json:
        common.print_json(rows)
    elif health:
        _print_health(rows, left_alone)
    else:
        _print_portals(rows)


@portals.command()
def add(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE.csv]", help="Rows in the form of seeds/portals."),
    ] = None,
    portal_id: Annotated[
        str, typer.Option("--id", help="Short name: small letters, digits and hyphens.")
    ] = "",
    name: Annotated[str, typer.Option(help="Name of the body, in Chinese.")] = "",
    url: Annotated[str, typer.Option(help="Address of the front page.")] = "",
    level: Annotated[str, typer.Option(help=f"One of {', '.join(LEVELS)}.")] = "county",
    adcode: Annotated[str, typer.Option(help="Code of the division it serves.")] = "",
    column: Annotated[
        list[str] | None, typer.Option(help="Address of a column of yearly reports; repeatable.")
    ] = None,
    family: Annotated[str, typer.Option(help="CMS family it is thought to run.")] = "",
    quirk: Annotated[
        list[str] | None, typer.Option(help="'key=value YYYY-MM-DD reason'; repeatable.")
    ] = None,
) -> None:
    """Add portals of your own to the database, from a file or one by options.

    Migrating keeps them. The same id again renews the portal; an id of the seeds is refused.
    """
    given = {
        "id": portal_id,
        "name": name,
        "base_url": url,
        "adcode": adcode,
        "columns": " ".join(column or []),
        "family_hint": family,
        "quirks": ";".join(quirk or []),
    }
    if file is not None and any(given.values()):
        raise RefusedPortalError("give a file or options, not both")
    if file is None and not (portal_id and name and url):
        raise RefusedPortalError("give a file, or at least --id, --name and --url")
    new = read_portals(file) if file else [_from_options({**given, "level": level})]
    with common.connection(common.begin()) as connection:
        _enter(connection, new)
    for portal in new:
        typer.echo(f"{portal.id}: added, {portal.name} at {portal.base_url}")


@portals.command()
def disable(
    portal_id: Name,
    reason: Annotated[str, typer.Option(help="Why; kept with today's date. Required.")] = "",
) -> None:
    """Stop crawling a portal. It stays in the registry, and so does what it gave."""
    reason = " ".join(reason.split())
    if not reason:
        raise RefusedPortalError(
            "give --reason TEXT: whoever looks at it next year will want to know why"
        )
    with common.connection(common.begin()) as connection:
        _decide(connection, portal_id, "disabled", reason)
    typer.echo(f"{portal_id}: disabled, {reason}")


@portals.command()
def enable(portal_id: Name) -> None:
    """Crawl a portal again, also one that the seeds have disabled."""
    with common.connection(common.begin()) as connection:
        _decide(connection, portal_id, "enabled", None)
    typer.echo(f"{portal_id}: enabled")


@portals.command()
def retry(portal_id: Name) -> None:
    """Let a portal be visited before its back-off is over, and all others of its domain.

    For when its administrator has let us in; a challenge begins the back-off anew.
    """
    from ingest.store.memory import forgive
    from ingest.store.portals import read_registry

    with common.connection(common.begin()) as connection:
        domain = registrable_domain(find_portal(read_registry(connection), portal_id).host)
        known = forgive(connection, domain)
        connection.commit()
    typer.echo(
        f"{portal_id}: {domain} {'may be' if known else 'was not left alone, and may be'} visited"
    )


def _from_options(row: dict[str, str]) -> Portal:
    try:
        return portal_of({**row, "disabled": ""})
    except ValueError as reason:
        raise RefusedPortalError(f"this is no portal: {reason}") from None


def _enter(connection: Connection, new: Sequence[Portal]) -> None:
    from ingest.store.portals import add_portals, unknown_adcodes

    unknown = unknown_adcodes(connection, [portal.adcode for portal in new if portal.adcode])
    if unknown:
        raise RefusedPortalError(
            f"no division has or had the code {', '.join(unknown)}: correct it, or leave it empty"
        )
    added = add_portals(connection, new)
    taken = [portal.id for portal in new if portal.id not in added]
    if taken:  # the connection is closed without a commit: nothing has been added
        raise RefusedPortalError(
            f"these ids belong to portals of the seeds: {', '.join(taken)}; choose others "
            "(nothing was added)"
        )
    connection.commit()


def _decide(connection: Connection, portal_id: str, decision: Decision, reason: str | None) -> None:
    from ingest.store.portals import decide, read_registry

    find_portal(read_registry(connection), portal_id)
    decide(connection, portal_id, decision, reason, datetime.now(common.CHINA).date())
    connection.commit()


def _print_portals(rows: Sequence[PortalRow]) -> None:
    common.print_table(
        ["id", "name", "level", "adcode", "reports", "last visit", "outcome"],
        [
            (
                *(r.id, r.name, r.level, r.adcode, r.reports, common.china(r.last_run_at)),
                _disabled(r) or r.last_run_reason or r.last_run_state,
            )
            for r in rows
        ],
        empty="No such portals.",
    )


def _host_of(row: PortalRow) -> str:
    """Host name of a portal's front page."""
    return urlsplit(row.base_url).hostname or ""


def _print_health(rows: Sequence[PortalRow], left_alone: Mapping[str, BackOff]) -> None:
    def note(row: PortalRow) -> str | None:
        if back_off := left_alone.get(registrable_domain(_host_of(row))):
            until = common.china(back_off.until)
            return f"left alone until {until}: {back_off.host} gave {back_off.detail}"
        return _disabled(row) or row.quirks.get("access")

    common.print_table(
        [
            *("id", "name", "last visit", "outcome", "missed", "last success", "failed since"),
            *("reports", "note"),
        ],
        [
            (
                *(r.id, r.name, common.china(r.last_run_at)),
                *(r.last_run_reason or r.last_run_state, common.counted(r.last_failures_by_name)),
                *(common.china(r.last_success_at), _failures(r), r.reports, note(r)),
            )
            for r in rows
        ],
        empty="No such portals.",
    )


def _failures(row: PortalRow) -> str:
    """Such as "3: timeout, challenge 2", the reason of the latest failure first."""
    reasons = Counter(row.failures_in_a_row)
    told = ", ".join(f"{reason} {n}" if n > 1 else reason for reason, n in reasons.items())
    return f"{sum(reasons.values())}: {told}" if reasons else "0"


def _disabled(row: PortalRow) -> str | None:
    if not row.disabled:
        return None
    day = f"{row.decided_on} " if row.decision else ""
    return f"disabled: {day}{row.disabled}"
