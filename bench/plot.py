"""The nation's memory and cost as a picture, from the samples of bench/nation.py.

    python bench/plot.py SAMPLES.csv PICTURE.svg

Above: megabytes of the crawling process over its requests, a line for each size of the nation.
Below: milliseconds of CPU a portal over the same requests, each point by itself (a twentieth of
that crawl). Flat lines are what is promised; the axes begin at zero. The ending of the picture's
name says its format (svg, png, pdf).
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

WIDTH, HEIGHT = 8.0, 6.0
"""Inches."""
POINTS = 20
"""Of the cost of each size: a sample by itself has a few portals only."""
COLOURS = ("#b8860b", "#2e7d32", "#1565c0", "#a1282d", "#6a1b9a", "#455a64")


class Sample(NamedTuple):
    """How far a crawl was, in requests and portals, and what it had used."""

    done: int
    requests: int
    memory: float
    cpu: float


def read_samples(file: Path) -> dict[int, list[Sample]]:
    """The samples of every size, by portals in all."""
    found: dict[int, list[Sample]] = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            values = (float(row[name]) for name in ("memory_mb", "cpu_s"))
            found[int(row["portals"])].append(
                Sample(int(row["done"]), int(row["requests"]), *values)
            )
    return dict(found)


def costs(samples: list[Sample]) -> list[tuple[float, float]]:
    """(requests so far, CPU milliseconds a portal since the point before). The start, in which
    crawls begin side by side and none has ended, is part of no point."""
    every = max(1, len(samples) // POINTS)
    chosen = samples[every - 1 :: every]
    return [
        ((a.requests + b.requests) / 2, 1000 * (b.cpu - a.cpu) / (b.done - a.done))
        for a, b in pairwise(chosen)
        if b.done > a.done
    ]


def draw(samples: dict[int, list[Sample]], file: Path) -> None:
    """Write the picture; the same samples give the same bytes."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    style = {"svg.hashsalt": file.stem, "font.family": "DejaVu Sans", "font.size": 9}
    with mpl.rc_context(style):  # type: ignore[arg-type]
        figure, (above, below) = pyplot.subplots(2, 1, figsize=(WIDTH, HEIGHT), sharex=True)
        for colour, (portals, each) in zip(COLOURS, samples.items(), strict=False):
            named = {"color": colour, "label": f"{portals:,} portals"}
            above.plot([s.requests for s in each], [s.memory for s in each], **named)
            spent = costs(each)
            below.plot([at for at, _ in spent], [ms for _, ms in spent], marker=".", **named)
        _label(above, "resident memory, MB")
        _label(below, "CPU ms a portal")
        below.set_xlabel("requests")
        below.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        figure.tight_layout()
        metadata = {"Date": None} if file.suffix == ".svg" else None
        figure.savefig(file, metadata=metadata)
        pyplot.close(figure)


def _label(axes: Any, what: str) -> None:
    axes.set_ylabel(what)
    axes.set_ylim(0, axes.get_ylim()[1] * 1.1)
    axes.set_xlim(left=0)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False, loc="lower right")


def main() -> None:
    """Draw."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    draw(read_samples(Path(sys.argv[1])), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
