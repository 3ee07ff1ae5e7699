"""How fast `extract` is: against trafilatura (text and metadata) and the bare parse, same pages.

    python bench/extract.py [PAGES_DIR] [--sizes]

Process time of one core, every tool on first sight of a page (each page gets a new comment, so
that no cache helps), median of the passes. trafilatura is a peer, not a dependency: without it its
column is left out (pip install trafilatura). PAGES_DIR holds .html files; without it the golden
cases of tests/ are used. --sizes shows that time is linear in the size of a page, up to 10 MB.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from ingest.decode import decode
from ingest.extract import Rules, extract

ROOT = Path(__file__).resolve().parent.parent
PASSES = 5


def _fresh(content: bytes, number: int) -> bytes:
    """The page with a comment that was not there before."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content
    return content + f"<!-- {number} {time.perf_counter_ns()} -->".encode()


def _time(run: Callable[[bytes], object], pages: list[bytes]) -> list[float]:
    """Seconds of process time for each page, the median of the passes."""
    rows = []
    for _ in range(PASSES):
        row = []
        for number, page in enumerate(pages):
            content = _fresh(page, number)
            begin = time.process_time()
            run(content)
            row.append(time.process_time() - begin)
        rows.append(row)
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def _trafilatura() -> Callable[[bytes], object] | None:
    try:
        from trafilatura import bare_extraction
    except ImportError:
        return None

    def run(content: bytes) -> object:
        return bare_extraction(decode(content).text, with_metadata=True, include_comments=False)

    return run


def _compare(paths: list[Path]) -> None:
    pages = [path.read_bytes() for path in paths]
    rules = Rules.load()
    tools: dict[str, Callable[[bytes], object]] = {
        "extract": lambda content: extract(content, name="bench", rules=rules),
        "bare lexbor parse": lambda content: LexborHTMLParser(decode(content).text),
    }
    peer = _trafilatura()
    if peer is not None:
        tools["trafilatura"] = peer
    times = {name: _time(run, pages) for name, run in tools.items()}
    own = sum(times["extract"])
    size = sum(map(len, pages))
    print(f"{len(pages)} pages, {size / 1e6:.1f} MB, {PASSES} passes, process time")
    for name, row in times.items():
        mean, ratio = sum(row) / len(row) * 1000, sum(row) / own
        print(f"  {name:18} {mean:8.2f} ms a page   {ratio:7.2f} x extract")
    worst = sorted(zip(times["extract"], times["bare lexbor parse"], paths, strict=True))[-5:]
    print("  slowest pages (extract ms, ratio to the bare parse):")
    for seconds, bare, path in reversed(worst):
        print(f"    {path.name:16} {seconds * 1000:7.2f}  {seconds / max(bare, 1e-6):6.1f}")


def _sizes(path: Path) -> None:
    """One page's paragraphs repeated: time over size must stay flat."""
    rules = Rules.load()
    text = decode(path.read_bytes()).text
    print(f"growing {path.name}:")
    for target in (100_000, 300_000, 1_000_000, 3_000_000, 10_000_000):
        filler = "".join(
            f"<p>第{number}段：全年共办理行政复议案件{number}件，其中维持{number // 2}件。</p>\n"
            for number in range(target // 110)
        )
        page = text.replace("</p>", "</p>" + filler, 1).encode()
        begin = time.process_time()
        extract(page, name="bench", rules=rules)
        seconds = time.process_time() - begin
        size, rate = len(page) / 1e6, seconds * 1e9 / len(page)
        print(f"  {size:6.2f} MB  {seconds * 1000:9.1f} ms  {rate:7.1f} ns a byte")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("pages", nargs="?", type=Path, default=ROOT / "tests" / "golden")
    parser.add_argument("--sizes", action="store_true")
    options = parser.parse_args()
    paths = sorted(options.pages.rglob("*.html"))
    if not paths:
        sys.exit(f"bench: no .html files below {options.pages}")
    _compare(paths)
    if options.sizes:
        _sizes(paths[0])


if __name__ == "__main__":
    main()
