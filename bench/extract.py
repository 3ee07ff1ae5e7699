"""How fast `extract` is: against trafilatura (text and metadata) and the bare parse, same pages.

    python bench/extract.py [PAGES_DIR] [--sizes] [--passes N]

Process time of one core, every tool on first sight of a page (each page gets a new comment, so
that no cache helps), median of the passes. The tools take turns page by page, so that a machine
that is busy with something else slows all of them alike and the ratios stay.

trafilatura gives text and metadata. What is like it is the chain without figures: body, removals,
fields, region, outline and verdict. The whole chain reads every number and indicator as well.
trafilatura is a peer, not a dependency: without it its column is left out (pip install
"trafilatura" "lxml[html_clean]"). PAGES_DIR holds .html files; without it the golden cases of
tests/ are used. --sizes shows that time is linear in the size of a page, up to 10 MB.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from ingest.decode import decode
from ingest.extract import Rules, extract
from ingest.figures.reader import FigureReader, Figures
from ingest.records import Section

ROOT = Path(__file__).resolve().parent.parent
SIZES = (100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
"""Bytes that a page is grown to."""
WORST = 5
"""Slowest pages that are named."""
WHOLE, TEXT, BARE, PEER = "extract", "extract, no figures", "bare lexbor parse", "trafilatura"

Tool = Callable[[bytes], object]


class NoFigures(FigureReader):
    """Reads no figures, so that the rest of the chain can be timed by itself."""

    def read(
        self, _body: str, _sections: tuple[Section, ...] = (), _year: int | None = None
    ) -> Figures:
        """None."""
        return Figures()


def _tools() -> dict[str, Tool]:
    rules = Rules.load()
    plain = replace(rules, figures=NoFigures(rules.kind))
    tools: dict[str, Tool] = {
        WHOLE: lambda content: extract(content, name="bench", rules=rules),
        TEXT: lambda content: extract(content, name="bench", rules=plain),
        BARE: lambda content: LexborHTMLParser(decode(content).text),
    }
    peer = _trafilatura()
    return tools | {PEER: peer} if peer else tools


def _trafilatura() -> Tool | None:
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        print(f"trafilatura is left out: {error}")
        return None

    def run(content: bytes) -> object:
        return bare_extraction(decode(content).text, with_metadata=True, include_comments=False)

    return run


def _fresh(content: bytes, number: int) -> bytes:
    """The page with a comment that was not there before."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content
    return content + f"<!-- {number} {time.perf_counter_ns()} -->".encode()


def _seconds(tool: Tool, content: bytes) -> float:
    begin = time.process_time()
    tool(content)
    return time.process_time() - begin


def _times(tools: dict[str, Tool], pages: list[bytes], passes: int) -> dict[str, list[float]]:
    """By tool, the seconds of process time for each page: the median of the passes."""
    rows: dict[str, list[list[float]]] = {name: [[] for _ in pages] for name in tools}
    for turn in range(passes + 1):
        for number, page in enumerate(pages):
            content = _fresh(page, number)
            for name, tool in tools.items():
                seconds = _seconds(tool, content)
                if turn:  # the first only warms up, rules included
                    rows[name][number].append(seconds)
    return {name: [statistics.median(row) for row in found] for name, found in rows.items()}


def _compare(paths: list[Path], passes: int) -> None:
    pages = [path.read_bytes() for path in paths]
    times = _times(_tools(), pages, passes)
    size = sum(map(len, pages))
    print(f"{len(pages)} pages, {size / 1e6:.1f} MB, {passes} passes, process time")
    peer, bare = sum(times.get(PEER, [])), sum(times[BARE])
    for name, row in times.items():
        faster = f"  {peer / sum(row):6.2f} x as fast as trafilatura" if peer else ""
        floor = f"  {sum(row) / bare:6.2f} x the bare parse"
        print(f"  {name:20} {sum(row) / len(row) * 1000:8.2f} ms a page{floor}{faster}")
    print("  slowest pages: extract ms, without figures, bare parse, the last two's ratio, kB")
    order = sorted(range(len(paths)), key=lambda index: times[WHOLE][index], reverse=True)
    for index in order[:WORST]:
        whole, text, parse = (times[name][index] * 1000 for name in (WHOLE, TEXT, BARE))
        ratio, kilobytes = text / max(parse, 1e-3), len(pages[index]) / 1000
        name = paths[index].relative_to(paths[index].parent.parent)
        print(
            f"    {name!s:28} {whole:7.2f} {text:7.2f} {parse:6.2f} {ratio:6.1f} {kilobytes:7.0f}"
        )


def _sizes(path: Path) -> None:
    """One page's paragraphs repeated: time over size must stay flat."""
    tools = _tools()
    text = decode(path.read_bytes()).text
    print(f"growing {path.name}: ms and ns a byte, whole and without figures")
    for target in SIZES:
        page = text.replace("</p>", "</p>" + _filler(target), 1).encode()
        cells = []
        for name in (WHOLE, TEXT):
            seconds = _seconds(tools[name], page)
            cells.append(f"{seconds * 1000:9.1f} ms {seconds * 1e9 / len(page):7.1f} ns")
        print(f"  {len(page) / 1e6:6.2f} MB  {cells[0]}  {cells[1]}")


def _filler(size: int) -> str:
    """Paragraphs of about so many bytes in all, no two of them equal."""
    paragraphs: list[str] = []
    total = 0
    while total < size:
        number = len(paragraphs)
        paragraphs.append(
            f"<p>第{number}段：全年共办理行政复议案件{number}件，其中维持{number // 2}件。</p>\n"
        )
        total += len(paragraphs[-1].encode())
    return "".join(paragraphs)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("pages", nargs="?", type=Path, default=ROOT / "tests" / "golden")
    parser.add_argument("--sizes", action="store_true")
    parser.add_argument("--passes", type=int, default=5)
    options = parser.parse_args()
    paths = sorted(options.pages.rglob("*.html"))
    if not paths:
        sys.exit(f"bench: no .html files below {options.pages}")
    _compare(paths, options.passes)
    if options.sizes:
        _sizes(paths[0])


if __name__ == "__main__":
    main()
