"""`fazhi serve` in processes of its own, with the pretend portals to visit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from front_door import FAZHI, environment, fazhi

from crawler.simulator import start_simulator
from ingest.store.database import Database, open_database
from scheduler.presence import processes

PATIENCE = 90
ROLES = ("scheduler", "crawler", "ingester")


def wait_for(what: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Wait until something is so; how long it takes is not judged."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@dataclass
class Service:
    """Running processes of the service, and a database of its own to look at."""

    home: Path
    process: subprocess.Popen[str]
    log: Path
    simulator: str
    database: Database

    def lines(self, event: str | None = None) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.log.read_text().splitlines() if line[:1] == "{"]
        return [line for line in found if event in (None, line["event"])]

    def pid(self, role: str) -> int:
        return [line["pid"] for line in self.lines("started") if line["role"] == role][-1]

    def at_work(self, *roles: str) -> bool:
        return set(roles) <= {process.role for process in processes(self.database)}

    def crawl(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return fazhi(self.home, "crawl", *arguments, **settings)

    def ask(self, question: str) -> Any:
        with self.database.connect(autocommit=True) as connection:
            return connection.execute(question).fetchone()[0]  # type: ignore[call-overload, index]

    def idle(self) -> bool:
        """Whether nothing waits and nothing is done."""
        jobs = "select count(*) from jobs.procrastinate_jobs where status in ('todo', 'doing')"
        pages = "select count(*) from captures where ingested_at is null"
        return not self.ask(jobs) and not self.ask(pages)


@contextmanager
def serving(
    home: Path, log: Path, *arguments: str, delay: str = "0.05", **settings: str
) -> Iterator[Service]:
    """`fazhi serve ARGUMENTS`, ready; stopped in the end."""
    roles = ROLES if "--role" not in arguments else arguments[1:2]
    with (
        start_simulator() as simulator,
        log.open("w") as stream,
        open_database(url=settings.get("FAZHI_DATABASE_URL"), home=home) as database,
    ):
        ours = {"FAZHI_SIMULATOR": simulator.address, "FAZHI_DELAY": delay, **settings}
        process = subprocess.Popen(
            [*FAZHI, "serve", *arguments], env=environment(home, **ours), stderr=stream, text=True
        )
        try:
            service = Service(home, process, log, simulator.address, database)
            wait_for(lambda: service.at_work(*roles) or process.poll() is not None)
            yield service
        finally:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGCONT)
            process.terminate()
            process.wait(PATIENCE)
