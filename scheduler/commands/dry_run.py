"""`fazhi crawl --dry-run`: what a visit would fetch and find, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from crawler import manners
from crawler.errors import SettingError
from crawler.outcome import NETWORK, SUCCESSES, Reason
from crawler.portals import Portal, find_portal, load_portals
from scheduler.commands import common
from scheduler.config import Settings
from scheduler.permission import obstacle

if TYPE_CHECKING:
    from crawler.rehearsal import Rehearsal

UNREACHED = {Reason.UNREACHABLE.value, *(reason.value for reason in NETWORK)}


def dry_run(settings: Settings, names: Sequence[str], *, as_json: bool) -> None:
    """Rehearse visits of portals of the seeds, one after the other, and tell of each."""
    known = load_portals()
    chosen = [find_portal(known, name) for name in dict.fromkeys(names)]
    for portal in chosen:
        if hindrance := obstacle(settings, portal.host):
            raise SettingError(hindrance)
        if not as_json:
            typer.echo(plan(portal, settings), err=True)
    rehearsals = _rehearse(settings, chosen)
    if as_json:
        common.print_json(rehearsals)
    else:
        for rehearsal in rehearsals:
            _tell(rehearsal)
    if any(rehearsal.outcome.state != "succeeded" for rehearsal in rehearsals):
        raise typer.Exit(1)


def plan(portal: Portal, settings: Settings) -> str:
    """Where a visit begins and under which terms, in one line."""
    columns = [column.url for column in portal.columns]
    begins = " ".join(columns) or f"{portal.base_url} (no column is known: it will be looked for)"
    delay = manners.delay(settings.delay, portal.host)
    agent = manners.user_agent(settings.contact, portal.host)
    return (
        f"{portal.id} {portal.name}: begins at {begins}; robots.txt first, "
        f"a request every {delay:g} s at most, as {agent}; nothing is kept"
    )


def _rehearse(settings: Settings, chosen: Sequence[Portal]) -> list[Rehearsal]:
    from crawler.crawl import run_in_reactor  # Scrapy takes half a second to load
    from crawler.rehearsal import rehearse

    async def main() -> list[Rehearsal]:
        given = settings.environment()
        return [await rehearse(portal, given) for portal in chosen]

    return run_in_reactor(main)


def _tell(rehearsal: Rehearsal) -> None:
    outcome = rehearsal.outcome
    rows = [(page.date, page.title, page.url) for page in rehearsal.pages]
    common.print_table(("date", "title", "address"), rows, empty="no page would be kept")
    if outcome.reason in {reason.value for reason in SUCCESSES}:
        typer.echo(
            f"{rehearsal.portal}: {outcome.message}; {outcome.requests} requests, "
            f"{outcome.listings} listing pages read",
            err=True,
        )
        return
    common.complain(f"{rehearsal.portal}: {outcome.message}{_advice(outcome.reason)}")


def _advice(reason: str) -> str:
    """What to do about it, where that is not the same for every failure."""
    if reason in UNREACHED:
        return (
            "; if other portals cannot be reached either, this machine has no way to the Internet; "
            "else open the address in a browser, and see docs/reference/failures.md"
        )
    return f"; docs/reference/failures.md says what {reason} means"
