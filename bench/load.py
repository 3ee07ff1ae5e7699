"""Pretend reports into the real schema, by COPY, for the search bench.

A batch is one transaction, so that a load that was cut off goes on where it was, and a small one
grows into a large one: what is there is not made again. Workers make reports and their entries
before they open the transaction.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict

import psycopg
from corpus import Corpus, Pretend

from ingest.store.connection import Connection
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
) from stdin (format binary)"""
ENTRY_TYPES = ("int8", "int8", "int4", "text", "text", "text", "int4[]")
CAPTURE = """insert into capture_contents (sha256, body, size) values (repeat('0', 64), '', 0)
on conflict do nothing;
insert into captures (file_name, status, headers, sha256, fetched_at, last_seen_at, ingested_at)
select 'bench', 200, '[]', repeat('0', 64), now(), now(), now()
where not exists (select from captures)"""
INDEX = "search_entries_terms"
UNINDEXED = """select inhrelid::regclass::text, relname || '_terms'
from pg_inherits join pg_class on pg_class.oid = inhrelid
where inhparent = 'search_entries'::regclass and not exists (
    select from pg_index where indrelid = inhrelid and indexrelid in (
        select relid from pg_partition_tree(%s) where relid <> %s::regclass
    )
)"""
TABLES = "reports, report_versions, sections, search_entries"
NOW = "2026-03-01"

_corpus: list[Corpus] = []


def connect(url: str) -> Connection:
    """A connection that copies without looking up what each row refers to, and without waiting
    for the disk: what is measured is the same on both sides of every comparison."""
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("set session_replication_role = replica")
    connection.execute("set synchronous_commit = off")
    return connection


def load(url: str, count: int, *, workers: int = 2) -> None:
    """See that so many reports are there with their entries, and the GIN index, made afterwards."""
    missing = _missing(url, count)
    with connect(url) as connection:
        if missing:
            for statement in CAPTURE.split(";"):
                connection.execute(statement)
            connection.execute(f"drop index if exists {INDEX}".encode())
            _load(url, missing, workers)
    make_index(url)


def _missing(url: str, count: int) -> list[int]:
    """The first number of each batch that is not there."""
    with connect(url) as connection:
        rows = connection.execute("select distinct (id - 1) / %s from reports", (BATCH,)).fetchall()
    there = {batch for (batch,) in rows}
    return [first for first in range(0, count, BATCH) if first // BATCH not in there]


def _load(url: str, firsts: Sequence[int], workers: int) -> None:
    begin = time.monotonic()
    with ProcessPoolExecutor(workers) as pool:
        for done, _ in enumerate(pool.map(_load_batch, itertools.repeat(url), firsts), start=1):
            if done % 40 == 0 or done == len(firsts):
                spent = time.monotonic() - begin
                print(
                    f"  {done * BATCH:>9,} loaded in {spent:,.0f} s, {done * BATCH / spent:,.0f}/s",
                    flush=True,
                )


def make_index(url: str, *, memory: str = "1GB", sessions: int = 2) -> None:
    """The GIN index as the migration makes it, so many years at a time; what is there stays."""
    begin = time.monotonic()
    with connect(url) as connection:
        connection.execute(
            f"create index if not exists {INDEX} on only search_entries using gin (terms)".encode()
        )
        unfinished = connection.execute(UNINDEXED, (INDEX, INDEX)).fetchall()
        with ThreadPoolExecutor(sessions) as pool:
            years = [pool.submit(_index_year, url, memory, *each) for each in unfinished]
            for (part, name), year in zip(unfinished, years, strict=True):
                year.result()
                connection.execute(f"alter index {INDEX} attach partition search_years.{name}")
                print(f"  {part} indexed at {time.monotonic() - begin:,.0f} s", flush=True)
        if unfinished:
            connection.execute("vacuum (analyze, process_toast false) " + TABLES)


def _index_year(url: str, memory: str, part: str, name: str) -> None:
    with connect(url) as connection:
        connection.execute("select set_config('maintenance_work_mem', %s, false)", (memory,))
        connection.execute("set max_parallel_maintenance_workers = 0")
        connection.execute(f"create index if not exists {name} on {part} using gin (terms)")


def _load_batch(url: str, first: int) -> None:
    made = make(first, BATCH)
    with connect(url) as connection, connection.transaction():
        copy(connection, made)


def make(first: int, count: int) -> list[tuple[Pretend, Entry]]:
    """Reports and their entries; in a worker process."""
    if not _corpus:
        _corpus.append(Corpus())
    reports = [_corpus[0].report(number) for number in range(first, first + count)]
    return [(report, entry_of(report)) for report in reports]


def entry_of(report: Pretend) -> Entry:
    """As the ingest worker makes it."""
    return make_entry(report.title, report.body, report.sections, report.region)


def copy(connection: Connection, made: Sequence[tuple[Pretend, Entry]]) -> None:
    """Reports, versions, sections and what they can be found by; numbers from 1."""
    reports = [report for report, _ in made]
    _copy(connection, REPORTS, map(_report, reports))
    _copy(connection, VERSIONS, map(_version, reports))
    _copy(connection, SECTIONS, itertools.chain.from_iterable(map(_sections, reports)))
    _copy(connection, ENTRIES, itertools.starmap(_entry, made), ENTRY_TYPES)


def _copy(
    connection: Connection,
    statement: str,
    rows: Iterable[Sequence[object]],
    types: Sequence[str] = (),
) -> None:
    with connection.cursor().copy(statement.encode()) as copying:
        if types:
            copying.set_types(types)
        for row in rows:
            copying.write_row(row)


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
        entry.terms,
    )
