"""The ingest worker: whatever one capture holds, the batch goes on."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from typing import Any

import pytest
import structlog
from stand_in import Chain

from ingest.errors import DatabaseUnavailableError
from ingest.extract import Rules
from ingest.records import Record
from ingest.store.captures import count_pending, store_capture
from ingest.store.database import Database
from ingest.store.outcome import IngestSummary
from ingest.store.queries import list_rejects, list_reports
from ingest.worker import ingest_pending

KILLED_WORKER = """
import sys, time
import structlog
from ingest import worker
from ingest.records import Record, Verdict
from ingest.store.database import open_database
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
def extract(content, *, name, **_):
    if content == b"report c":
        print("in the middle", flush=True)
        time.sleep(600)
    return Record(name, None, "fazhi", Verdict.REPORT, "rule")
worker.ingest_pending(open_database(url=sys.argv[1]), extract=extract)
"""


def fill(connection: Any, capture: Any, *pages: str) -> None:
    for number, page in enumerate(pages):
        store_capture(connection, capture(f"{number}.html", body=page.encode()))
    connection.commit()


def test_every_pending_capture_becomes_a_report_or_a_reject(
    database: Database, connection: Any, capture: Any, chain: Chain
) -> None:
    fill(connection, capture, "report a", "verdict not_report", "verdict challenge", "report b")
    summary = ingest_pending(database, batch=3, extract=chain)
    assert summary == IngestSummary(captures=4, reports=2, rejects=2)
    assert count_pending(connection) == 0
    assert {row.verdict for row in list_rejects(connection)} == {"not_report", "challenge"}
    assert ingest_pending(database, extract=chain) == IngestSummary()


def test_a_capture_that_breaks_the_chain_is_a_reject_and_the_batch_goes_on(
    database: Database, connection: Any, capture: Any, chain: Chain
) -> None:
    fill(connection, capture, "report a", "raise KeyError", "raise MemoryError", "report b")
    with structlog.testing.capture_logs() as logs:
        summary = ingest_pending(database, extract=chain)
    assert (summary.reports, summary.rejects) == (2, 2)
    assert sorted(row.reason for row in list_rejects(connection)) == [
        "internal_error: KeyError",
        "internal_error: MemoryError",
    ]
    broken = [line for line in logs if line["log_level"] == "error"]
    assert [line["portal"] for line in broken] == ["demo-qinghe", "demo-qinghe"]


def test_what_a_fault_of_the_program_rejected_is_tried_again_once_the_program_is_another(
    database: Database, connection: Any, capture: Any, chain: Chain, monkeypatch: Any
) -> None:
    fill(connection, capture, "raise KeyError")
    ingest_pending(database, extract=chain)
    assert ingest_pending(database, extract=chain) == IngestSummary()
    rules = Rules.load()
    monkeypatch.setattr(Rules, "load", lambda: replace(rules, version="mended"))

    def mended(content: bytes, *, name: str, **_: Any) -> Record:
        made: Record = chain.record(title="报告")
        return made

    assert ingest_pending(database, extract=mended).reports == 1
    assert list_rejects(connection) == []


def test_a_record_the_database_refuses_is_a_reject_and_leaves_nothing(
    database: Database, connection: Any, capture: Any, chain: Chain
) -> None:
    fill(connection, capture, "report a", "date 2026-02-31", "report b")
    assert ingest_pending(database, extract=chain).reports == 2
    [reject] = list_rejects(connection)
    assert reject.reason == "internal_error: DatetimeFieldOverflow"
    assert connection.execute("select count(*) from report_versions").fetchone() == (2,)


def test_progress_is_told_after_every_capture(
    database: Database, connection: Any, capture: Any, chain: Chain
) -> None:
    fill(connection, capture, "report a", "verdict not_report", "report b")
    told: list[int] = []
    ingest_pending(
        database, batch=2, extract=chain, progress=lambda done: told.append(done.captures)
    )
    assert told == [1, 2, 3]


def test_workers_at_once_share_the_captures(
    database: Database, connection: Any, capture: Any, record: Any
) -> None:
    fill(connection, capture, *(f"report {number}" for number in range(40)))
    chains = [Chain(record) for _ in range(3)]
    workers = [
        threading.Thread(target=ingest_pending, args=(database,), kwargs={"batch": 4, "extract": c})
        for c in chains
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seen = [name for chain in chains for name in chain.seen]
    assert len(seen) == len(set(seen)) == 40
    assert len(list_reports(connection)) == 40


def test_workers_that_meet_at_the_same_reports_both_finish(
    database: Database, connection: Any, capture: Any, record: Any
) -> None:
    """Two captures of each report, in opposite order: the batches lock each other's reports."""
    order = [*range(20), *reversed(range(20))]
    for turn, number in enumerate(order):
        page = capture(f"{number}.html", body=f"report {turn // 20}".encode(), days=turn // 20)
        store_capture(connection, page)
    connection.commit()
    together = threading.Barrier(2, timeout=60)

    def work() -> None:
        together.wait()
        ingest_pending(database, batch=20, extract=Chain(record))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert count_pending(connection) == 0
    assert len(list_reports(connection)) == 20


def test_what_a_killed_worker_held_waits_for_the_next(
    database: Database, connection: Any, capture: Any, chain: Chain
) -> None:
    fill(connection, capture, "report a", "report b", "report c", "report d")
    command = [sys.executable, "-c", KILLED_WORKER, database.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in the middle\n"
        process.kill()
    assert count_pending(connection) == 4
    while (done := ingest_pending(database, extract=chain).captures) == 0:
        pass  # until the server has noticed that the worker is gone
    assert done == 4


def test_a_server_that_goes_away_ends_the_work_in_one_line(
    database: Database, server: Any, connection: Any, capture: Any, record: Any
) -> None:
    fill(connection, capture, "report a", "report b")

    def extract(content: bytes, **_: Any) -> Record:
        server.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where state = 'idle in transaction'"
        )
        made: Record = record()
        return made

    with pytest.raises(DatabaseUnavailableError, match="run the command again"):
        ingest_pending(database, extract=extract)
    with database.connect() as fresh:
        assert count_pending(fresh) == 2


def test_hopeless_pages_become_rejects_with_a_reason(
    database: Database, connection: Any, capture: Any
) -> None:
    pages = {
        "empty": b"",
        "binary": bytes(range(256)) * 64,
        "huge": b"<p>" + "法".encode() * (17 * 2**20),
        "deep": b"<div>" * 10_000 + "法治政府建设年度报告".encode(),
    }
    for name, body in pages.items():
        store_capture(connection, capture(f"{name}.html", body=body))
    connection.commit()
    summary = ingest_pending(database)
    assert (summary.captures, summary.rejects) == (4, 4)
    for reject in list_rejects(connection):
        assert reject.verdict == "unreadable", reject
        assert not reject.reason.startswith("internal_error"), reject


DEADLY = """
import os, sys
import structlog
from ingest import worker
from ingest.records import Record, Verdict
from ingest.store.database import open_database
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
def extract(content, *, name, **_):
    if content == b"deadly":
        os.kill(os.getpid(), 9)
    return Record(name, None, "fazhi", Verdict.REPORT, "rule", title=content.decode())
worker.ingest_pending(open_database(url=sys.argv[1]), extract=extract)
"""


def test_a_capture_that_takes_its_worker_down_is_given_up_and_the_others_come_through(
    database: Database, connection: Any, capture: Any
) -> None:
    fill(connection, capture, "report a", "deadly", "report b", "report c")
    ends = []
    for _ in range(6):
        done = subprocess.run(
            [sys.executable, "-c", DEADLY, database.url], capture_output=True, check=False
        )
        ends.append(done.returncode)
        if not done.returncode:
            break
    assert ends == [-9, -9, -9, 0]
    assert count_pending(connection) == 0
    assert len(list_reports(connection)) == 3
    (reject,) = list_rejects(connection)
    assert reject.verdict == "unreadable"
    assert reject.reason == "internal_error: 3 workers ended while reading it"
    assert connection.execute("select count(*) from ingest_attempts").fetchone() == (0,)


def test_a_worker_that_is_told_to_stop_blames_no_capture(
    database: Database, connection: Any, capture: Any, chain: Chain
) -> None:
    fill(connection, capture, "report a", "report b")

    def stop(_: IngestSummary) -> None:
        raise KeyboardInterrupt

    for _ in range(5):
        with pytest.raises(KeyboardInterrupt):
            ingest_pending(database, extract=chain, progress=stop)
        assert connection.execute("select count(*) from ingest_attempts").fetchone() == (0,)
        connection.rollback()
    assert ingest_pending(database, extract=chain).reports == 2


def test_a_worker_ends_in_time_and_leaves_the_rest(
    database: Database, connection: Any, capture: Any, chain: Chain
) -> None:
    fill(connection, capture, *(f"report {number}" for number in range(6)))
    assert ingest_pending(database, batch=2, extract=chain, seconds=0).captures == 2
    assert count_pending(connection) == 4
