"""Seconds of an analyst's questions about the panel and the timelines, at thirty thousand reports.

python bench/panel.py [--reports 30000]

Reports of counties over ten years, 40 made-up values each, are filled in by SQL. Then it is timed
how long choosing takes, and each question is asked three times as the reader role, of the panel as
it is kept and of one that is chosen on the spot; the fastest answer is printed.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from ingest.store.connection import Connection
from ingest.store.database import open_database
from ingest.store.migrate import migrate
from ingest.store.panel import keep_panel

YEARS, VALUES, BODY = 10, 40, 4000
FILL = """
insert into capture_contents (sha256, body, size)
select encode(sha256(number::text::bytea), 'hex'), number::text::bytea, 1
from generate_series(1, %(reports)s) as number;
insert into captures (url, requested_url, status, headers, sha256, fetched_at, last_seen_at)
select 'http://www.made-up.gov.test/' || number, 'http://www.made-up.gov.test/' || number,
    200, '[]', encode(sha256(number::text::bytea), 'hex'), now(), now()
from generate_series(1, %(reports)s) as number;
insert into reports (kind, identity, url, title, report_year, issuer, adcode, region_name,
    region_path, region_level, published_at, first_seen_at)
select 'fazhi', url, url, '法治政府建设情况报告', 2015 + captures.id %% %(years)s,
    name || case when captures.id / %(years)s %% 3 = 0 then '人民政府' else '司法局' end,
    adcode, name, array['某省', name], 'county',
    make_date(2016 + (captures.id %% %(years)s)::integer, 3, 1), now()
from captures
join (
    select row_number() over (order by adcode) as place, adcode, name
    from regions where level = 'county' and not zone and valid_to is null
) as division on division.place = 1 + captures.id / (%(years)s * 3) %% 2500;
insert into report_versions (report_id, version_number, capture_id, captured_at, extracted_at,
    ruleset, verdict_reason, fields, body, why, content_sha256, extraction_sha256)
select reports.id, 1, captures.id, now(), now(), 'made-up', 'title', '{}',
    (select string_agg('行政复议案件' || (random() * 1e6)::integer || '件。', '') from
        generate_series(1, %(body)s / 13 + reports.id %% 2)),
    '{}', 'x', 'x'
from reports join captures using (url);
update reports set current_version_id = report_versions.id
from report_versions where report_id = reports.id;
insert into indicator_values (version_id, position, kind, code, value, unit, period, evidence,
    start_offset, end_offset, rule, ruleset)
select report_versions.id, place, 'fazhi', code, report_versions.id %% 997 + place, '件',
    'this_year', '行政复议案件', place * 90, place * 90 + 6, 'made-up', 'made-up'
from report_versions, generate_series(1, %(values)s) as place
join (
    select row_number() over (order by position) as number, code
    from indicators where kind = 'fazhi'
) as known on known.number = 1 + place %% 30;
"""
PANEL = {
    "whole, with sentences": "select count(*), count(sentence) from {}",
    "whole, four columns": "select adcode, year, code, value from {}",
    "one indicator": "select * from {} where code = 'head_appearance_rate'",
    "one province": "select * from {} where adcode like '13%'",
    "one county": "select * from {} where adcode = '130102'",
    "indicator and year": "select * from {} where code = 'head_appearance_rate' and year = 2020",
    "means by year": (
        "select code, year, avg(value), count(*) from {} where doubtful is null group by code, year"
    ),
}
TIMELINES = {
    "one timeline": "select * from report_timeline where report_id = 77 order by at",
    "all of some years": "select count(*) from report_timeline where at >= '2020-01-01'",
}
ON_THE_SPOT = """(
    select now.*, sentence_at(body, start_offset, end_offset) as sentence
    from indicator_panel_now as now
    left join report_versions on report_versions.id = version_id
) as panel"""


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--reports", type=int, default=30_000)
    reports = parser.parse_args().reports
    base = Path(tempfile.mkdtemp(prefix="fz-"))
    base.chmod(0o755)
    try:
        with open_database(home=base / "home") as database:
            migrate(database)
            with database.connect() as connection:
                fill(connection, reports)
                keep(connection)
                ask(connection)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def fill(connection: Connection, reports: int) -> None:
    """Reports, versions and values."""
    values = {"reports": reports, "years": YEARS, "body": BODY, "values": VALUES}
    for statement in filter(str.strip, FILL.split(";")):
        connection.execute(statement, values)  # type: ignore[call-overload]
    connection.commit()
    connection.autocommit = True
    connection.execute("vacuum analyze")


def keep(connection: Connection) -> None:
    """All cells, as after an ingest of everything."""
    connection.autocommit = False
    began = time.perf_counter()
    notes = keep_panel(connection)
    seconds = time.perf_counter() - began
    connection.autocommit = True
    connection.execute("vacuum analyze")
    print(f"{notes} notes: kept in {seconds:.1f} s, {seconds / notes * 1000:.2f} ms each")


def ask(connection: Connection) -> None:
    """Each question of both."""
    connection.execute("set role fazhi_reader")
    print(f"{'question':<22} {'rows':>9} {'kept s':>9} {'chosen s':>9}")
    for name, question in PANEL.items():
        rows, kept = timed(connection, question.format("indicator_panel"))
        _, chosen = timed(connection, question.format(ON_THE_SPOT))
        print(f"{name:<22} {rows:>9} {kept:>9.3f} {chosen:>9.3f}")
    for name, question in TIMELINES.items():
        rows, seconds = timed(connection, question)
        print(f"{name:<22} {rows:>9} {seconds:>9.3f}")


def timed(connection: Connection, question: str) -> tuple[int, float]:
    """Rows of an answer, and the seconds of the fastest of three."""
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        rows = len(connection.execute(question).fetchall())  # type: ignore[call-overload]
        seconds.append(time.perf_counter() - began)
    return rows, min(seconds)


if __name__ == "__main__":
    main()
