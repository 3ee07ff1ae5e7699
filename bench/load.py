"""Pretend reports into the real schema, by COPY, for the search bench."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg
from corpus import Corpus, Pretend

from ingest.store.entries import array_literal
from ingest.terms import Entry, make_entry

BATCH = 500
REPORTS = """copy reports (
    id, kind, identity, title, report_year, issuer, adcode, region_name, region_path, region_level,
    region_zone, published_at, first_seen_at, current_version_id
) from stdin"""
VERSIONS = """copy report_versions (
    id, report_id, version_number, capture_id, captured_at, extracted_at, ruleset, verdict_reason,
    fields, body, why, content_sha256, extraction_sha256
) from stdin"""
SECTIONS = """copy sections (
    version_id, position, level, number, heading, role, start_offset, end_offset
) from stdin"""
ENTRIES = """copy search_entries (
    report_id, version_id, report_year, folds_from, folds_to, dictionary, terms
) from stdin"""
CAPTURE = """insert into capture_contents (sha256, body, size) values (repeat('0', 64), '', 0);
insert into captures (file_name, status, headers, sha256, fetched_at, last_seen_at, ingested_at)
values ('bench', 200, '[]', repeat('0', 64), now(), now(), now())"""
NOW = "2026-03-01"

_corpus: list[Corpus] = []


def connect(url: str) -> psycopg.Connection[Any]:
    """A connection that copies without looking up what each row refers to, and without waiting
    for the disk: what is measured is the same on both sides of every comparison."""
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("set session_replication_role = replica")
    connection.execute("set synchronous_commit = off")
    return connection


def load(url: str, count: int, *, workers: int = 2) -> None:
    """So many reports with their entries; the GIN index is made afterwards."""
    with connect(url) as connection:
        for statement in CAPTURE.split(";"):
            connection.execute(statement)
        connection.execute("drop index search_entries_terms")
    begin = time.monotonic()
    firsts = range(0, count, BATCH)
    jobs = [(url, first, min(BATCH, count - first)) for first in firsts]
    with ProcessPoolExecutor(workers) as pool:
        for done, _ in enumerate(pool.map(_load_batch, jobs), start=1):
            if done % 40 == 0:
                spent = time.monotonic() - begin
                print(f"  {done * BATCH:>9,} loaded, {done * BATCH / spent:,.0f}/s", flush=True)


def make_index(url: str, *, memory: str = "512MB") -> float:
    """The GIN index as the migration makes it; seconds."""
    with connect(url) as connection:
        connection.execute(f"set maintenance_work_mem = '{memory}'")
        begin = time.monotonic()
        connection.execute("create index search_entries_terms on search_entries using gin (terms)")
        seconds = time.monotonic() - begin
        connection.execute("vacuum analyze reports, report_versions, sections, search_entries")
    return seconds


def _load_batch(job: tuple[str, int, int]) -> None:
    url, first, count = job
    if not _corpus:
        _corpus.append(Corpus())
    made = [_corpus[0].report(number) for number in range(first, first + count)]
    with connect(url) as connection, connection.transaction():
        copy_reports(connection, made)
        copy_entries(connection, ((report, entry_of(report)) for report in made))


def entry_of(report: Pretend) -> Entry:
    """As the ingest worker makes it."""
    return make_entry(report.title, report.body, report.sections, report.region)


def copy_reports(connection: psycopg.Connection[Any], made: Sequence[Pretend]) -> None:
    """Reports, versions and sections; numbers from 1."""
    _copy(connection, REPORTS, map(_report, made))
    _copy(connection, VERSIONS, map(_version, made))
    _copy(connection, SECTIONS, itertools.chain.from_iterable(map(_sections, made)))


def copy_entries(
    connection: psycopg.Connection[Any], made: Iterable[tuple[Pretend, Entry]]
) -> None:
    """What they can be found by."""
    _copy(connection, ENTRIES, (_entry(report, entry) for report, entry in made))


def _copy(
    connection: psycopg.Connection[Any], statement: str, rows: Iterable[Sequence[object]]
) -> None:
    with connection.cursor().copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _report(report: Pretend) -> Sequence[object]:
    region, number = report.region, report.number + 1
    return (
        *(number, "fazhi", f"bench/{number}", report.title, report.year, report.issuer),
        *(region.adcode, region.name, list(region.path), region.level, region.zone),
        *(f"{report.year + 1}-03-01", NOW, number),
    )


def _version(report: Pretend) -> Sequence[object]:
    number = report.number + 1
    fields = json.dumps(
        {
            "title": report.title,
            "report_year": report.year,
            "issuer": report.issuer,
            "region": asdict(report.region),
        },
        ensure_ascii=False,
    )
    return (number, number, 1, 1, NOW, NOW, "bench", "bench", fields, report.body, "{}", "", "")


def _sections(report: Pretend) -> Iterator[Sequence[object]]:
    for position, part in enumerate(report.sections, start=1):
        role = part.role.value if part.role else None
        yield (
            *(report.number + 1, position, part.level, part.number, part.heading, role),
            *(part.start, part.end),
        )


def _entry(report: Pretend, entry: Entry) -> Sequence[object]:
    number = report.number + 1
    return (
        *(number, number, report.year, entry.folds_from, entry.folds_to, entry.dictionary),
        array_literal(entry.terms),
    )


def database_files(home: Path) -> int:
    """Bytes of everything below a home."""
    return sum(file.stat().st_size for file in home.rglob("*") if file.is_file())
