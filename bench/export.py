"""Memory and time of an export, at ten thousand and at a million rows: it must not grow.

python bench/export.py [--rows 1000000] [--formats csv,jsonl,parquet,dta,xlsx]

Figures of made-up reports are filled in by SQL; then `fazhi export figures` runs as a process of
its own, and the most memory it ever had is read from the kernel.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ingest.store.database import open_database
from ingest.store.migrate import migrate

FIGURES_A_REPORT = 100
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
select 'fazhi', url, url, '法治政府建设情况报告' || id, 2015 + id %% 10, '某县人民政府', '350581',
    '石狮市', '{福建省,泉州市,石狮市}', 'county', '2025-03-01', now()
from captures;
insert into report_versions (report_id, version_number, capture_id, captured_at, extracted_at,
    ruleset, verdict_reason, fields, body, why, content_sha256, extraction_sha256)
select reports.id, 1, captures.id, now(), now(),
    'made-up', 'title', '{}', '正文', '{}', 'x', 'x'
from reports join captures using (url);
update reports set current_version_id = report_versions.id
from report_versions where report_id = reports.id;
insert into figures (version_id, position, kind, value, unit, subject, evidence, start_offset,
    end_offset, rule, ruleset)
select id, position, 'fazhi', id * position, '件', '行政复议案件',
    '办理行政复议案件' || position || '件', position, position + 12, 'made-up', 'made-up'
from report_versions, generate_series(1, %(figures)s) as position;
"""
RUN = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
sys.stderr.write(done.stderr)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss, used.ru_utime + used.ru_stime, done.returncode)
"""


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--formats", default="csv,jsonl,parquet,dta,xlsx")
    chosen = parser.parse_args()
    print(f"{'format':<8} {'rows':>10} {'seconds':>8} {'CPU s':>7} {'most MB':>8} {'file MB':>8}")
    for rows in (chosen.rows // 100, chosen.rows):
        base = Path(tempfile.mkdtemp(prefix="fz-"))
        base.chmod(0o755)
        try:
            _fill(base / "home", rows)
            for name in chosen.formats.split(","):
                _measure(base, name)
        finally:
            shutil.rmtree(base, ignore_errors=True)


def _fill(home: Path, rows: int) -> None:
    with open_database(home=home) as database:
        migrate(database)
        with database.connect() as connection:
            values = {"reports": rows // FIGURES_A_REPORT, "figures": FIGURES_A_REPORT}
            for statement in filter(str.strip, FILL.split(";")):
                connection.execute(statement, values)  # type: ignore[call-overload]
            connection.commit()
            connection.autocommit = True
            connection.execute("analyze")


def _measure(base: Path, name: str) -> None:
    out = base / f"figures.{name}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FAZHI_")}
    environment["FAZHI_HOME"] = str(base / "home")
    began = time.monotonic()
    command = [sys.executable, "-m", "scheduler", "export", "figures", "-o", str(out)]
    told = subprocess.run(
        [sys.executable, "-c", RUN, *command],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = time.monotonic() - began
    memory, cpu, code = told.stdout.split()
    if code != "0":
        raise SystemExit(told.stderr)
    rows = told.stderr.split(" rows", maxsplit=1)[0]
    print(
        f"{name:<8} {rows:>10} {seconds:>8.1f} {float(cpu):>7.1f} {int(memory) / 1024:>8.0f} "
        f"{out.stat().st_size / 1e6:>8.1f}"
    )


if __name__ == "__main__":
    main()
