"""The database goes away during crawls, workers are killed: the service waits and goes on, and
nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from front_door import fresh_home
from replicas import primary_and_standby
from serving import ROLES, Service, serving, wait_for

from ingest.store import cluster
from ingest.store.database import Database, open_database
from ingest.store.migrate import migrate

PORTALS = ("demo-qinghe", "demo-baishi", "demo-shifan", "demo-yunling")


LONG = pytest.mark.skipif(
    not os.environ.get("LONG_TESTS"), reason="takes minutes; LONG_TESTS=1 runs it"
)


@contextmanager
def visiting(tmp_path: Path, *arguments: str) -> Iterator[Service]:
    """A service on a server that nobody starts again by themselves, in the middle of visits."""
    with fresh_home() as home, open_database(home=home) as database:
        migrate(database)
        log = tmp_path / "log"
        with serving(
            home, log, *arguments, delay="0.1", FAZHI_DATABASE_URL=database.url
        ) as service:
            service.database = database  # which knows how its server is stopped and started
            service.crawl(*PORTALS, "--no-follow", FAZHI_DATABASE_URL=database.url)
            wait_for(lambda: len(service.lines("captured")) > 2)
            yield service


def stop(database: Database) -> None:
    assert database._server
    cluster.stop(database._server.site)


def start(database: Database) -> None:
    assert database._server
    database._server.ensure_running()


def roles_that_say(service: Service, event: str) -> set[str]:
    return {line["role"] for line in service.lines(event)}


def all_came_through(service: Service) -> None:
    wait_for(service.idle, 150)
    for portal in PORTALS:
        states = f"select array_agg(state order by id) from crawl_runs where portal_id = '{portal}'"
        assert service.ask(states)[-1] == "succeeded"
    assert service.ask("select count(*) from report_versions") == service.ask(
        "select count(*) from reports"
    )
    assert service.ask("select count(*) from ingest_attempts") == 0
    before = service.ask("select count(*) from reports")
    assert before >= 14  # of those four portals; what a visit in peace would find more was lost
    assert service.crawl(*PORTALS, FAZHI_DATABASE_URL=service.database.url).returncode == 0
    wait_for(service.idle)
    assert service.ask("select count(*) from reports") == before
    newest = (
        "select sum(new_captures) from (select * from crawl_runs order by id desc limit 4) as r"
    )
    assert service.ask(newest) == 0


def test_a_server_that_is_down_for_a_while_during_a_crawl_is_waited_for(tmp_path: Path) -> None:
    with visiting(tmp_path) as service:
        stop(service.database)
        wait_for(lambda: set(ROLES) <= roles_that_say(service, "waiting for the database"))
        time.sleep(1)
        for role in ROLES:
            os.kill(service.pid(role), 0)  # alive
        start(service.database)
        all_came_through(service)
        wait_for(lambda: set(ROLES) <= roles_that_say(service, "the database is back"))
        for role in ROLES:  # said once, and once again when it was over
            told = [line["event"] for line in service.lines() if line.get("role") == role]
            outage = [event for event in told if "database" in event]
            assert outage == ["waiting for the database", "the database is back"]
        assert service.lines("ended unasked") == []


CUT = """
select count(pg_terminate_backend(pid)) from pg_stat_activity
where application_name like 'fazhi%:%' and pid <> pg_backend_pid()
"""


@LONG
def test_statements_that_are_given_up_during_a_crawl_are_waited_out(tmp_path: Path) -> None:
    with visiting(tmp_path) as service:
        patient = {"options": "-c statement_timeout=0", "autocommit": True}
        with service.database.connect(**patient) as owner:
            owner.execute("alter database fazhi set statement_timeout = '1ms'")
            owner.execute(CUT)  # the limit holds for new connections
            workers = {"crawler", "ingester"}
            wait_for(lambda: workers <= roles_that_say(service, "waiting for the database"))
            owner.execute("alter database fazhi reset statement_timeout")
            owner.execute(CUT)
        wait_for(lambda: workers <= roles_that_say(service, "the database is back"))
        all_came_through(service)
        assert service.lines("ended unasked") == []


@LONG
def test_connections_that_are_cut_are_made_anew(tmp_path: Path) -> None:
    with visiting(tmp_path) as service:
        service.ask(CUT)
        all_came_through(service)
        assert service.lines("ended unasked") == []


@LONG
def test_a_fail_over_to_the_standby_during_a_crawl_loses_nothing(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="fz-") as place, fresh_home() as home:
        Path(place).chmod(0o755)
        with primary_and_standby(Path(place)) as (address, first, second):
            with open_database(url=address.url, home=home) as database:
                migrate(database)
            named = {"FAZHI_DATABASE_URL": address.url}
            with serving(home, tmp_path / "log", delay="0.1", **named) as service:
                service.crawl(*PORTALS, "--no-follow", **named)
                wait_for(lambda: len(service.lines("captured")) > 2)
                first.kill()
                wait_for(lambda: service.lines("waiting for the database"))
                second.run("pg_ctl", "promote", "-w")
                address.point_to(second)
                all_came_through(service)
                assert service.lines("ended unasked") == []


@LONG
def test_a_server_that_crashes_during_a_crawl_loses_nothing(tmp_path: Path) -> None:
    with visiting(tmp_path) as service:
        server = service.database._server
        assert server
        found = cluster.running_server(server.site)
        assert found
        os.kill(found.pid, signal.SIGKILL)
        time.sleep(1)
        start(service.database)
        all_came_through(service)


@LONG
def test_the_jobs_of_killed_workers_are_taken_over_within_45_seconds(tmp_path: Path) -> None:
    with visiting(tmp_path) as service:
        for role in ("crawler", "ingester"):
            os.kill(service.pid(role), signal.SIGKILL)
        began = time.monotonic()
        busy = (
            "select count(*) from crawl_runs where state = 'running' "
            f"and worker like '%:{service.pid('crawler')}'"
        )
        wait_for(lambda: service.ask(busy) == 0)
        wait_for(lambda: len(service.lines("run begins")) > len(PORTALS) or service.idle())
        assert time.monotonic() - began < 45
        all_came_through(service)


@LONG
def test_a_full_disk_is_waited_for_and_nothing_is_lost(tmp_path: Path) -> None:
    """On a small disk of its own, which only root can make."""
    disk = Path(tempfile.mkdtemp(prefix="fz-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400m,mode=755", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        disk.rmdir()
        pytest.skip("no disk can be made here")
    try:
        with serving(disk / "home", tmp_path / "log", delay="0.3") as service:
            service.crawl(*PORTALS, "--no-follow")
            wait_for(lambda: len(service.lines("captured")) > 2)
            fill = disk / "fill"
            # Without a buffer, which would be written once more, in vain, when the file is closed.
            with fill.open("wb", buffering=0) as stream, suppress(OSError):
                while stream.write(bytes(2**16)):
                    pass
            wait_for(lambda: service.lines("waiting for the database"))
            time.sleep(5)
            fill.unlink()
            wait_for(service.idle, 200)
            for portal in PORTALS:
                last = f"select state from crawl_runs where portal_id = '{portal}' order by id desc"
                assert service.ask(last + " limit 1") == "succeeded"
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)
        disk.rmdir()
