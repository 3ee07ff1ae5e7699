"""Tutorial: from an empty machine to 行政机关负责人出庭应诉率 by province over years.

Install (`make install`), then:  .venv/bin/python docs/tutorials/head_appearance.py OUT

It runs the commands that it explains, on the pretend portals of the demo, and writes OUT/tutorial.html
(what was typed, what was answered, the chart), OUT/chart.svg and OUT/panel.csv. Data lives in
FAZHI_HOME as always. With your own portals crawled, leave out the first step and keep the rest.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from html import escape
from pathlib import Path

import matplotlib as mpl

from ingest.coverage.fonts import chinese_fonts, no_word_of_fonts

CODE, NAME = "head_appearance_rate", "行政机关负责人出庭应诉率"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title>
<style>body {{ font-family: sans-serif; max-width: 60em; margin: 2em auto; line-height: 1.5 }}
pre {{ background: #f4f4f4; padding: 0.8em; overflow-x: auto }} svg {{ max-width: 100% }}</style>
<h1>{name} by province over years</h1>
{steps}</html>
"""
Line = list[tuple[int, float]]
Provinces = dict[str, dict[str, Line]]


def fazhi(*arguments: str) -> str:
    """What the command answers, its remarks included; a command that fails ends the tutorial."""
    done = subprocess.run(
        [sys.executable, "-m", "scheduler", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout or done.stderr


def comparable(rows: Iterable[dict[str, str]]) -> Provinces:
    """By province, then by division, its years in order.

    Only what can be compared: stated by a government (not by one of its departments) for the whole
    of the year, not narrowed to a part of the cases, not in doubt. A functional zone is no division.
    """
    found: Provinces = defaultdict(lambda: defaultdict(list))
    for row in rows:
        whole = row["code"] == CODE and row["unit"] == "%" and row["period"] == "this_year"
        sound = row["by_government"] == "true" and not row["subtype"] and not row["doubtful"]
        if whole and sound and row["region_level"] != "functional_zone" and row["region_path"]:
            division = found[row["region_path"].split(" / ")[0]][row["region_path"]]
            division.append((int(row["report_year"]), float(row["value"])))
    return {
        place: {name: sorted(inside[name]) for name in inside} for place, inside in found.items()
    }


def draw(provinces: Provinces, path: Path) -> None:
    """A field for each province: its own line thick, those of the divisions below it thin."""
    mpl.use("agg")
    from matplotlib import pyplot
    from matplotlib.ticker import MaxNLocator

    with mpl.rc_context(chinese_fonts(path)), no_word_of_fonts():
        size = (7, 3.6 * len(provinces))
        figure, fields = pyplot.subplots(len(provinces), 1, figsize=size, squeeze=False)
        for axes, (province, divisions) in zip(
            fields[:, 0], sorted(provinces.items()), strict=True
        ):
            for name, line in divisions.items():
                own, label = name == province, name.rpartition(" / ")[2]
                axes.plot(*zip(*line, strict=True), marker="o", lw=3 if own else 1, label=label)
            axes.set_title(f"{province}: {NAME}")
            axes.set_ylabel("%")
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
            axes.grid(alpha=0.3)
            axes.legend(loc="lower right", fontsize=8)
        figure.tight_layout()
        figure.savefig(path)
        pyplot.close(figure)


def typed(words: str, command: str, answer: str) -> str:
    """A step: why, what was typed, what was answered."""
    return f"<p>{words}</p><pre>$ {escape(command)}\n{escape(answer.strip())}</pre>"


def main(out: Path) -> None:
    """Run all steps and write the page."""
    out.mkdir(parents=True, exist_ok=True)
    panel, chart = out / "panel.csv", out / "chart.svg"
    steps = [
        typed("Pretend portals are crawled over real HTTP, and read.", "fazhi demo", fazhi("demo")),
        typed(
            "Every value stands beside the words that state it.",
            f"fazhi indicators values --code {CODE}",
            fazhi("indicators", "values", "--code", CODE),
        ),
        typed(
            "The panel is taken home: division by year by indicator, each row with its citation.",
            "fazhi export panel -o panel.csv",
            fazhi("export", "panel", "-o", str(panel), "--force"),
        ),
    ]
    with panel.open(encoding="utf-8-sig", newline="") as file:
        provinces = comparable(csv.DictReader(file))
    if not provinces:
        sys.exit(f"no province states {CODE}: crawl some portals first")
    draw(provinces, chart)
    svg = chart.read_text(encoding="utf-8")
    steps.append(f"<p>{comparable.__doc__}</p>{svg[svg.index('<svg') :]}")
    page = PAGE.format(name=NAME, steps="\n".join(steps))
    (out / "tutorial.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: head_appearance.py OUT (a folder)")
    main(Path(sys.argv[1]))
