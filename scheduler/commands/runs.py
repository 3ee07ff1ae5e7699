"""The run ledger: every visit, why it was made and how it ended; and the story of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import FazhiError
from scheduler.commands import common

if TYPE_CHECKING:
    from ingest.store.rows import RunRow
    from scheduler.story import Story

runs = typer.Typer(invoke_without_command=True)


@runs.callback()
def list_(
    context: typer.Context,
    portal: Annotated[str | None, typer.Option(help="Only of this portal.")] = None,
    limit: common.Limit = 30,
    as_json: common.Json = False,
) -> None:
    """List the run ledger, newest first: every visit, why it was made and how it ended."""
    if context.invoked_subcommand is not None:
        return
    from crawler.portals import find_portal
    from ingest.store.portals import read_registry
    from ingest.store.queries import list_runs

    with common.connection(common.begin()) as connection:
        if portal:
            find_portal(read_registry(connection), portal)
        rows = list_runs(connection, portal=portal, limit=limit)
    if as_json:
        common.print_json(rows)
        return
    common.print_table(
        ["run", "portal", "cause", "began", "state", "what came of it", "new", "missed", "retried"],
        [
            (
                *(r.id, r.portal_id, r.cause, common.china(r.started_at)),
                *(r.state, r.detail or r.reason, r.new_captures),
                *(common.counted(r.failures_by_name), common.counted(r.retries_by_name)),
            )
            for r in rows
        ],
        empty="No runs yet. Start one with 'fazhi crawl PORTAL'.",
    )


@runs.command()
def show(
    run: Annotated[int, typer.Argument(metavar="ID", help="Number, as 'fazhi runs' shows it.")],
    as_json: common.Json = False,
) -> None:
    """Tell the story of one run: who asked, its jobs, its failures by name, its captures and what
    became of them."""
    from scheduler.story import read_story

    with common.connection(common.begin()) as connection:
        story = read_story(connection, run)
    if story is None:
        raise FazhiError(f"no run has the number {run}: 'fazhi runs' lists them")
    if as_json:
        common.print_json(story)
    else:
        _tell(story)


def _tell(story: Story) -> None:
    for name, value in _facts(story.run).items():
        if value not in (None, "", 0):
            typer.echo(f"{name + ':':<12}{value}")
    for event in story.job:
        typer.echo(f"{'job:':<12}{common.china(event.at)} {event.what}")
    for slot in story.slots:
        more = f", makes up for {slot.coalesced} more" if slot.coalesced else ""
        typer.echo(
            f"{'slot:':<12}{common.china(slot.slot)}, fired by {slot.fired_by} "
            f"(the visit was {slot.found}){more}"
        )
    for what, counts in (
        ("missed", story.run.failures_by_name),
        ("retried", story.run.retries_by_name),
    ):
        if counts:
            typer.echo(f"{what + ':':<12}{common.counted(counts)}")
    for failure in story.failures:
        typer.echo(f"  {failure.reason}: {failure.url} ({failure.detail})")
    for page in story.captures:
        became = page.verdict or "waits to be understood"
        where = f" {page.report}" if page.report else f" ({page.reason})" if page.reason else ""
        typer.echo(f"{'capture:':<12}{page.capture} {page.origin}")
        typer.echo(f"  {became}{where}: {page.title or '(no title)'}")


def _facts(run: RunRow) -> dict[str, object]:
    asked = f"{run.cause}, {run.asked_by}" if run.asked_by else run.cause
    versions = {"fazhi": run.code_version, "rules": run.ruleset, "dictionary": run.dictionary}
    return {
        "run": run.id,
        "portal": run.portal_id,
        "asked by": asked,
        "due": common.china(run.slot),
        "sweep": "yes" if run.sweep else None,
        "attempt": run.attempt,
        "worker": run.worker,
        "versions": ", ".join(f"{name} {is_}" for name, is_ in versions.items() if is_),
        "began": common.china(run.started_at),
        "ended": common.china(run.finished_at),
        "state": run.state,
        "outcome": run.detail or run.reason,
        "families": ", ".join(run.families),
        "counts": f"{run.requests} requests, {run.listings} listings, {run.entries} entries, "
        f"{run.articles} articles, {run.new_captures} new captures",
    }
