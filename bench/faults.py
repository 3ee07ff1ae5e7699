"""Every fault there is, crawled over real HTTP: the name it got, and whether a record was lost.

    python bench/faults.py [--seed N] [--json] [--only ID ...]

A record (a report of a pretend portal) is `captured` if the bytes that were kept are understood as
that report, whole; `named` if its address, or the visit, has a failure; else it is `lost`. The
delays, time-outs and bounds are scaled: 0.01 s between requests, 6 s for an answer, 1 MB a body.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crawler.crawl import crawl_portal, run_in_reactor
from crawler.outcome import CrawlOutcome
from crawler.portals import row_of
from crawler.simulator import start_simulator
from crawler.simulator.content import Article, Site
from crawler.simulator.fault_list import FAULTS
from crawler.simulator.faults import Fault, site_of
from crawler.simulator.replies import PretendPortal
from ingest.extract import Rules, extract

SCALED = {"FAZHI_DELAY": 0.01, "DOWNLOAD_TIMEOUT": 6, "DOWNLOAD_MAXSIZE": 1_000_000}


@dataclass(frozen=True)
class Row:
    """One fault, and what became of it."""

    fault: str
    what: str
    expected: tuple[str, ...]
    got: tuple[str, ...]
    retried: tuple[str, ...]
    reason: str
    requests: int
    records: int
    captured: int
    named: int
    lost: int
    versions: int
    """Captures of reports: more than records where a page was edited."""
    right: bool


def main() -> int:
    """Crawl, print the table; exit code 1 if a fault has a wrong name or a record was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", nargs="*", default=None, help="ids of faults")
    given = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    faults = [fault for fault in FAULTS if given.only is None or fault.id in given.only]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, start_simulator(faults=given.seed) as simulator:
        settings = {**SCALED, "FAZHI_SIMULATOR": simulator.address, "LOG_ENABLED": False}
        outcomes = run_in_reactor(lambda: crawl_all(faults, settings, Path(folder)))
        rules = Rules.load()
        rows = [judge(f, outcomes[f.id], Path(folder) / f.id, rules) for f in faults]
    seconds = time.monotonic() - began
    if given.json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
    else:
        show(rows, given.seed, seconds)
    return 0 if all(row.right and not row.lost for row in rows) else 1


async def crawl_all(
    faults: list[Fault], settings: dict[str, Any], folder: Path
) -> dict[str, list[CrawlOutcome]]:
    """All portals side by side; the outcomes of each one's visits."""

    async def visit(fault: Fault) -> list[CrawlOutcome]:
        portal = site_of(fault).portal
        own = {"FAZHI_PORTAL": row_of(portal), "FAZHI_HOME": str(folder / fault.id)}
        return [
            await crawl_portal(portal.id, run_id=None, settings={**settings, **own})
            for _ in range(fault.visits)
        ]

    done = await asyncio.gather(*(visit(fault) for fault in faults))
    return {fault.id: outcomes for fault, outcomes in zip(faults, done, strict=True)}


def judge(fault: Fault, outcomes: list[CrawlOutcome], home: Path, rules: Rules) -> Row:
    """What the crawls say of a fault, against what the portal holds."""
    site = site_of(fault)
    kept = read_captures(home / "captures", rules)
    missed = [f for outcome in outcomes for f in outcome.failures if not f.aside]
    addresses = {failure.url.split("://", 1)[1] for failure in missed}
    captured = [report for report in site.reports if is_kept(report, kept)]
    whole = outcomes[-1].state == "failed" and outcomes[-1].reason != "internal_error"
    named = [
        report
        for report in site.reports
        if report not in captured and (whole or addresses & ways_to(report, site))
    ]
    got = tuple(sorted({failure.reason for failure in missed}))
    retried = tuple(sorted({name for outcome in outcomes for name, _ in outcome.retries}))
    # On a slow machine a good answer may be late, and is asked for again.
    right = set(fault.names) <= set(retried) if fault.passing else got == fault.names
    return Row(
        *(fault.id, fault.what, fault.names, got, retried, outcomes[-1].reason),
        requests=sum(outcome.requests for outcome in outcomes),
        records=len(site.reports),
        captured=len(captured),
        named=len(named),
        lost=len(site.reports) - len(captured) - len(named),
        versions=sum(record.verdict == "report" for record in kept),
        right=right and not (fault.passing and got),
    )


def ways_to(report: Article, site: Site) -> set[str]:
    """Addresses without which a report cannot be had: its own, and the listing page it is on."""
    look, column = PretendPortal(site).look, site.columns[-1]
    listing = column.articles.index(report) // site.look["page_size"] + 1
    paths = look.path_of(column, report), look.column_path(column, listing)
    return {site.portal.host + path for path in paths}


def is_kept(report: Any, kept: list[Any]) -> bool:
    """Whether some capture is understood as this report, from its first line to its last."""
    ends = report.paragraphs[0], report.paragraphs[-1]
    return any(
        record.title == report.title and record.body and all(end in record.body for end in ends)
        for record in kept
    )


def read_captures(folder: Path, rules: Rules) -> list[Any]:
    """The records of all captures of a portal."""
    records = []
    for file in sorted(folder.glob("*.json")):
        about = json.loads(file.read_text(encoding="utf-8"))
        headers = {name.lower(): value for name, value in about["headers"]}
        records.append(
            extract(
                (folder / about["sha256"]).read_bytes(),
                name=file.name,
                url=about["url"],
                media_type=headers.get("content-type"),
                rules=rules,
            )
        )
    return records


def show(rows: list[Row], seed: int, seconds: float) -> None:
    """The table, in Markdown."""
    print(f"seed {seed}, {len(rows)} faults, {seconds:.0f} s\n")
    print(
        "| fault | what | name it got | tried again | visit | records | captured | named | lost |"
    )
    print("|---|---|---|---|---|---:|---:|---:|---:|")
    for row in rows:
        sign = "" if row.right else f" **(expected {', '.join(row.expected) or 'none'})**"
        got = (", ".join(row.got) or "none") + sign
        cells = (row.fault, row.what, got, ", ".join(row.retried), row.reason)
        numbers = (row.records, row.captured, row.named, row.lost)
        print("| " + " | ".join(map(str, (*cells, *numbers))) + " |")
    wrong = sum(not row.right for row in rows)
    print(f"\nwrong names: {wrong}, lost records: {sum(row.lost for row in rows)}")


if __name__ == "__main__":
    sys.exit(main())
