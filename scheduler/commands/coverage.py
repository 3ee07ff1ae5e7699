"""Who has published, who was late, who has not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import UnknownFilterError
from crawler.portals import LEVELS
from ingest.export.errors import ExportError
from scheduler.commands import common

if TYPE_CHECKING:
    from ingest.store.connection import Connection
    from ingest.store.coverage import CoverageRow

PICTURES = (".png", ".svg")


def coverage(
    year: Annotated[
        str | None, typer.Option(metavar="YEAR", help="Year reported on: 2025, or 2019-2025.")
    ] = None,
    level: Annotated[
        str | None, typer.Option(help=f"Only of one level: {', '.join(LEVELS)}.")
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(
            "--region", "--province", help="Only of a division and those below: a code or a name."
        ),
    ] = None,
    status: Annotated[
        str | None, typer.Option(help="Only what is on_time, late, not_found, blocked ...")
    ] = None,
    draw: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw a heat-map, .png or .svg.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a picture that is there.")
    ] = False,
    as_json: common.Json = False,
) -> None:
    """Tell for each body that owes a report whether it published: in time, late, or not at all.

    A deadline and its rule come from seeds/kinds/*/duty.toml; every line names what proves it.
    """
    settings = common.begin()
    from ingest.store.coverage import STATUSES, list_coverage
    from ingest.store.near import require_region

    _require(level, LEVELS, "level")
    _require(status, STATUSES, "status")
    if draw and draw.suffix.lower() not in PICTURES:
        raise ExportError(f"{draw.name}: a picture ends in {' or '.join(PICTURES)}")
    with common.connection(settings) as connection:
        years = _years(connection, year)
        require_region(connection, region)
        found = list_coverage(connection, years=years, level=level, region=region, status=status)
    if draw:
        _draw(found, draw, force=force)
    if as_json:
        common.print_json(found)
    else:
        _print(found)


def _print(found: list[CoverageRow]) -> None:
    common.print_table(
        ["adcode", "body", "year", "status", "days late", "published", "report", "run", "because"],
        [
            (
                *(row.adcode, row.body, row.year, row.status, row.days_late, row.published_at),
                *(row.report_id, row.run_id, row.detail),
            )
            for row in found
        ],
        empty="Nobody owed a report of that kind.",
    )
    counts = Counter(row.status for row in found)
    summary = ", ".join(f"{status} {count:,}" for status, count in counts.most_common())
    typer.echo(f"{len(found):,} owed: {summary}" if found else "0 owed", err=True)


def _draw(found: list[CoverageRow], path: Path, *, force: bool) -> None:
    from ingest.coverage.picture import draw
    from ingest.export.target import whole_file

    if not found:
        raise ExportError("there is nothing to draw: nobody owed a report of that kind")
    years = sorted({row.year for row in found})
    span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    with whole_file(path, force=force) as unfinished:
        picture = unfinished.with_suffix(path.suffix.lower())
        try:
            draw(found, picture, title=f"Yearly reports published, {span}")
            picture.replace(unfinished)
        finally:
            picture.unlink(missing_ok=True)


def _years(connection: Connection, text: str | None) -> tuple[int, int] | None:
    from ingest.store.coverage import owed_years

    if text is None:
        return None
    first, _, last = text.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        raise UnknownFilterError(f"--year {text!r} is no year: write 2025 or 2019-2025")
    chosen = (int(first), int(last or first))
    owed = owed_years(connection)
    if not any(chosen[0] <= year <= chosen[1] for year in owed):
        span = f"{owed[0]} to {owed[-1]}" if owed else "none"
        raise UnknownFilterError(f"nobody had to report on {text} yet: years owed are {span}")
    return chosen


def _require(value: str | None, known: tuple[str, ...], what: str) -> None:
    if value is not None and value not in known:
        raise UnknownFilterError(f"no {what} is called {value!r}: choose one of {', '.join(known)}")
