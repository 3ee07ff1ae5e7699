"""What was altered in a report after it was published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.errors import UnknownFilterError
from scheduler.commands import common
from scheduler.commands.diff_shown import Compared, print_changes

if TYPE_CHECKING:
    from ingest.store.comparing import VersionOf


def diff(
    report: Annotated[
        int, typer.Argument(help="Number of the report, as 'fazhi reports' shows it.")
    ],
    from_: Annotated[
        int | None,
        typer.Option("--from", metavar="VERSION", help="Older version; else the one before --to."),
    ] = None,
    to: Annotated[
        int | None, typer.Option(metavar="VERSION", help="Newer version; else the last in time.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Also what was not altered in a paragraph, whole.")
    ] = False,
    as_json: common.Json = False,
) -> None:
    """Show by section what was altered between two versions of a report, and whether it matters.

    Cosmetic is a change of width, punctuation, spaces or of what stands around the text; all else
    is substantive. [-...-] was removed, {+...+} was added.
    """
    from ingest.store.comparing import changes_between, versions_of
    from ingest.store.queries import get_report

    with common.connection(common.begin()) as connection:
        detail = get_report(connection, report)
        if detail is None:
            raise UnknownFilterError(
                f"no report has the number {report}: 'fazhi reports' lists them"
            )
        before, after = _chosen(report, versions_of(connection, report), from_, to)
        changes = changes_between(connection, before.id, after.id)
    compared = Compared(detail.report, before, after, changes)
    if as_json:
        common.print_json(_as_json(compared))
    else:
        print_changes(compared, full=full)


def _chosen(
    report: int, versions: list[VersionOf], older: int | None, newer: int | None
) -> tuple[VersionOf, VersionOf]:
    """The two versions asked for; their numbers need not follow the order of time."""
    places = {version.version_number: place for place, version in enumerate(versions)}
    for number in (older, newer):
        if number is not None and number not in places:
            known = ", ".join(map(str, places)) or "none"
            raise UnknownFilterError(f"report {report} has no version {number}: it has {known}")
    if len(versions) < 2:
        raise UnknownFilterError(
            f"report {report} has one version only: nothing was altered since it was first seen"
        )
    to = len(versions) - 1 if newer is None else places[newer]
    start = to - 1 if older is None else places[older]
    if start < 0:
        raise UnknownFilterError(
            f"version {newer} of report {report} is its first: choose a later one with --to"
        )
    if start == to:
        raise UnknownFilterError(
            f"version {versions[to].version_number} of report {report} is on both sides: choose "
            "two of " + ", ".join(map(str, places)) + " with --from and --to"
        )
    return versions[start], versions[to]


def _as_json(compared: Compared) -> dict[str, Any]:
    from ingest.character_runs import Kind
    from ingest.reasons import why, why_field, why_paragraph

    changes = compared.changes
    return {
        "report_id": compared.report.id,
        "title": compared.report.title,
        "url": compared.report.url,
        "from": _version(compared.before),
        "to": _version(compared.after),
        "verdict": changes.weight,
        "reason": why(changes),
        "same_rules": compared.same_rules,
        "sections_changed": changes.sections,
        "characters_added": changes.characters(Kind.ADDED),
        "characters_removed": changes.characters(Kind.REMOVED),
        "fields": [
            {
                **{"name": change.name, "verdict": change.weight, "reason": why_field(change)},
                **{"before": change.before, "after": change.after},
            }
            for change in changes.fields
        ],
        "paragraphs": [
            {
                **{"kind": change.kind, "verdict": change.weight, "reason": why_paragraph(change)},
                **{"section": change.section, "runs": change.runs},
            }
            for change in changes.paragraphs
        ],
    }


def _version(version: VersionOf) -> dict[str, Any]:
    return {
        "version": version.version_number,
        "captured_at": version.captured_at,
        "ruleset": version.ruleset,
    }
