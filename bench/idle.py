"""What the service costs while nothing is due: memory and processor time of `fazhi serve`.

    python bench/idle.py [SECONDS]        (default 180; Linux)

Every portal of the registry is scheduled, in a month that is not now, so nothing is fetched. All
processes of the service count but PostgreSQL's: resident memory (RSS, a page that several
processes share counted for each of them; beside it PSS, where it is divided among them), processor
time as a share of one core.

Bounds: resident memory of all together < 400 MB, processor < 1 % of a core; exit code 1 above.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST_MEMORY_MB = 400
MOST_OF_A_CORE = 0.01
ROLE_OF = {b"scheduler.keeper": "keeper", b"scheduler.member": None}
"""What a process is by its command line; a member's role is the word that follows."""
SETTLE_SECONDS = 20
"""The renewal of the calendar, the first sweep and the like are no idling."""


@dataclass(frozen=True)
class Process:
    """One process at one moment: bytes, and seconds of processor time since it began."""

    name: str
    pss: int
    rss: int
    seconds: float


def main(seconds: float) -> int:
    """Serve, wait, measure."""
    base = Path(tempfile.mkdtemp(prefix="fz-idle-"))
    base.chmod(0o755)
    schedule = _schedule(base)
    service = subprocess.Popen(
        [sys.executable, "-m", "scheduler", "serve"],
        env=_environment(base, schedule),
        stderr=(base / "log").open("w"),
        cwd=ROOT,
    )
    try:
        _wait_until_ready(base / "log")
        time.sleep(SETTLE_SECONDS)
        before, began = _processes(service.pid), time.monotonic()
        time.sleep(seconds)
        after, elapsed = _processes(service.pid), time.monotonic() - began
        return _report(before, after, elapsed, _scheduled(base / "log"))
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(60)
        shutil.rmtree(base, ignore_errors=True)


def _schedule(base: Path) -> Path:
    """The project's own calendar, with every visit moved half a year away."""
    month = (datetime.now().month + 5) % 12 + 1
    text = (ROOT / "seeds" / "schedule.toml").read_text("utf-8")
    text = re.sub(r"^(from|to) = .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^cron = .*$", f'cron = "0 5 1 {month} *"', text, flags=re.MULTILINE)
    file = base / "schedule.toml"
    file.write_text(text, "utf-8")
    return file


def _environment(base: Path, schedule: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FAZHI_")}
    ours = {
        "FAZHI_HOME": str(base / "home"),
        "FAZHI_SCHEDULE": str(schedule),
        "FAZHI_LISTEN": "127.0.0.1:0",
        "FAZHI_CONTACT": "mailto:bench@example.org",
        "FAZHI_LOG": "json",
    }
    return {**kept, **ours}


def _wait_until_ready(log: Path) -> None:
    deadline = time.monotonic() + 180
    while '"event": "calendar"' not in log.read_text("utf-8"):
        if time.monotonic() > deadline:
            raise SystemExit(f"the service did not start:\n{log.read_text('utf-8')}")
        time.sleep(0.5)


def _scheduled(log: Path) -> int:
    found = re.findall(r'"portals": (\d+)', log.read_text("utf-8"))
    return int(found[-1]) if found else 0


def _processes(parent: int) -> Mapping[int, Process]:
    """The parent and its descendants, PostgreSQL left out."""
    return {pid: process for pid in _family(parent) if (process := _process(pid))}


def _family(parent: int) -> Iterator[int]:
    yield parent
    for task in Path(f"/proc/{parent}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _family(int(child))


def _process(pid: int) -> Process | None:
    place = Path("/proc") / str(pid)
    try:
        command = (place / "cmdline").read_bytes().split(b"\0")
        if not ROLE_OF.keys() & set(command):
            return None
        memory = dict(
            re.findall(r"^(Pss|Rss):\s+(\d+)", (place / "smaps_rollup").read_text(), re.M)
        )
        fields = (place / "stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return None
    (program,) = ROLE_OF.keys() & set(command)
    role = ROLE_OF[program] or command[command.index(program) + 1].decode()
    ticks = int(fields[11]) + int(fields[12])
    return Process(
        role,
        pss=int(memory["Pss"]) * 1024,
        rss=int(memory["Rss"]) * 1024,
        seconds=ticks / os.sysconf("SC_CLK_TCK"),
    )


def _report(
    before: Mapping[int, Process], after: Mapping[int, Process], elapsed: float, portals: int
) -> int:
    if before.keys() != after.keys():
        print("a process ended while it was measured")
        return 1
    used = {pid: after[pid].seconds - before[pid].seconds for pid in after}
    print(f"{portals} portals scheduled, {elapsed:.0f} s")
    print(f"{'process':<12}{'PSS MB':>9}{'RSS MB':>9}{'core':>9}")
    for pid, process in after.items():
        _line(process.name, process.pss, process.rss, used[pid] / elapsed)
    resident = sum(process.rss for process in after.values())
    share = sum(used.values()) / elapsed
    _line("all", sum(process.pss for process in after.values()), resident, share)
    good = resident < MOST_MEMORY_MB * 1e6 and share < MOST_OF_A_CORE and portals > 0
    print("within" if good else "NOT within", f"{MOST_MEMORY_MB} MB and {MOST_OF_A_CORE:.0%}")
    return 0 if good else 1


def _line(name: str, pss: int, rss: int, share: float) -> None:
    print(f"{name:<12}{pss / 1e6:>9.1f}{rss / 1e6:>9.1f}{share:>9.2%}")


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 180.0))
