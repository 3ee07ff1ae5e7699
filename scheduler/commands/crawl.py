"""Visits by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import RefusedPortalError, SettingError
from crawler.portals import Portal, find_portal
from scheduler.commands import common
from scheduler.commands.dry_run import dry_run as rehearsed
from scheduler.commands.followed import Followed
from scheduler.config import Settings
from scheduler.permission import obstacle

if TYPE_CHECKING:
    from ingest.store.database import Database
    from scheduler import follow
    from scheduler.runs import Visit
    from scheduler.work import Work


def crawl(
    portals: Annotated[
        list[str] | None, typer.Argument(metavar="[PORTAL]...", help="Ids from 'fazhi portals'.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every portal of the registry.")] = False,
    no_follow: Annotated[
        bool, typer.Option("--no-follow", help="Only queue the visits, for the service to make.")
    ] = False,
    even_if_disabled: Annotated[
        bool, typer.Option("--even-if-disabled", help="Visit named portals that are disabled too.")
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for visits that others asked for, too.")
    ] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Wait like that, and show how the visits go on.")
    ] = False,
    sweep: Annotated[
        bool, typer.Option("--sweep", help="Look at everything, not only where reports were found.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Fetch, and say what was found; keep nothing, no database."),
    ] = False,
    as_json: common.Json = False,
) -> None:
    """Visit portals now: queue the same job as the calendar does, and wait for its end.

    A portal is never visited twice at once: where a visit waits or is under way, it is named, and
    left to whoever asked for it unless you --wait for it or --follow it. Where no service is at
    work on this database, this command makes the visits itself.
    """
    settings = common.begin_following()
    if not (portals or every):
        raise typer.BadParameter("name at least one, or give --all", param_hint="PORTAL")
    if dry_run and every:
        raise typer.BadParameter("name the portals of a rehearsal", param_hint="--dry-run")
    if dry_run:
        rehearsed(settings, portals or [], as_json=as_json)
        return
    with common.ready_database(settings) as database:
        chosen = _chosen(database, portals or [], every=every, even_if_disabled=even_if_disabled)
        if no_follow:
            _queue(settings, database, chosen, sweep=sweep, as_json=as_json)
            return
        others_too = wait or follow
        ended = _made(settings, database, chosen, sweep=sweep, live=follow, others_too=others_too)
    if as_json:
        common.print_json(ended)
    if not all(progress.good for progress in ended):
        raise typer.Exit(1)


def _queue(
    settings: Settings, database: Database, chosen: Sequence[Portal], *, sweep: bool, as_json: bool
) -> None:
    """Visits that are asked for, and left to the service."""
    from scheduler import here
    from scheduler.work import Work

    requests = here.ask(Work(settings, database), _visits(chosen, sweep=sweep))
    if as_json:
        common.print_json(requests)
        return
    for request in requests:
        typer.echo(request.message)


def _made(
    settings: Settings,
    database: Database,
    chosen: Sequence[Portal],
    *,
    sweep: bool,
    live: bool,
    others_too: bool,
) -> list[follow.Progress]:
    """Visits to their end, made by the service or, where none is at work, by this process."""
    from scheduler import here
    from scheduler.work import Work

    work, visits = Work(settings, database), _visits(chosen, sweep=sweep)
    if here.someone_is_at_work(work):
        return _elsewhere(work, visits, live=live, others_too=others_too)
    _check_permission(settings, chosen)
    with Followed(len(visits), live=live) as followed:
        return here.crawl_here(work, visits, tell=followed.tell, asked=followed.asked)


def _visits(chosen: Sequence[Portal], *, sweep: bool) -> list[Visit]:
    from scheduler.runs import Cause, Visit, whoever_types

    me = whoever_types()
    return [Visit(portal.id, Cause.HAND, me, sweep=sweep) for portal in chosen]


def _elsewhere(
    work: Work, visits: Sequence[Visit], *, live: bool, others_too: bool
) -> list[follow.Progress]:
    """Visits to their end that the service makes."""
    from scheduler import here

    with Followed(len(visits), live=live) as followed:
        requests = here.ask(work, visits)
        followed.asked(requests)
        ours = [request for request in requests if request.new or others_too]
        followed.leave(len(requests) - len(ours))
        return here.follow_elsewhere(work, ours, followed.tell)


def _chosen(
    database: Database, names: Sequence[str], *, every: bool, even_if_disabled: bool
) -> list[Portal]:
    from ingest.store.portals import read_registry

    with database.connect() as connection:
        known = read_registry(connection)
    if every:
        return [portal for portal in known.values() if not portal.disabled]
    found = [find_portal(known, name) for name in dict.fromkeys(names)]
    for portal in found:
        if portal.disabled and not even_if_disabled:
            raise RefusedPortalError(
                f"portal {portal.id} is disabled ({portal.disabled}): 'fazhi portals enable "
                f"{portal.id}' changes that, --even-if-disabled visits it this once"
            )
    return found


def _check_permission(settings: Settings, chosen: Sequence[Portal]) -> None:
    """Nothing is begun where a part of it may not be; the service asks for each visit itself."""
    for portal in chosen:
        if hindrance := obstacle(settings, portal.host):
            raise SettingError(hindrance)
