"""The whole chain: captures to searchable reports with figures and indicators, reports a second.

    python bench/chain.py [--captures 1000] [--workers 2] [--profile]

Pretend pages (bench/corpus.py in a page with navigation and footer) are stored as captures of the
embedded PostgreSQL; then so many worker processes ingest them, as `fazhi serve` does, once they
have read rules and dictionary. CPU is of the workers and of their database connections, which is
what a quiet machine would need; reports a second are of the clock. Each worker's memory is told
after every tenth of its share. --profile shows where one worker spends its time.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import logging
import pstats
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import NamedTuple

import structlog
from corpus import Corpus, Pretend
from memory import peak_megabytes, resident_megabytes

from crawler.capture import Capture
from ingest.extract import extract
from ingest.store.captures import store_capture
from ingest.store.database import Database, open_database
from ingest.store.migrate import migrate
from ingest.store.outcome import IngestSummary
from ingest.terms import make_entry
from ingest.worker import ingest_pending

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{year}-03-01 09:00">
<script>var a = 1;</script><style>p {{ margin: 0 }}</style></head><body>
<div class="top">{links}</div><div class="crumbs">首页 &gt; 政务公开 &gt; 法治政府建设</div>
<div class="article"><h1>{title}</h1><div class="info">发布时间：{year}-03-01 来源：{issuer}</div>
<div id="zoom">{paragraphs}<p style="text-align:right">{issuer}</p>
<p style="text-align:right">{year}年2月20日</p></div></div>
<div class="share">分享到</div><div class="foot">主办：{issuer} 网站标识码：3505810001</div>
</body></html>"""
LINKS = "".join(f'<a href="/col/{number}.html">栏目{number}</a>' for number in range(60))


def page(report: Pretend) -> bytes:
    """The report as a portal would show it."""
    paragraphs = "".join(f"<p>　　{escape(line)}</p>\n" for line in report.body.split("\n"))
    return PAGE.format(
        title=report.title,
        issuer=report.issuer,
        year=report.year + 1,
        paragraphs=paragraphs,
        links=LINKS,
    ).encode()


class Done(NamedTuple):
    """What a worker did: seconds of CPU, megabytes after so many captures and at most, profile."""

    seconds: float
    memory: tuple[tuple[int, float], ...]
    peak: float
    profile: str


def work(job: tuple[str, int, bool]) -> Done:
    """Ingest until nothing waits; memory is looked at after so many captures, time after time."""
    url, step, profiled = job
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    memory: list[tuple[int, float]] = []

    def look(summary: IngestSummary) -> None:
        if summary.captures % step == 0:
            memory.append((summary.captures, resident_megabytes()))

    profile = cProfile.Profile()
    begin = time.process_time()
    with open_database(url=url) as database:
        if profiled:
            profile.enable()
        ingest_pending(database, progress=look)
        profile.disable()
    spent = time.process_time() - begin
    told = io.StringIO()
    if profiled:
        pstats.Stats(profile, stream=told).sort_stats("cumulative").print_stats(
            r"(ingest|crawler)/|psycopg.*execute", 45
        )
    return Done(spent, tuple(memory), peak_megabytes(), told.getvalue())


def server_seconds(home: Path) -> float:
    """CPU that the server's processes, dead and alive, have taken (Linux)."""
    pid = int((home / "postgres" / "postmaster.pid").read_text().split("\n")[0])
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if stat.parent.name == str(pid):
            total += sum(map(int, fields[11:15]))
        elif fields[1] == str(pid):
            total += sum(map(int, fields[11:13]))
    return total / 100


@dataclass(frozen=True, slots=True)
class Spent:
    """What the ingesting took: seconds by the clock, and of CPU by workers and server."""

    clock: float
    workers: float
    server: float
    done: Sequence[Done]


def store(database: Database, pages: Iterable[bytes]) -> None:
    """The pages as captures that wait."""
    now = datetime.now(UTC)
    with database.connect() as connection:
        for number, content in enumerate(pages):
            url = f"http://bench.test/{number}.html"
            store_capture(connection, Capture(url, url, 200, (), content, now))
        connection.commit()


def ingest(
    database: Database, home: Path, captures: int, workers: int, example: bytes, *, profiled: bool
) -> Spent:
    """Ingest what waits by so many processes, which have read rules and dictionary before."""
    job = database.url, max(1, captures // workers // 10), profiled
    with ProcessPoolExecutor(workers, initializer=make_ready, initargs=(example,)) as pool:
        list(pool.map(time.sleep, [0.5] * workers))
        before, begin = server_seconds(home), time.monotonic()
        done = list(pool.map(work, [job] * workers))
        clock, served = time.monotonic() - begin, server_seconds(home) - before
    return Spent(clock, sum(each.seconds for each in done), served, done)


def make_ready(content: bytes) -> None:
    """What a worker does once in its life: a second and a half."""
    record = extract(content, name="bench")
    make_entry(record.title, record.body, record.sections, record.region)


def counts(database: Database) -> Sequence[int]:
    """Reports, searchable ones, figures, indicator values."""
    with database.connect() as connection:
        row = connection.execute(
            "select count(*), (select count(*) from search_entries), "
            "(select count(*) from figures), (select count(*) from indicator_values) from reports"
        ).fetchone()
    assert row is not None
    return row


def show(spent: Spent, found: Sequence[int], workers: int) -> None:
    """Reports a second, CPU and memory."""
    reports, searchable, figures, values = found
    print(
        f"{reports} reports, {searchable} searchable, {figures} figures, {values} indicator values"
    )
    print(f"{reports / spent.clock:.1f} reports/s by the clock with {workers} workers")
    print(
        f"CPU a report: workers {spent.workers / reports * 1000:.1f} ms, server "
        f"{spent.server / reports * 1000:.1f} ms: "
        f"{2 * reports / (spent.workers + spent.server):.1f} reports/s on two cores at most"
    )
    for done in spent.done:
        grown = ", ".join(f"{megabytes:.0f} at {count}" for count, megabytes in done.memory)
        print(f"memory of a worker, MB: {grown}; at most {done.peak:.0f}")
    print(spent.done[0].profile)


def main() -> None:
    """Make pages, ingest them, and tell what it took."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--captures", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    corpus = Corpus()
    pages = [page(corpus.report(number)) for number in range(min(100, options.captures))]
    begin = time.process_time()
    for content in pages:
        extract(content, name="bench")
    alone = (time.process_time() - begin) / len(pages)
    print(
        f"{options.captures} pages of {sum(map(len, pages)) / len(pages) / 1000:.1f} kB; "
        f"extract alone {alone * 1000:.1f} ms"
    )
    with tempfile.TemporaryDirectory(prefix="fazhi-chain-") as directory:
        Path(directory).chmod(0o755)
        home = Path(directory) / "home"
        with open_database(home=home) as database:
            migrate(database)
            store(database, (page(corpus.report(number)) for number in range(options.captures)))
            spent = ingest(
                database,
                home,
                options.captures,
                options.workers,
                pages[0],
                profiled=options.profile,
            )
            show(spent, counts(database), options.workers)


if __name__ == "__main__":
    main()
