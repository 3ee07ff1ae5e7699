"""How a report is cited, and whether what is stored of it can be proved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import UnknownFilterError
from scheduler.commands import common

if TYPE_CHECKING:
    from ingest.store.connection import Connection
    from ingest.verifying import Verified

LONGEST = 60
"""Characters of a value that a line shows."""


def cite(
    report: Annotated[
        int, typer.Argument(help="Number of the report, as 'fazhi reports' shows it.")
    ],
    version: Annotated[
        int | None, typer.Option(help="Number of a version; the current one by default.")
    ] = None,
    style: Annotated[str, typer.Option("--format", help="text, bibtex, ris or csl-json.")] = "text",
) -> None:
    """Print how to cite a report: who, what, when, where, and the capture that proves it."""
    from ingest.citation import STYLES
    from ingest.store.proof import find_citation

    if style not in STYLES:
        known = ", ".join(STYLES)
        raise UnknownFilterError(f"no format is called {style!r}: choose one of {known}")
    with common.connection(common.begin()) as connection:
        found = find_citation(connection, report, version)
        if found is None:
            _require(connection, [report])
            raise UnknownFilterError(
                f"report {report} has no version {version}: 'fazhi show {report}' tells how many"
            )
    typer.echo(STYLES[style](found))


def verify(
    reports: Annotated[
        list[int] | None, typer.Argument(help="Numbers of reports, as 'fazhi reports' shows them.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every report there is.")] = False,
    as_json: common.Json = False,
) -> None:
    """Recompute reports from their captures, offline, and tell whether what is stored is the same.

    Checked are the bytes against their sha256, text, fields and figures against what the present
    program reads from them, and what a report shows against its version. Anything that is not the
    same is named, and makes the exit code 1; nothing is changed.
    """
    if bool(reports) == everything:
        raise UnknownFilterError("name the reports to verify, or say --all (not both)")
    settings = common.begin(level="error")
    with common.connection(settings) as connection:
        if reports:
            _require(connection, reports)
        found = _told(_results(connection, reports), as_json=as_json)
    summary = ", ".join(f"{finding} {count:,}" for finding, count in found.most_common())
    typer.echo(f"{found.total():,} checked: {summary or 'there are no reports'}", err=True)
    if set(found) - {"same"}:
        raise typer.Exit(1)


def _results(connection: Connection, reports: list[int] | None) -> Iterator[Verified]:
    from ingest.extract import Rules
    from ingest.verifying import every_report
    from ingest.verifying import verify as recompute

    rules = Rules.load()
    for part in [sorted(set(reports))] if reports else every_report(connection):
        yield from recompute(connection, rules, part)


def _told(results: Iterator[Verified], *, as_json: bool) -> Counter[str]:
    """Print each result as it comes, for there may be many; counts by finding."""
    counts: Counter[str] = Counter()
    kept: list[Verified] = []
    for result in results:
        counts[result.finding.value] += 1
        if as_json:
            kept.append(result)
            continue
        typer.echo(
            f"report {result.report_id}, version {result.version_number}, "
            f"capture {result.capture_id}: {result.finding.value}: {result.because}"
        )
        for difference in result.differences:
            stored, recomputed = _short(difference.stored), _short(difference.recomputed)
            typer.echo(f"    {difference.name}: stored {stored}, recomputed {recomputed}")
    if as_json:
        common.print_json(kept)
    return counts


def _require(connection: Connection, reports: list[int]) -> None:
    from ingest.verifying import unknown

    if missing := unknown(connection, reports):
        numbers = ", ".join(map(str, missing))
        raise UnknownFilterError(f"no report has the number {numbers}: 'fazhi reports' lists them")


def _short(value: object) -> str:
    if isinstance(value, Mapping) and "evidence" in value:
        text = f"{value.get('value')}{value.get('unit') or ''} ({value['evidence']})"
    else:
        text = "nothing" if value in (None, "", [], {}) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
