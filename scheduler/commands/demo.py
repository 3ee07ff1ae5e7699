"""The whole way in one command: pretend portals in, reports out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import typer

from crawler.errors import CrawlError
from crawler.portals import read_portals
from crawler.seeds import SEEDS
from scheduler.commands import common
from scheduler.commands.followed import Followed
from scheduler.commands.look import print_reports
from scheduler.config import Settings

if TYPE_CHECKING:
    from ingest.store.database import Database
    from ingest.store.rows import Counts, ReportRow
    from scheduler import follow

PRETEND = SEEDS / "demo" / "portals.csv"
"""Portals with hosts below .test, which is reserved (RFC 6761)."""
DELAY = 0.05
"""Seconds between requests to a pretend portal; a real one never gets less than a second."""
QUERY = "select title, report_year, issuer, adcode, published_at from reports"
OUR_FAULT = ("internal_error", "storage", "no_simulator", "interrupted", "not_begun")


def demo(as_json: common.Json = False) -> None:
    """Crawl pretend portals over real HTTP into the database, and show what was found.

    Nothing leaves this machine. The second time nothing is new, and it says so.
    """
    from ingest.store.queries import count_all

    settings = common.begin_following()
    with common.ready_database(settings, migrating=True) as database:
        with database.connect() as connection:
            before = count_all(connection)
        ended = _visit_pretend_portals(settings, database)
        found = _found(database, before, ended)
    if as_json:
        common.print_json(found)
    else:
        _show(found)
    broken = [progress for progress in ended if progress.reason in OUR_FAULT or not progress.reason]
    if broken or not found["reports"]:
        raise CrawlError(
            f"{len(broken)} of {len(ended)} pretend portals could not be visited: "
            "'fazhi runs' tells why, 'fazhi doctor' what is wrong"
        )


def _visit_pretend_portals(settings: Settings, database: Database) -> list[follow.Progress]:
    from crawler.simulator import start_simulator
    from scheduler.here import crawl_here
    from scheduler.runs import Cause, Visit, whoever_types
    from scheduler.tasks import DEMO
    from scheduler.work import Work

    me = whoever_types()
    pretend = [
        Visit(portal.id, Cause.DEMO, me, queue=DEMO)
        for portal in read_portals(PRETEND)
        if not portal.disabled
    ]
    with start_simulator() as simulator, Followed(len(pretend)) as followed:
        work = Work(replace(settings, simulator=simulator.address, delay=DELAY), database)
        return crawl_here(
            work,
            pretend,
            at_once=len(pretend),
            tell=followed.tell,
            asked=followed.asked,
        )


def _found(database: Database, before: Counts, ended: Sequence[follow.Progress]) -> dict[str, Any]:
    from ingest.store.queries import count_all, list_rejects, list_reports

    with database.connect() as connection:
        after = count_all(connection)
        rows = list_reports(connection, limit=None)
        rejects = Counter(
            f"{reject.verdict} ({reject.reason})" for reject in list_rejects(connection, limit=None)
        )
    return {
        "portals": len(ended),
        "captures": after.captures,
        "new_captures": after.captures - before.captures,
        "new_reports": after.reports - before.reports,
        "rejects": dict(rejects.most_common()),
        "reports": rows,
    }


def _show(found: dict[str, Any]) -> None:
    rows: list[ReportRow] = found["reports"]
    print_reports(rows)
    typer.echo()
    typer.echo(
        f"{found['portals']} portals visited. {found['captures']} captures are stored "
        f"({found['new_captures']} new), {len(rows)} of them reports ({found['new_reports']} new)."
    )
    for reason, count in found["rejects"].items():
        typer.echo(f"{count} rejected: {reason}")
    if rows:
        typer.echo("\nThree things to try next:")
        typer.echo(f"  fazhi show {rows[0].id}")
        typer.echo("  fazhi indicators values --code head_appearance_rate")
        typer.echo(
            '  fazhi psql -c "select title, report_year, issuer, adcode, published_at from reports"'
        )
