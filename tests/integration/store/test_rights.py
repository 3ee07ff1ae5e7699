"""What each role may do, and what it may not."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from ingest.store.captures import store_capture, take_pending
from ingest.store.database import Database, open_database
from ingest.store.migrate import require_current_schema
from ingest.store.portals import sync_portals
from ingest.store.queries import get_report, list_reports
from ingest.store.reports import store_record
from ingest.store.runs import begin_run, finish_run


@pytest.fixture
def filled(connection: Any, capture: Any, record: Any) -> Any:
    taken = capture()
    capture_id, _ = store_capture(connection, taken)
    store_record(connection, capture_id, taken, record(), "rules")
    connection.commit()
    return connection


def forbidden(connection: Any, role: str, statement: str) -> None:
    connection.execute(f"set role {role}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)
    connection.rollback()


def test_an_analyst_reads_reports_but_no_telephone_number(filled: Any) -> None:
    filled.execute("set role fazhi_reader")
    row = filled.execute(
        "select title, report_year, issuer, adcode, published_at from reports"
    ).fetchone()
    assert row[1] == 2025
    [report] = list_reports(filled)
    detail = get_report(filled, report.id)
    assert detail is not None
    assert detail.contacts[0].phone == "851****9"
    filled.execute("select count(*) from regions join portals using (adcode)")
    filled.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "select * from contacts",
        "select * from capture_contents",
        "select * from jobs.procrastinate_jobs",
        "delete from reports",
        "update reports set title = 'x'",
        "insert into rejects select",
        "create table mine ()",
        "create schema mine",
        "drop view contacts_masked",
        "set role fazhi_service",
    ],
)
def test_an_analyst_may_not(filled: Any, statement: str) -> None:
    if statement.startswith("set role"):
        filled.execute("create role t_analyst in role fazhi_reader")
        filled.execute("set session authorization t_analyst")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            filled.execute(statement)
        return
    forbidden(filled, "fazhi_reader", statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update captures set fetched_at = now()",
        "update capture_contents set body = ''",
        "delete from captures",
        "delete from capture_contents",
        "delete from regions",
        "truncate reports",
        "drop table reports",
        "create table mine ()",
        "insert into migrations._yoyo_migrations values ('a', 'b', now())",
    ],
)
def test_the_service_may_not(filled: Any, statement: str) -> None:
    forbidden(filled, "fazhi_service", statement)


def test_the_service_may_do_its_work(filled: Any, capture: Any, record: Any) -> None:
    portals = filled.execute("select id from portals").fetchall()
    filled.execute("set role fazhi_service")
    now = capture().fetched_at
    run = begin_run(filled, portals[0][0], cause="hand", slot=None, job_id=None, now=now)
    store_capture(filled, capture("b.html"))
    for pending in take_pending(filled, 10):
        store_record(filled, pending.id, pending.capture, record(), "rules-2")
    finish_run(filled, run, state="succeeded", reason="completed", now=now)
    sync_portals(filled, [])
    filled.execute("set local search_path to jobs")
    filled.execute(
        "select procrastinate_defer_jobs_v1(array[row('q', 't', 0, 'l', 'ql', '{}', null)]"
        "::procrastinate_job_to_defer_v1[])"
    )
    filled.execute("select procrastinate_fetch_job_v2(null, null)")
    filled.execute("select procrastinate_register_worker_v1()")
    filled.execute("delete from procrastinate_jobs")


def test_the_service_can_tell_whether_the_schema_is_current(
    server: Any, database: Database
) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database.url)["dbname"]
    server.execute("create role t_service login password 't_service' in role fazhi_service")
    try:
        require_current_schema(open_database(url=server.url_as("t_service", str(name))))
    finally:
        server.execute("drop role t_service")


def test_the_role_for_analysts_has_a_time_limit(connection: Any) -> None:
    row = connection.execute(
        "select setconfig from pg_db_role_setting where setrole = 'fazhi_reader'::regrole"
    ).fetchone()
    assert row == (["statement_timeout=60s"],)
