"""Coverage drawn as a heat-map: bodies (or the places they lie in) down, years across."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ingest.coverage.fonts import chinese_fonts, no_word_of_fonts

COLORS = {
    "on_time": "#1a9850",
    "late": "#a6d96a",
    "undated": "#d9ef8b",
    "removed": "#762a83",
    "not_found": "#d73027",
    "blocked": "#4575b4",
    "unreachable": "#74add1",
    "our_fault": "#969696",
    "not_yet_due": "#f0f0f0",
}
PUBLISHED = ("on_time", "late", "undated", "removed")
KNOWN = (*PUBLISHED, "not_found")
"""Of the others (blocked, our fault ...) nobody can say whether they published."""
MOST_LINES = 120
"""Bodies that can be told apart in one picture; more are drawn by the place they lie in."""


class Cell(Protocol):
    """What of a row of the view is drawn."""

    @property
    def body(self) -> str: ...
    @property
    def path(self) -> list[str] | None: ...
    @property
    def year(self) -> int: ...
    @property
    def status(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines by years. Of single bodies ``statuses`` has the status, None where nothing was owed; of
    places ``shares`` has how many of those that we know of published, 0 to 1, None where we know
    of none."""

    lines: tuple[str, ...]
    years: tuple[int, ...]
    statuses: tuple[tuple[str | None, ...], ...] = ()
    shares: tuple[tuple[float | None, ...], ...] = ()


def grid_of(cells: Sequence[Cell], *, most: int = MOST_LINES) -> Grid:
    """The grid of some rows: bodies if they are few, else the outermost places that differ."""
    years = tuple(sorted({cell.year for cell in cells}))
    bodies = dict.fromkeys((_place(cell.path, None), cell.body) for cell in cells)
    if len(bodies) <= most:
        found = {(_place(c.path, None), c.body, c.year): c.status for c in cells}
        statuses = tuple(
            tuple(found.get((place, body, year)) for year in years) for place, body in bodies
        )
        return Grid(tuple(body for _, body in bodies), years, statuses=statuses)
    depth = _depth(cells)
    counted: dict[tuple[str, int], Counter[bool]] = defaultdict(Counter)
    for cell in cells:
        if cell.status in KNOWN:
            counted[_place(cell.path, depth), cell.year][cell.status in PUBLISHED] += 1
    places = tuple(dict.fromkeys(_place(cell.path, depth) for cell in cells))
    shares = tuple(tuple(_share(counted.get((p, year))) for year in years) for p in places)
    return Grid(places, years, shares=shares)


def draw(cells: Sequence[Cell], path: Path, *, title: str) -> None:
    """Write the picture as PNG or SVG, by the ending of ``path``'s final name.

    Errors: ExportError where a PNG would need a Chinese font and none is installed. In an SVG the
    text stays text, and the viewer's fonts are used.
    """
    import matplotlib as mpl  # slow to load

    mpl.use("agg")
    from matplotlib import pyplot

    grid = grid_of(cells)
    with mpl.rc_context(chinese_fonts(path)), no_word_of_fonts():
        height = 1.6 + 0.22 * len(grid.lines)
        figure, axes = pyplot.subplots(figsize=(4.5 + 0.5 * len(grid.years), height))
        _paint(axes, grid)
        axes.set_xticks(range(len(grid.years)), [str(year) for year in grid.years])
        axes.set_yticks(range(len(grid.lines)), grid.lines)
        axes.xaxis.tick_top()
        axes.set_xticks([n + 0.5 for n in range(len(grid.years) - 1)], minor=True)
        axes.set_yticks([n + 0.5 for n in range(len(grid.lines) - 1)], minor=True)
        axes.grid(which="minor", color="white", linewidth=1)
        axes.tick_params(which="both", length=0, labelsize=8)
        axes.set_title(title, fontsize=10, pad=14)
        for side in axes.spines.values():
            side.set_visible(False)
        figure.savefig(path, dpi=150, bbox_inches="tight", format=path.suffix[1:] or None)
        pyplot.close(figure)


def _paint(axes: Any, grid: Grid) -> None:
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Patch

    if grid.statuses:
        white = (1.0, 1.0, 1.0)
        axes.imshow(
            [[to_rgb(COLORS[s]) if s else white for s in line] for line in grid.statuses],
            aspect="auto",
        )
        used = {status for line in grid.statuses for status in line if status}
        handles = [Patch(color=COLORS[s], label=s) for s in COLORS if s in used]
        if any(None in line for line in grid.statuses):
            handles.append(Patch(facecolor=white, edgecolor="#bbbbbb", label="not asked about"))
        axes.legend(handles=handles, bbox_to_anchor=(1.02, 1), loc="upper left", fontsize=8)
        return
    nothing = float("nan")
    shares = [[nothing if share is None else share for share in line] for line in grid.shares]
    image = axes.imshow(shares, aspect="auto", cmap="RdYlGn", vmin=0, vmax=1)
    axes.set_facecolor("#e0e0e0")
    axes.figure.colorbar(image, ax=axes, label="share published (grey: not known of any body)")


def _depth(cells: Sequence[Cell]) -> int:
    """How many names of the path it takes until places differ."""
    paths = [cell.path for cell in cells if cell.path]
    longest = max(map(len, paths), default=1)
    for depth in range(1, longest):
        if len({tuple(path[:depth]) for path in paths}) > 1:
            return depth
    return longest


def _place(path: list[str] | None, depth: int | None) -> str:
    if not path:
        return "中央"
    return "/".join(path) if depth is None else path[min(depth, len(path)) - 1]


def _share(counts: Counter[bool] | None) -> float | None:
    return counts[True] / counts.total() if counts else None
