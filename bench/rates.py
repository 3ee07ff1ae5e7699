"""How fast one ingester is against two: what `hosts.py throughput` measures, and how.

A turn is one or two processes over the same captures, in the order 1 2 2 1 1 2 ..., so that what
grows or warms up from turn to turn falls on both alike. The first turn is not counted: tables and
caches are made in it. Each turn begins with vacuumed tables, a checkpoint and all processes ready;
the server has no autovacuum, and room for the whole turn's log. Timed is from the first batch to
when less than a batch for each process is left, for after that one has nothing to do.

How much of the machine's time others took (/proc/stat) is told with each turn; one in which they
took more than OTHERS is done again, for it shows nothing. What runs at a lower priority (nice) is
not counted: it makes room.
"""

from __future__ import annotations

import os
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fleet import Host, Server, environment, spent, wait

from ingest.store.connection import Connection
from ingest.store.database import Database
from ingest.worker import BATCH

OTHERS = 0.06
"""Of the machine's time in a turn."""
TRIES = 3
"""Of one turn."""
LOOK_EVERY = 0.25
PENDING = "select count(*) from captures where ingested_at is null"
READY = "select count(*) from jobs.procrastinate_workers"
REPORTS = "select count(*) from reports"
WAITING = """
select wait_event_type || ' ' || wait_event from pg_stat_activity
where backend_type = 'client backend' and state = 'active' and pid <> pg_backend_pid()
and wait_event_type in ('Lock', 'LWLock', 'IO')
"""
AGAIN = """
delete from report_versions; delete from reports; delete from rejects;
update captures set ingested_at = null, report_id = null, verdict = null;
"""


@dataclass
class Turn:
    """What one turn gave. CPU is milliseconds a capture; ``others`` a share of the machine's time;
    ``waits`` how many sessions waited for what, on average."""

    processes: int
    rate: float
    own: float
    server: float
    others: float
    waits: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        waits = ", ".join(f"{name} {share:.2f}" for name, share in self.waits.most_common(3))
        return (
            f"{self.processes} process(es): {self.rate:.1f} captures a second; CPU a capture: "
            f"ingesters {self.own:.1f} ms, server {self.server:.1f} ms; others took "
            f"{self.others:.1%}; waiting sessions: {waits or 'none'}"
        )


def order(passes: int) -> Iterator[int]:
    """1 2, 2 1, 1 2 ...: how many processes the turns have."""
    for number in range(passes):
        yield from (1, 2) if number % 2 == 0 else (2, 1)


def compare(
    database: Database, running: Server, machines: list[Host], place: Path, passes: int
) -> dict[int, float]:
    """Captures a second by number of processes, the median of its turns. Prints every turn."""
    found: dict[int, list[float]] = {1: [], 2: []}
    with database.connect(autocommit=True) as connection:
        bench = Bench(connection, running, place)
        print("not counted:", bench.turn(machines), flush=True)
        for count in order(passes):
            found[count].append(bench.quiet_turn(machines[:count]).rate)
    return {count: statistics.median(rates) for count, rates in found.items()}


class Bench:
    """One server with captures, and a connection to look at it."""

    def __init__(self, connection: Connection, running: Server, place: Path) -> None:
        self._connection = connection
        self._running = running
        self._place = place

    def quiet_turn(self, machines: list[Host]) -> Turn:
        """A turn in which nobody else took much of the machine; RuntimeError without one."""
        for _ in range(TRIES):
            turn = self.turn(machines)
            counts = turn.others <= OTHERS
            print(turn if counts else f"again, others were at work: {turn}", flush=True)
            if counts:
                return turn
        raise RuntimeError(f"others took more than {OTHERS:.0%} of the machine in {TRIES} turns")

    def turn(self, machines: list[Host]) -> Turn:
        """Ingest everything anew with an ingester on each host."""
        self._connection.execute("update captures set ingested_at = now()")
        for machine in machines:
            machine.start(
                ["serve", "--role", "ingester"],
                environment(self._running.url, self._place),
                self._place / machine.name,
            )
        wait(lambda: self._count(READY) == len(machines))
        self._prepare()
        try:
            return self._timed(machines)
        finally:
            for machine in machines:
                machine.end()

    def _prepare(self) -> None:
        self._connection.execute("begin;" + AGAIN + "commit;")
        for step in ("vacuum analyze", "checkpoint"):
            self._connection.execute(step)

    def _timed(self, machines: list[Host]) -> Turn:
        total = self._count(PENDING)
        wait(lambda: self._count(PENDING) < total)
        began, before = self._count(PENDING), self._clocks(machines)
        waits: Counter[str] = Counter()
        looks = 0
        while (left := self._count(PENDING)) > BATCH * len(machines):
            waits.update(name for (name,) in self._connection.execute(WAITING))
            looks += 1
            time.sleep(LOOK_EVERY)
        seconds, all_, own, server = (
            after - then for after, then in zip(self._clocks(machines), before, strict=True)
        )
        wait(lambda: self._count(PENDING) == 0)
        if other := total - self._count(REPORTS):
            raise RuntimeError(f"{other} captures are no report: the bench measures something else")
        done = began - left
        return Turn(
            processes=len(machines),
            rate=done / seconds,
            own=1000 * own / done,
            server=1000 * server / done,
            others=(all_ - own - server) / (seconds * (os.cpu_count() or 1)),
            waits=Counter({name: count / looks for name, count in waits.items()}),
        )

    def _clocks(self, machines: list[Host]) -> tuple[float, float, float, float]:
        """Seconds: on the wall, and of processor time of the machine, the ingesters, the server."""
        ours = sum(spent(machine) for machine in machines)
        return time.monotonic(), _machine_time(), ours, self._running.spent()

    def _count(self, question: str) -> int:
        row = self._connection.execute(question).fetchone()  # type: ignore[call-overload]
        return int(row[0])


def _machine_time() -> float:
    """Seconds of processor time since boot that were used, or stolen by other machines; proc(5)."""
    told = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    user, nice, system, _idle, _waiting, irq, soft_irq, stolen = map(int, told)
    return (user + nice + system + irq + soft_irq + stolen) / os.sysconf("SC_CLK_TCK")
