"""Visits by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from crawler.errors import RefusedPortalError, SettingError
from crawler.portals import Portal, find_portal
from scheduler.commands import common
from scheduler.commands.dry_run import dry_run as rehearsed
from scheduler.config import Settings
from scheduler.permission import obstacle

if TYPE_CHECKING:
    from scheduler import follow
    from scheduler.runs import Request, Visit
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
    if dry_run:
        if every:
            raise typer.BadParameter("name the portals of a rehearsal", param_hint="--dry-run")
        rehearsed(settings, portals or [], as_json=as_json)
        return

    from ingest.store.portals import read_registry
    from scheduler import here
    from scheduler.runs import Cause, Visit, whoever_types
    from scheduler.work import Work

    with common.ready_database(settings) as database:
        with database.connect() as connection:
            known = read_registry(connection)
        chosen = _chosen(known, portals or [], every=every, even_if_disabled=even_if_disabled)
        work = Work(settings, database)
        me = whoever_types()
        visits = [Visit(name, Cause.HAND, me, sweep=sweep) for name in chosen]
        if no_follow:
            requests = here.ask(work, visits)
            _told_queued(requests, as_json=as_json)
            return
        if here.someone_is_at_work(work):
            ended = _elsewhere(work, visits, live=follow, others_too=wait or follow)
        else:
            _check_permission(settings, [known[name] for name in chosen])
            with Followed(len(visits), live=follow) as followed:
                ended = here.crawl_here(work, visits, tell=followed.tell, asked=followed.asked)
    if as_json:
        common.print_json(ended)
    if not all(progress.good for progress in ended):
        raise typer.Exit(1)


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
    known: Mapping[str, Portal], names: Sequence[str], *, every: bool, even_if_disabled: bool
) -> list[str]:
    if every:
        return [portal.id for portal in known.values() if not portal.disabled]
    found = [find_portal(known, name) for name in dict.fromkeys(names)]
    for portal in found:
        if portal.disabled and not even_if_disabled:
            raise RefusedPortalError(
                f"portal {portal.id} is disabled ({portal.disabled}): 'fazhi portals enable "
                f"{portal.id}' changes that, --even-if-disabled visits it this once"
            )
    return [portal.id for portal in found]


def _check_permission(settings: Settings, chosen: Sequence[Portal]) -> None:
    """Nothing is begun where a part of it may not be; the service asks for each visit itself."""
    for portal in chosen:
        if hindrance := obstacle(settings, portal.host):
            raise SettingError(hindrance)


def _told_queued(requests: Sequence[Request], *, as_json: bool) -> None:
    if as_json:
        common.print_json(requests)
        return
    for request in requests:
        typer.echo(request.message)


class Followed:
    """Visits as they go on, on stderr: a bar on a terminal, and a line for each that ends."""

    def __init__(self, total: int, *, live: bool = False) -> None:
        self.bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=common.side_console(),
            transient=True,
            disable=not common.side_console().is_terminal,
        )
        self.task = self.bar.add_task("portals", total=total)
        self.reported: set[int] = set()
        self.live = live
        self.shown: dict[int, str] = {}
        self.left = 0

    def __enter__(self) -> Followed:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def say(self, line: str) -> None:
        """One line above the bar."""
        if self.bar.disable:
            typer.echo(line, err=True)
        else:
            self.bar.console.print(line, markup=False)

    def asked(self, requests: Sequence[Request]) -> None:
        """Tell of requests that found the portal busy."""
        for request in requests:
            if not request.new:
                self.say(request.message)

    def leave(self, count: int) -> None:
        """Tell that so many visits are left to those who asked for them."""
        self.left = count
        if count:
            self.say("--wait waits for what others asked for, --follow shows how it goes on")

    def tell(self, found: Sequence[follow.Progress]) -> None:
        """Show where the visits stand."""
        for progress in found:
            if progress.ended and progress.job_id not in self.reported:
                self.reported.add(progress.job_id)
                self.say(f"{progress.portal}: {progress.message}")
            elif self.live and self.shown.get(progress.job_id) != progress.counts:
                self.shown[progress.job_id] = progress.counts
                self.say(f"{progress.portal}: {progress.counts}")
        done = self.left + sum(progress.ended for progress in found)
        pages = sum(progress.new_captures for progress in found)
        self.bar.update(self.task, completed=done, description=f"portals, {pages} new pages")
