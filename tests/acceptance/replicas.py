"""A PostgreSQL with a synchronous standby behind one address, as a cluster manager keeps them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import LiteralString

import psycopg

from ingest.store.binaries import Engine, find_engine
from ingest.store.service_user import ServiceUser, choose_service_user

PATIENCE = 60.0


class Node:
    """One server; its data lies in a folder of its own."""

    def __init__(self, folder: Path, user: ServiceUser, engine: Engine) -> None:
        self.folder, self._user, self._engine = folder, user, engine
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def run(self, program: str, *arguments: str) -> None:
        argv = [self._engine.program(program), "-D", str(self.folder), *arguments]
        done = self._user.run(argv)
        assert done.returncode == 0, done.stdout

    def start(self, *options: str) -> None:
        log = f"{self.folder}.log"
        place = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.folder.parent}"
        self.run("pg_ctl", "start", "-w", "-l", log, "-o", " ".join((place, *options)))

    def kill(self) -> None:
        """As a machine that loses its power."""
        lines = (self.folder / "postmaster.pid").read_text().splitlines()
        family = Path(f"/proc/{lines[0]}/task/{lines[0]}/children").read_text().split()
        for pid in (lines[0], *family):
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def execute(self, statement: LiteralString) -> object:
        """The first value of its answer, if it has one."""
        address = f"postgresql://fazhi@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement)
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


class Address:
    """Takes connections at one port and hands them to the node that it points to."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"postgresql://fazhi@127.0.0.1:{self._listener.getsockname()[1]}/postgres"
        threading.Thread(target=self._take, daemon=True).start()

    def point_to(self, node: Node) -> None:
        """From now on; what leads to the old one is cut."""
        self._node = node
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def close(self) -> None:
        self._listener.close()
        self.point_to(self._node)

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._node.port))
                except OSError:
                    client.close()
                    continue
                self._open += [client, server]
                for one, other in ((client, server), (server, client)):
                    threading.Thread(target=_pump, args=(one, other), daemon=True).start()


def _pump(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(2**16):
            other.sendall(data)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def primary_and_standby(folder: Path) -> Iterator[tuple[Address, Node, Node]]:
    """What is committed is on both. The folder must be open to every user."""
    user = choose_service_user(folder / "none")
    user.owns(folder)
    engine = find_engine().readable_for(user, state=folder / "engine")
    first, second = (Node(folder / name, user, engine) for name in ("first", "second"))
    first.run("initdb", "-U", "fazhi", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust")
    shutil.copytree(first.folder, second.folder)
    (second.folder / "standby.signal").touch()
    for path in (second.folder, *second.folder.rglob("*")):
        user.owns(path)
    alike = "-c timezone=UTC -c log_timezone=UTC -c max_connections=100"
    try:
        first.start(alike)
        leads = f"-c primary_conninfo='host=127.0.0.1 port={first.port} user=fazhi'"
        second.start(alike, leads)
        first.execute("alter system set synchronous_standby_names = '*'")
        first.execute("select pg_reload_conf()")
        _wait_until_synchronous(first)
        address = Address(first)
        try:
            yield address, first, second
        finally:
            address.close()
    finally:
        for node in (first, second):
            with suppress(AssertionError):  # the first was killed
                node.run("pg_ctl", "stop", "-w", "-m", "immediate")


def _wait_until_synchronous(node: Node) -> None:
    deadline = time.monotonic() + PATIENCE
    while not node.execute("select count(*) from pg_stat_replication where sync_state = 'sync'"):
        assert time.monotonic() < deadline, "the standby does not follow"
        time.sleep(0.1)
