"""Search at any size: how fast a page comes, against LIKE in the same run; sizes; ingest.

    python bench/search.py --reports 1000000 --home /var/tmp/fazhi-bench [--workers 2] [--explain]

Makes pretend reports (bench/corpus.py) in an embedded PostgreSQL below --home; the next run with
the same home makes only what is missing, so that 10,000 grow into 100,000, and a run that was cut
off goes on. Times are of the client, after two runs that warm the cache; on a busy machine believe
only the ratios.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import load
from corpus import Corpus

from ingest.store.connection import Connection
from ingest.store.database import Database, open_database
from ingest.store.migrate import migrate
from ingest.store.search import search
from ingest.tokens import count_words, fold, segment

SAMPLE = 2_000
QUERIES = 20
REPEATS = 3
STEP = 250
"""Reports that are made at a time while others are copied."""
SERVER = {"max_wal_size": "4GB", "checkpoint_timeout": "30min", "autovacuum": "off"}
"""Nothing of its own accord may fall into a measurement. Memory is as the product has it."""
LIKE = """select report.id from reports as report
join report_versions as version on version.id = report.current_version_id
where version.body like %s order by report.report_year desc, report.id limit 20"""
SIZES = """select
    (select count(*) from reports),
    (select sum(octet_length(body)) from report_versions),
    (select sum(pg_relation_size(relid)) from pg_partition_tree('search_entries_terms')),
    (select sum(pg_table_size(relid)) from pg_partition_tree('search_entries')),
    pg_table_size('report_versions')"""

CONDITION = """select search_condition(1, words, runs) || search_side_by_side(runs, words) from (
    select array_agg(distinct word) filter (where word is not null) as words,
        coalesce(array_agg(distinct run) filter (where run is not null), '{}') as runs
    from search_terms(%s) as term
    left join unnest(term.words) as word on true
    left join unnest(term.runs) as run on true
) as asked"""
"""What the words of a query must hold anywhere, as the third try of a search has it."""
MERGE = """select gin_clean_pending_list(relid) from pg_partition_tree('search_entries_terms')
where isleaf"""
"""Rows that wait in GIN's list go into the index itself."""


def queries(corpus: Corpus) -> dict[str, list[str]]:
    """Queries of each kind, by how many of the first reports hold their words."""
    texts = [fold(corpus.report(number).body) for number in range(SAMPLE)]
    held = Counter[str]()
    for text in texts:
        held.update(word for word in count_words(text) if len(word) > 1 and not word.isascii())
    chance = random.Random(5)
    by_kind = {
        "common word": [word for word, count in held.items() if count > SAMPLE * 0.3],
        "middling word": [
            word for word, count in held.items() if SAMPLE * 0.005 < count < SAMPLE * 0.02
        ],
        "rare word": [word for word, count in held.items() if count == 1],
    }
    chosen = {
        kind: chance.sample(sorted(words), min(QUERIES, len(words)))
        for kind, words in by_kind.items()
    }
    pairs = list(_pairs_of_words(texts, chance))
    chosen["two words"] = [f"{first} {second}" for first, second in pairs]
    chosen["phrase"] = [f'"{first}{second}"' for first, second in _pairs_of_words(texts, chance)]
    chosen["any run"] = list(_runs(texts, chance))
    return chosen


def _pairs_of_words(texts: Sequence[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    """Two words that stand side by side somewhere."""
    for text in chance.sample(texts, QUERIES):
        while True:
            begin = chance.randrange(len(text) - 30)
            words = segment(text[begin : begin + 20].split("，")[0].split("。")[0])[1:-1]
            if len(words) >= 2 and all(len(word) > 1 for word in words[:2]):
                yield words[0], words[1]
                break


def _runs(texts: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Two to six characters from anywhere, across words or not."""
    for text in chance.sample(texts, QUERIES):
        run = ""
        while not run.isalnum():
            begin = chance.randrange(len(text) - 6)
            run = text[begin : begin + chance.randint(2, 6)]
        yield f'"{run}"'


def measure(database: Database, corpus: Corpus) -> None:
    """The table of times."""
    print("\nfirst page of 20, ms          p50      p95     LIKE   LIKE / p95     hits (median)")
    with database.connect(autocommit=True) as connection:
        for kind, asked in queries(corpus).items():
            times, hits = [], []
            for query in asked:
                for _ in range(2):
                    found = search(connection, query)
                for _ in range(REPEATS):
                    begin = time.perf_counter()
                    search(connection, query)
                    times.append((time.perf_counter() - begin) * 1000)
                hits.append(len(found))
            slow = statistics.median(_like(connection, query) for query in asked[:1])
            high = statistics.quantiles(times, n=20)[-1]
            print(
                f"{kind:22} {statistics.median(times):10.1f} {high:8.1f} {slow:8.0f} "
                f"{slow / high:10.0f} {statistics.median(hits):14.0f}",
                flush=True,
            )


def _like(connection: Connection, query: str) -> float:
    """Milliseconds of the same page by LIKE: the first word or the phrase, newest first."""
    needle = query.split(" ", 1)[0].strip('"')
    begin = time.perf_counter()
    connection.execute(LIKE.encode(), (f"%{needle}%",)).fetchall()
    return (time.perf_counter() - begin) * 1000


def sizes(database: Database) -> None:
    """The table of sizes."""
    with database.connect() as connection:
        row = connection.execute(SIZES.encode()).fetchone()
    assert row is not None
    reports, text, index, entries, versions = map(float, row)
    print(
        f"\n{reports:,.0f} reports, {text / 1e9:.2f} GB of text ({text / reports:,.0f} bytes each)"
    )
    for name, size in (("GIN index", index), ("entries", entries), ("versions", versions)):
        print(f"  {name:10} {size / 1e9:7.2f} GB {size / text:7.1%} of the text")


def ingest(url: str, first: int, *, count: int = 2_000, rounds: int = 3) -> None:
    """Ready rows by COPY into the indexed tables, against the same with the words to be found: by
    one process beside the one that copies, a batch ahead of it. Each turn ends when its rows are in
    the index itself, not only in the list of those that wait for it."""
    bare, whole = [], []
    with load.connect(url) as connection, ProcessPoolExecutor(1) as maker:
        maker.submit(load.make, 0, 1).result()  # dictionary and pools are read once
        _forget(connection, first)  # what a run left that was cut off
        for turn in range(rounds * 2):
            firsts = range(first + turn * count, first + (turn + 1) * count, STEP)
            begin = time.perf_counter()
            batches = maker.map(load.make, firsts, repeat(STEP))
            if turn % 2 == 0:
                batches = iter(list(batches))
                begin = time.perf_counter()
            with connection.transaction():
                for made in batches:
                    load.copy(connection, made)
            connection.execute(MERGE.encode())
            (whole if turn % 2 else bare).append((time.perf_counter() - begin) * 1000 / count)
        _forget(connection, first)
    print("\ningest into the indexed tables, ms a report")
    for name, turns in (("bare COPY", bare), ("with the words to be found", whole)):
        print(f"  {name:28} {min(turns):6.2f} (turns: {', '.join(f'{ms:.2f}' for ms in turns)})")
    print(f"  {min(bare) / min(whole):.0%} of bare COPY")


def _forget(connection: Connection, first: int) -> None:
    for table, column in (
        *(("search_entries", "report_id"), ("sections", "version_id")),
        *(("report_versions", "id"), ("reports", "id")),
    ):
        connection.execute(f"delete from {table} where {column} > %s".encode(), (first,))
    connection.execute("vacuum search_entries")


def explain(database: Database, corpus: Corpus) -> None:
    """How PostgreSQL finds the candidates of one query of each kind: each word anywhere."""
    with database.connect(autocommit=True) as connection:
        connection.execute("set enable_seqscan = off")
        for kind, asked in queries(corpus).items():
            row = connection.execute(CONDITION.encode(), (asked[0],)).fetchone()
            assert row is not None
            statement = (
                f"select report_id from search_entries as entry where true{row[0]} limit 100"
            )
            print(f"\n{kind}: {asked[0]}\n{statement}")
            for (line,) in connection.execute(
                f"explain (analyze, buffers) {statement}".encode()
            ).fetchall():
                print(f"  {line}")


def main() -> None:
    """Load if need be, then print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--explain", action="store_true")
    options = parser.parse_args()
    corpus = Corpus()
    with open_database(home=options.home) as database:
        migrate(database)
        with load.connect(database.url) as connection:
            for name, value in SERVER.items():
                connection.execute(f"alter system set {name} = '{value}'")
            connection.execute("select pg_reload_conf()")
        load.load(database.url, options.reports, workers=options.workers)
        sizes(database)
        measure(database, corpus)
        ingest(database.url, options.reports)
        if options.explain:
            explain(database, corpus)


if __name__ == "__main__":
    main()
