"""What the benches of the service share: a PostgreSQL over TCP, hosts in network namespaces, and
processes of the service on them.

A host is a network namespace with one address and a host name of its own; where namespaces are not
allowed it is a loopback address, and `Host.namespace` is None.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.store.binaries import find_engine
from ingest.store.database import Database, open_database
from ingest.store.migrate import migrate
from ingest.store.service_user import choose_service_user

PATIENCE = 300.0
NETWORK = "10.77.31"
BRIDGE = "fz-bench"


def wait(what: Callable[[], Any], seconds: float = PATIENCE) -> float:
    """Wait until something is so; how many seconds that took."""
    began = time.monotonic()
    while not what():
        if time.monotonic() - began > seconds:
            raise TimeoutError("waited in vain")
        time.sleep(0.05)
    return time.monotonic() - began


@dataclass
class Host:
    """A machine, or what passes for one."""

    name: str
    address: str
    namespace: str | None
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, arguments: list[str], environment: dict[str, str], log: Path) -> int:
        """Start a process of fazhi there; its number."""
        argv = [sys.executable, "-m", "scheduler", *arguments]
        if self.namespace:
            named = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', self.name]
            argv = ["ip", "netns", "exec", self.namespace, *named, *argv]
        with log.open("ab") as stream:
            process = subprocess.Popen(argv, env=environment, stdout=stream, stderr=stream)
        self.processes.append(process)
        return process.pid

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send all its processes a signal."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                process.send_signal(number)

    def end(self) -> None:
        """Stop everything on it."""
        self.kill(signal.SIGTERM)
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(40)
        self.kill()
        for process in self.processes:
            process.wait()
        self.processes.clear()

    def plug(self, *, into: bool) -> None:
        """Connect its cable, or pull it out. Only in a namespace."""
        _ip("link", "set", f"v-{self.namespace}", "up" if into else "down")


@contextmanager
def hosts(count: int) -> Iterator[tuple[list[Host], str]]:
    """Hosts, and the address at which they reach the database's host."""
    with ExitStack() as stack:
        try:
            found = [stack.enter_context(_namespace(n)) for n in range(1, count + 1)]
            where = f"{NETWORK}.254"
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"no network namespaces here ({error}): separate loopback addresses", flush=True)
            found = [Host(f"host{n}", f"127.0.0.{n + 1}", None) for n in range(1, count + 1)]
            where = "127.0.0.1"
        try:
            yield found, where
        finally:
            for host in found:
                host.end()


@contextmanager
def _namespace(number: int) -> Iterator[Host]:
    if os.geteuid() != 0:
        raise OSError("only root makes them")
    name, address = f"fz{number}", f"{NETWORK}.{number}"
    if number == 1:
        _ip("link", "add", BRIDGE, "type", "bridge")
        _ip("addr", "add", f"{NETWORK}.254/24", "dev", BRIDGE)
        _ip("link", "set", BRIDGE, "up")
    try:
        _ip("netns", "add", name)
        _ip("link", "add", f"v-{name}", "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", f"v-{name}", "master", BRIDGE, "up")
        for command in (
            ("addr", "add", f"{address}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
        ):
            _ip("-n", name, *command)
        yield Host(f"host{number}", address, name)
    finally:
        _ip("netns", "del", name, check=False)
        if number == 1:
            _ip("link", "del", BRIDGE, check=False)


def _ip(*arguments: str, check: bool = True) -> None:
    subprocess.run(["ip", *arguments], check=check, capture_output=True)


class Server:
    """A PostgreSQL that listens at an address. It keeps nothing in case of a power cut, and trusts
    the bench's own network."""

    def __init__(self, folder: Path, address: str, *more: str) -> None:
        """``more`` are further options of the server."""
        self.folder = folder
        self.user = choose_service_user(folder / "none")
        self.user.owns(folder)
        self.engine = find_engine().readable_for(self.user, state=folder / "engine")
        made = self._run("initdb", "-U", "fazhi", "--encoding=UTF8", "--locale=C.UTF-8",
                         "--auth=trust", "--no-sync")  # fmt: skip
        if made:
            raise RuntimeError(made)
        with (folder / "pg" / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {NETWORK}.0/24 trust\nhost all all 127.0.0.0/8 trust\n")
        with socket.socket() as probe:
            probe.bind((address, 0))
            port = probe.getsockname()[1]
        self.url = f"postgresql://fazhi@{address}:{port}/postgres"
        self.options = (
            f"-c listen_addresses={address} -p {port} -k {folder} -c fsync=off "
            "-c timezone=UTC -c log_timezone=UTC -c max_connections=200"
        )
        self.options = " ".join((self.options, *more))

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = ("-l", str(self.folder / "log"))
        if told := self._run("pg_ctl", "start", "-w", *log, "-o", self.options):
            raise RuntimeError(told + (self.folder / "log").read_text())

    def stop(self) -> None:
        """Shut it down: sessions are ended, transactions undone."""
        self._run("pg_ctl", "stop", "-w", "-m", "fast")

    def spent(self) -> float:
        """Seconds of CPU that it has used so far, sessions that ended included."""
        pid = int((self.folder / "pg" / "postmaster.pid").read_text().splitlines()[0])
        found = sum(_times(pid))
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with suppress(OSError):  # ended meanwhile
                found += sum(_times(int(child))[:2])
        return found

    def _run(self, program: str, *arguments: str) -> str:
        """Its output where it failed."""
        argv = [self.engine.program(program), "-D", str(self.folder / "pg"), *arguments]
        if program == "pg_ctl":
            argv = [argv[0], arguments[0], *argv[1:3], *arguments[1:]]
        done = self.user.run(argv)
        return done.stdout or "failed" if done.returncode else ""


@contextmanager
def server(address: str, *more: str) -> Iterator[tuple[Database, Server]]:
    """A migrated database on a server of its own; ``more`` are further options of it."""
    folder = Path(tempfile.mkdtemp(prefix="fz-bench-"))
    folder.chmod(0o755)
    try:
        running = Server(folder, address, *more)
        running.start()
        try:
            with open_database(url=running.url, home=folder) as database:
                migrate(database)
                yield database, running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(url: str, home: Path, **more: str) -> dict[str, str]:
    """What a process of the service is started with."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FAZHI_")}
    ours = {"FAZHI_DATABASE_URL": url, "FAZHI_HOME": str(home), "FAZHI_LISTEN": "off"}
    return {**kept, **ours, "FAZHI_LOG": "json", "FAZHI_DELAY": "0.05", **more}


def spent(host: Host) -> float:
    """Seconds of CPU that a host's processes have used so far. Only where there is a /proc."""
    return sum(sum(_times(process.pid)[:2]) for process in host.processes)


def _times(pid: int) -> list[float]:
    """utime, stime, cutime and cstime of proc(5), in seconds."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [int(ticks) / os.sysconf("SC_CLK_TCK") for ticks in told[11:15]]


def ask(database: Database, question: str, *values: object) -> Any:
    """The first value of the answer."""
    with database.connect(autocommit=True) as connection:
        row = connection.execute(question, values).fetchone()  # type: ignore[call-overload]
    return row[0] if row else None
