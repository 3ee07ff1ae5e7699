"""A day of the service in a few minutes, told as it happens, with the ledger at the end.

    python bench/day.py [--minutes 4]

Two schedulers, two crawlers and two ingesters on one PostgreSQL; every pretend portal has a slot a
minute. In between a visit is asked for by hand, a second caller asks for the same, the leader is
killed, the database is restarted, a crawler and an ingester are killed with -9, and a portal is
paused. In the end every slot must have been fired once, every visit have come to an end, and every
report be stored once. Exit code 1 otherwise.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from fleet import Host, Server, ask, environment, server, wait

from crawler.seeds import SEEDS
from crawler.simulator import start_simulator
from ingest.store.database import Database
from scheduler.calendar import Slots
from scheduler.leader import KEY
from scheduler.schedule_file import load_schedule

SCHEDULE = """
timezone = "Asia/Shanghai"
sweep_every_days = 90
spread_minutes = 1
housekeeping = "* * * * *"
[[visits]]
id = "minutely"
why = "a day in a minute"
cron = "* * * * *"
portals = ["demo-*"]
"""
LEADER = """
select split_part(application_name, ':', -1)::integer
from pg_locks join pg_stat_activity as activity using (pid)
where locktype = 'advisory' and granted and classid = 0 and objid = %s and objsubid = 1
"""
RUNNING = "select id || ' ' || worker from crawl_runs where state = 'running' limit 1"
PENDING = "select count(*) from captures where ingested_at is null"
OPEN_JOBS = """
select count(*) from jobs.procrastinate_jobs
where status in ('todo', 'doing') and task_name in ('crawl_portal', 'ingest_captures')
"""


def say(text: str) -> None:
    """A line of the transcript."""
    print(f"{datetime.now():%H:%M:%S}  {text}", flush=True)


@dataclass
class Day:
    """The service, and what is done to it."""

    database: Database
    server: Server
    place: Path
    settings: dict[str, str]
    roles: dict[str, list[Host]] = field(default_factory=dict)

    def start(self, role: str) -> Host:
        host = Host(role, "127.0.0.1", None)
        host.start(["serve", "--role", role], self.settings, self.place / "log")
        self.roles.setdefault(role, []).append(host)
        return host

    def fazhi(self, *arguments: str) -> str:
        """Run a command; both its outputs."""
        done = subprocess.run(
            [sys.executable, "-m", "scheduler", *arguments],
            env=self.settings,
            capture_output=True,
            text=True,
            check=False,
        )
        say(f"$ fazhi {' '.join(arguments)}    (exit code {done.returncode})")
        return (done.stderr + done.stdout).strip()

    def leader(self) -> int:
        """The process that leads."""
        wait(lambda: ask(self.database, LEADER, KEY) is not None)
        return int(ask(self.database, LEADER, KEY))

    # -- what happens in the day ---------------------------------------------------------------

    def ask_by_hand(self) -> None:
        portal = "demo-yunling"
        say(self.fazhi("crawl", portal, "--no-follow", "--sweep"))
        say(self.fazhi("crawl", portal))
        say(self.fazhi("crawl", portal, "--follow"))

    def kill_leader(self) -> None:
        old = self.leader()
        os.kill(old, signal.SIGKILL)
        seconds = wait(lambda: ask(self.database, LEADER, KEY) not in (None, old))
        say(f"leader {old} killed with -9; {self.leader()} leads after {seconds:.1f} s")
        self.start("scheduler")

    def restart_database(self) -> None:
        say("the database server is stopped")
        self.server.stop()
        time.sleep(8)
        self.server.start()
        say("the database server is started again, 8 s later")

    def kill_workers(self) -> None:
        wait(lambda: ask(self.database, RUNNING) is not None, 90)
        run, worker = str(ask(self.database, RUNNING)).split()
        crawler = int(worker.rpartition(":")[2])
        os.kill(crawler, signal.SIGKILL)
        say(f"crawler {crawler} killed with -9 in the middle of run {run}")
        ingester = self.roles["ingester"][0].processes[0]
        ingester.kill()
        say(f"ingester {ingester.pid} killed with -9")
        for role in ("crawler", "ingester"):
            self.start(role)

    def pause_and_resume(self) -> None:
        say(self.fazhi("schedule", "pause", "demo-baishi", "--reason", "the portal is moving"))
        time.sleep(60)
        say(self.fazhi("schedule", "resume", "demo-baishi"))


def run(minutes: float) -> int:
    """Live through a day."""
    with (
        tempfile.TemporaryDirectory(prefix="fz-day-") as name,
        start_simulator() as simulator,
        server("127.0.0.1") as (database, running),
    ):
        place = Path(name)
        (place / "schedule.toml").write_text(SCHEDULE)
        settings = environment(
            running.url,
            place,
            FAZHI_SCHEDULE=str(place / "schedule.toml"),
            FAZHI_SIMULATOR=simulator.address,
            FAZHI_DELAY="0.5",
        )
        day = Day(database, running, place, settings)
        try:
            return _live(day, minutes)
        finally:
            for host in [host for hosts in day.roles.values() for host in hosts]:
                host.end()


def _live(day: Day, minutes: float) -> int:
    for role in ("scheduler", "crawler", "ingester") * 2:
        day.start(role)
    say(f"two of each role are started; {day.leader()} leads")
    began = time.monotonic()
    events: list[Callable[[], None]] = [
        day.ask_by_hand,
        day.kill_leader,
        day.restart_database,
        day.kill_workers,
        day.pause_and_resume,
    ]
    wait(lambda: ask(day.database, "select count(*) from slots") > 0, 150)
    say("the first slots are fired")
    for event in events:
        event()
        time.sleep(5)
    time.sleep(max(0.0, minutes * 60 - (time.monotonic() - began)))
    for host in day.roles["scheduler"]:
        host.end()
    say("the schedulers are stopped; what was asked for comes to its end")
    wait(lambda: not ask(day.database, OPEN_JOBS) and not ask(day.database, PENDING))
    print(day.fazhi("runs", "--limit", "60"))
    longest = "select id from crawl_runs order by attempt desc, id limit 1"
    print(day.fazhi("runs", "show", str(ask(day.database, longest))))
    return _judge(day)


def _judge(day: Day) -> int:
    schedule = load_schedule(day.place / "schedule.toml")
    lost = doubled = slots = coalesced = 0
    with day.database.connect(autocommit=True) as connection:
        for portal, since in connection.execute("select * from calendar_portals").fetchall():
            rows = connection.execute(
                "select slot, coalesced from slots where portal_id = %s order by slot", (portal,)
            ).fetchall()
            owed = Slots(schedule).between(since, rows[-1][0]) if rows else []
            served = sum(1 + more for _, more in rows)
            lost, doubled = lost + max(0, len(owed) - served), doubled + max(0, served - len(owed))
            slots, coalesced = slots + len(rows), coalesced + sum(more for _, more in rows)
    unserved = ask(
        day.database,
        "select count(*) from slots where not exists "
        "(select from crawl_runs where crawl_runs.job_id = slots.job_id and state <> 'running')",
    )
    open_runs = ask(day.database, "select count(*) from crawl_runs where state = 'running'")
    reports = ask(day.database, "select count(*) from reports")
    expected = len(list((SEEDS / "demo" / "reports").glob("*.txt")))
    versions = ask(day.database, "select count(*) from report_versions")
    say(
        f"slots fired {slots}, made up for {coalesced}, lost {lost}, doubled {doubled}, without a "
        f"run {unserved}; runs {ask(day.database, 'select count(*) from crawl_runs')}, still open "
        f"{open_runs}; reports {reports} of {expected}, versions {versions}"
    )
    good = (lost, doubled, unserved, open_runs) == (0, 0, 0, 0)
    good = good and reports >= expected and versions == reports
    say("nothing lost, nothing twice" if good else "NOT as it should be")
    return int(not good)


def main() -> Any:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=4)
    return run(parser.parse_args().minutes)


if __name__ == "__main__":
    sys.exit(main())
