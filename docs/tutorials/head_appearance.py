"""Tutorial: from an empty machine to 行政机关负责人出庭应诉率 by province over years.

    git clone ...; make install
    .venv/bin/python docs/tutorials/head_appearance.py OUT

It runs the commands that it explains, on the pretend portals of the demo, and writes
OUT/tutorial.html (what was typed, what was answered, the chart), OUT/chart.svg and OUT/panel.csv.
Data lives in FAZHI_HOME as always. With your own portals crawled, leave out the first of STEPS.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import matplotlib as mpl

from ingest.coverage.fonts import chinese_fonts, no_word_of_fonts

CODE, NAME = "head_appearance_rate", "行政机关负责人出庭应诉率"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title>
<style>body {{ font-family: sans-serif; max-width: 60em; margin: 2em auto; line-height: 1.5 }}
h2 {{ font-size: 1.1em; margin-top: 2em }} pre {{ background: #f4f4f4; padding: 0.8em }}
pre, div {{ overflow-x: auto }} table {{ font-size: 0.85em; border-collapse: collapse }}
td {{ border-bottom: 1px solid #ddd; padding: 0 0.6em }} tr:first-child {{ font-weight: bold }}
svg {{ max-width: 100%; height: auto }}</style>
<h1>{name} by province over years</h1>
<p>From an empty machine with Python 3.11 or newer; everything else is brought along.</p>
<pre>$ git clone ADDRESS fazhi; cd fazhi; make install; . .venv/bin/activate</pre>
{steps}</html>
"""
COMPARABLE = """Only what can be compared is in the chart: stated by a government (not by one of its
departments) for the whole of a year, not narrowed to a part of the cases, not in doubt. Functional
zones are left out, since they are no divisions. A dotted stretch is a year that no report states.
Each point is a row of panel.csv, with the words that state it and the address of the page."""
Line = dict[int, float]
"""Year by year, per cent."""
Provinces = dict[str, dict[str, Line]]


def fazhi(folder: Path, *arguments: str) -> str:
    """What the command answers, run in a folder; a command that fails ends the tutorial."""
    command = [sys.executable, "-m", "scheduler", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout + done.stderr


def comparable(rows: Iterable[dict[str, str]]) -> Provinces:
    """By province, then by division, the rate of each year."""
    found: Provinces = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        whole = row["code"] == CODE and row["unit"] == "%" and row["period"] == "this_year"
        sound = row["by_government"] == "true" and not row["subtype"] and not row["doubtful"]
        if whole and sound and row["region_level"] != "functional_zone" and row["region_path"]:
            province = row["region_path"].split(" / ")[0]
            line = found[province][row["region_path"]]
            line[int(row["report_year"])] = float(row["value"])
    return found


def lines_of(provinces: Provinces) -> dict[str, dict[str, Line]]:
    """Field by field of the chart, the lines in it: the provinces themselves, then for each
    province the divisions inside it that state the rate too."""
    tops = {name: inside[name] for name, inside in provinces.items() if name in inside}
    fields = {f"{NAME}, by province": tops} if tops else {}
    for province, inside in sorted(provinces.items()):
        if below := {
            path.rpartition(" / ")[2]: inside[path] for path in inside if path != province
        }:
            fields[f"Inside {province}"] = below
    return fields


def draw(fields: dict[str, dict[str, Line]], path: Path) -> None:
    """A line for each division; dotted over years that no report states, so that nobody reads a
    value where there is none."""
    mpl.use("agg")
    from matplotlib import pyplot

    with mpl.rc_context(chinese_fonts(path)), no_word_of_fonts():
        size = (7.5, 3.4 * len(fields))
        figure, axes = pyplot.subplots(len(fields), 1, figsize=size, squeeze=False, sharex=True)
        for field, (title, lines) in zip(axes[:, 0], fields.items(), strict=True):
            paint(field, title, lines)
        figure.tight_layout()
        figure.savefig(path)
        pyplot.close(figure)


def paint(field: Any, title: str, lines: dict[str, Line]) -> None:
    """One field of the chart."""
    for name, line in lines.items():
        years = range(min(line), max(line) + 1)
        values = [line.get(year, float("nan")) for year in years]
        [drawn] = field.plot(years, values, marker="o", lw=2, label=name)
        stated = sorted(line)
        field.plot(stated, [line[year] for year in stated], ":", lw=1, color=drawn.get_color())
    field.set_title(title)
    field.set_ylabel("%")
    every = {year for line in lines.values() for year in line}
    field.set_xticks(range(min(every), max(every) + 1))
    field.tick_params(labelbottom=True)
    field.grid(alpha=0.3)
    field.legend(loc="lower right", fontsize=9)


def typed(words: str, command: str, answer: str) -> str:
    """A step: why, what was typed, what was answered."""
    return f"<h2>{words}</h2>\n<pre>$ {escape(command)}</pre>\n{shown(answer)}"


def shown(answer: str) -> str:
    """What a command printed; lines of columns as a table."""
    parts = []
    for columns, lines in groupby(answer.strip().splitlines(), key=lambda line: "\t" in line):
        if columns:
            rows = (escape(line).replace("\t", "<td>") for line in lines)
            parts.append("<table>" + "\n".join(f"<tr><td>{row}" for row in rows) + "</table>")
        elif text := "\n".join(lines).strip():
            parts.append(f"<pre>{escape(text)}</pre>")
    return "\n".join(parts)


STEPS = (
    (
        "Pretend portals are crawled over real HTTP, and what they publish is read",
        ("demo",),
    ),
    (
        "Every value stands beside the words that state it",
        ("indicators", "values", "--code", CODE),
    ),
    (
        "The panel is taken home: division by year by indicator, each row with its citation",
        ("export", "panel", "-o", "panel.csv", "--force"),
    ),
)


def main(out: Path) -> None:
    """Run all steps and write the page."""
    out.mkdir(parents=True, exist_ok=True)
    steps = [typed(why, f"fazhi {' '.join(words)}", fazhi(out, *words)) for why, words in STEPS]
    with (out / "panel.csv").open(encoding="utf-8-sig", newline="") as file:
        provinces = comparable(csv.DictReader(file))
    if not provinces:
        sys.exit(f"no division states {CODE}: crawl some portals first")
    chart = out / "chart.svg"
    draw(lines_of(provinces), chart)
    svg = chart.read_text(encoding="utf-8")
    steps.append(f"<h2>What can be compared is drawn</h2>\n<p>{COMPARABLE}</p>")
    steps.append(svg[svg.index("<svg") :])
    page = PAGE.format(name=NAME, steps="\n".join(steps))
    (out / "tutorial.html").write_text(page, encoding="utf-8")
    print(f"{out / 'tutorial.html'}: open it in a browser")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: head_appearance.py OUT (a folder)")
    main(Path(sys.argv[1]))
