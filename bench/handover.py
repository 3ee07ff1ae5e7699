"""Several schedulers, one leader, many kills: is any slot fired twice, or lost?

    python bench/handover.py --kills 200

Real scheduler processes on an embedded PostgreSQL, a calendar that fires a hundred portals every
minute, one after the other. The leader is killed (kill -9), its session is cut
(pg_terminate_backend), or it is made to stand still (SIGSTOP) and wakes up again later. In the end
the ledger of slots is compared with the calendar, slot by slot, and the jobs with the ledger.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.portals import Portal
from ingest.store.database import Database, open_database
from ingest.store.migrate import migrate
from ingest.store.portals import add_portals
from scheduler.calendar import Slots
from scheduler.firing import enter_portals
from scheduler.leader import KEY
from scheduler.schedule_file import load_schedule

PORTALS = 100
PATIENCE = 60.0
SCHEDULE = """
timezone = "Asia/Shanghai"
sweep_every_days = 90
spread_minutes = 1
housekeeping = "15 3 * * *"
[[visits]]
id = "often"
why = "a slot a minute for each portal"
cron = "* * * * *"
portals = ["bench-*"]
"""
LEADER = """
select activity.pid, split_part(application_name, ':', -1)::integer
from pg_locks join pg_stat_activity as activity using (pid)
where locktype = 'advisory' and granted and classid = 0 and objid = %s and objsubid = 1
"""
STANDING_BY = """
select count(*) from pg_stat_activity
where datname = current_database() and application_name like 'fazhi scheduler %%'
"""
WAYS = ("kill -9", "cut session", "stand still")


@dataclass
class Result:
    """What came of it; times in seconds."""

    kills: Counter[str] = field(default_factory=Counter)
    handovers: dict[str, list[float]] = field(default_factory=dict)
    slots: int = 0
    coalesced: int = 0
    lost: int = 0
    doubled: int = 0
    fired_by: int = 0
    """Different leaders."""

    @property
    def slowest(self) -> float:
        """The longest time without a leader."""
        return max(max(times) for times in self.handovers.values())


class Schedulers:
    """Scheduler processes, as many as wanted at any time."""

    def __init__(self, database: Database, folder: Path, count: int) -> None:
        self.database = database
        self.folder = folder
        self.count = count
        self.running: dict[int, subprocess.Popen[bytes]] = {}
        self.asleep: set[int] = set()
        (folder / "schedule.toml").write_text(SCHEDULE)

    def fill_up(self) -> None:
        """Start those that are missing."""
        for pid in [pid for pid, process in self.running.items() if process.poll() is not None]:
            del self.running[pid]
        while len(self.running) < self.count:
            self._start()

    def wake(self) -> None:
        """Let those that were stopped go on."""
        for pid in self.asleep:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self.asleep.clear()

    def end(self) -> None:
        """Kill all of them."""
        self.wake()
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(PATIENCE)

    def _start(self) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("FAZHI_")}
        ours = {
            "FAZHI_HOME": str(self.folder),
            "FAZHI_DATABASE_URL": self.database.url,
            "FAZHI_SCHEDULE": str(self.folder / "schedule.toml"),
            "FAZHI_LISTEN": "off",
        }
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "scheduler", "serve", "--role", "scheduler"],
                env={**kept, **ours},
                stdout=log,
                stderr=log,
            )
        self.running[process.pid] = process


class Crawlers:
    """In place of crawlers: takes every queued visit at once and remembers it."""

    def __init__(self, database: Database) -> None:
        self.taken: Counter[tuple[str, str]] = Counter()
        self._database = database
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Crawlers:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        with self._database.connect(autocommit=True) as connection:
            while not self._done.wait(0.2):
                self.take(connection)

    def take(self, connection: Any) -> None:
        """Take what waits."""
        with connection.transaction():
            connection.execute("set local search_path to jobs")
            rows = connection.execute(
                "update procrastinate_jobs set status = 'succeeded' where status = 'todo' "
                "and task_name = 'crawl_portal' returning args ->> 'portal', args ->> 'slot'"
            ).fetchall()
        self.taken.update(rows)


def run(kills: int, *, seed: int = 1, schedulers: int = 3) -> Result:
    """Kill that often; what came of it."""
    chance = random.Random(seed)
    result = Result()
    with _world() as (database, folder), Crawlers(database) as crawlers:
        pool = Schedulers(database, folder, schedulers)
        try:
            with database.connect(autocommit=True) as connection:
                pool.fill_up()
                for _ in range(kills):
                    _kill(connection, pool, chance, result)
                pool.wake()
                _leader(connection)
                time.sleep(3)
                pool.end()
                crawlers.take(connection)
                _compare(connection, folder, crawlers, result)
        finally:
            pool.end()
    return result


def _kill(connection: Any, pool: Schedulers, chance: random.Random, result: Result) -> None:
    backend, process = _leader(connection)
    _wait(lambda: connection.execute(STANDING_BY).fetchone()[0] > 1)
    time.sleep(chance.uniform(0, 2.5))
    way = chance.choice(WAYS)
    began = time.monotonic()
    if way == "cut session":
        connection.execute("select pg_terminate_backend(%s)", (backend,))
    elif way == "kill -9":
        os.kill(process, signal.SIGKILL)
    else:
        os.kill(process, signal.SIGSTOP)
        pool.asleep.add(process)
    _wait(lambda: (found := _now_leading(connection)) is not None and found[0] != backend)
    result.kills[way] += 1
    result.handovers.setdefault(way, []).append(time.monotonic() - began)
    if chance.random() < 0.5:
        pool.wake()
    pool.fill_up()
    if len(pool.asleep) > 1:
        pool.wake()


def _now_leading(connection: Any) -> tuple[int, int] | None:
    row: tuple[int, int] | None = connection.execute(LEADER, (KEY,)).fetchone()
    return row


def _leader(connection: Any) -> tuple[int, int]:
    _wait(lambda: _now_leading(connection) is not None)
    return _now_leading(connection) or _leader(connection)


def _compare(connection: Any, folder: Path, crawlers: Crawlers, result: Result) -> None:
    schedule = load_schedule(folder / "schedule.toml")
    now = datetime.now(UTC)
    since = dict(connection.execute("select portal_id, since from calendar_portals").fetchall())
    for portal, begun in since.items():
        rows = connection.execute(
            "select slot, coalesced from slots where portal_id = %s order by slot", (portal,)
        ).fetchall()
        offset = schedule.offset(Portal(portal, "", "county", None, "http://a.test/"))
        until = max([now - offset - timedelta(seconds=30), *(slot for slot, _ in rows)])
        owed = Slots(schedule).between(begun, until)
        served = sum(1 + coalesced for _, coalesced in rows)
        result.lost += max(0, len(owed) - served)
        result.doubled += max(0, served - len(owed))
        result.slots += len(rows)
        result.coalesced += sum(coalesced for _, coalesced in rows)
    queued = {
        (portal, slot.isoformat())
        for portal, slot in connection.execute(
            "select portal_id, slot at time zone 'UTC' at time zone 'UTC' from slots "
            "where found = 'queued'"
        ).fetchall()
    }
    made = Counter(
        {(p, datetime.fromisoformat(s).astimezone(UTC)): n for (p, s), n in crawlers.taken.items()}
    )
    known = {(p, datetime.fromisoformat(s).astimezone(UTC)) for p, s in queued}
    result.doubled += sum(n - 1 for n in made.values()) + len(set(made) - known)
    result.lost += len(known - set(made))
    row = connection.execute("select count(distinct fired_by) from slots").fetchone()
    result.fired_by = row[0]


@contextmanager
def _world() -> Iterator[tuple[Database, Path]]:
    with tempfile.TemporaryDirectory(prefix="fz-") as place:
        folder = Path(place)
        folder.chmod(0o755)
        with open_database(home=folder / "home") as database:
            migrate(database)
            portals = [
                Portal(f"bench-{n}", f"bench {n}", "county", None, f"http://www.b{n}.gov.test/")
                for n in range(PORTALS)
            ]
            with database.connect() as connection:
                add_portals(connection, portals)
                # Owed since a while ago: so they are fired at once, and all the time from then on.
                earlier = datetime.now(UTC) - timedelta(minutes=5)
                enter_portals(connection, [portal.id for portal in portals], earlier)
            yield database, folder


def _wait(what: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError("waited in vain")
        time.sleep(0.02)


def main() -> None:
    """Print what came of it; exit code 1 when a slot was lost or doubled, or a handover slow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    began = time.monotonic()
    result = run(chosen.kills, seed=chosen.seed)
    told = {
        "kills": dict(result.kills),
        "leaders": result.fired_by,
        "slots_fired": result.slots,
        "slots_made_up_for": result.coalesced,
        "slots_lost": result.lost,
        "slots_doubled": result.doubled,
        "seconds_without_leader": {
            way: {"median": round(sorted(t)[len(t) // 2], 2), "longest": round(max(t), 2)}
            for way, t in sorted(result.handovers.items())
        },
        "minutes": round((time.monotonic() - began) / 60, 1),
    }
    print(json.dumps(told, indent=2))
    sys.exit(bool(result.lost or result.doubled or result.slowest > 5))


if __name__ == "__main__":
    main()
