"""Real servers for integration tests.

    home       an empty FAZHI_HOME that also works as root; what runs in it is stopped afterwards
    database   a migrated, empty database: once on the embedded server, once on a system PostgreSQL
    server     the server behind it, for tests that need other databases or accounts

One server of each kind runs for the whole session; each test gets a database of its own, copied
from a template. The system server is skipped where its programs are not installed.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from ingest.store.database import Database, open_database
from ingest.store.embedded import EmbeddedServer
from ingest.store.locks import is_free
from ingest.store.migrate import migrate
from ingest.store.service_user import ServiceUser, choose_service_user

TEMPLATE = "template_fazhi"


@dataclass(frozen=True)
class Server:
    """A running server and the account of its superuser."""

    kind: str
    address: str
    """libpq URI with one %s for the database's name."""

    def url(self, database: str) -> str:
        return self.address % quote(database)

    def url_as(self, user: str, database: str) -> str:
        """The same for another account (password = its name, where passwords count)."""
        parts = psycopg.conninfo.conninfo_to_dict(self.url(database))
        host, port = quote(str(parts["host"]), safe=""), parts["port"]
        return f"postgresql://{user}:{user}@/{quote(database)}?host={host}&port={port}"

    def execute(self, statement: sql.Composable | Any, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)

    def create(self, template: str = "template0") -> str:
        name = f"t_{secrets.token_hex(6)}"
        command = sql.SQL("create database {} template {}")
        self.execute(command.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        self.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def public_directory() -> Path:
    """A new directory that every user may enter, with a short path."""
    for place in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        path = Path(tempfile.mkdtemp(prefix="fz-", dir=place))
        path.chmod(0o755)
        if len(str(path)) < 60 and all(parent.stat().st_mode & 0o001 for parent in path.parents):
            return path
        path.rmdir()
    pytest.skip("no temporary directory is open to every user")


@pytest.fixture(scope="session")
def remover() -> Iterator[Executor]:
    """Clears directories away while the next test runs: a cluster is a thousand files."""
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture
def home(remover: Executor) -> Iterator[Path]:
    """An empty FAZHI_HOME."""
    directory = public_directory()
    path = directory / "home"
    path.mkdir(mode=0o755)
    yield path
    stop_what_runs_in(path)
    remover.submit(shutil.rmtree, directory)


def stop_what_runs_in(home: Path) -> None:
    """A test that killed the last user leaves the server running: join it, and leave."""
    alive = home / "locks" / "alive"
    if alive.exists() and not is_free(alive):
        server = EmbeddedServer(home)
        server.join()
        server.leave()


@pytest.fixture(scope="session", params=["embedded", "system"])
def server(request: pytest.FixtureRequest) -> Server:
    """A server with a migrated template database.

    Both stay up to the end, in whatever order the tests come: one process of several takes a file
    of tests at a time, and would otherwise make a cluster anew for each.
    """
    running: Server = request.getfixturevalue(f"{request.param}_server")
    return running


@pytest.fixture(scope="session")
def embedded_server() -> Iterator[Server]:
    """The server that comes with the project."""
    with _embedded_server() as running:
        _make_template(running)
        yield running


@pytest.fixture(scope="session")
def system_server() -> Iterator[Server]:
    """The server that is installed on this machine."""
    with _system_server() as running:
        _make_template(running)
        yield running


def _make_template(running: Server) -> None:
    name = sql.Identifier(TEMPLATE)
    running.execute(sql.SQL("create database {} template template0").format(name))
    with open_database(url=running.url(TEMPLATE)) as database:
        migrate(database)


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """A migrated database without captures."""
    name = server.create(TEMPLATE)
    with open_database(url=server.url(name)) as opened:
        yield opened
    server.drop(name)


@contextmanager
def _embedded_server() -> Iterator[Server]:
    directory = public_directory()
    embedded = EmbeddedServer(directory / "home")
    embedded.join()
    try:
        running = Server("embedded", embedded.url("DATABASE").replace("%", "%%"))
        running = Server("embedded", running.address.replace("DATABASE", "%s"))
        # Losing a test's data in a power cut is no loss.
        running.execute("alter system set fsync = off")
        running.execute("select pg_reload_conf()")
        yield running
    finally:
        embedded.leave()
        shutil.rmtree(directory)


def system_programs() -> Path | None:
    """Where the programs of an installed PostgreSQL server are, newest first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_major, reverse=True)
    if not found and (config := shutil.which("pg_config")):
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True)
        found = [path for path in [Path(told.stdout.strip()) / "initdb"] if path.exists()]
    return found[0].parent if found else None


def _major(initdb: Path) -> int:
    name = initdb.parent.parent.name
    return int(name) if name.isdecimal() else 0


@contextmanager
def _system_server() -> Iterator[Server]:
    """A PostgreSQL as an administrator would run it: over TCP, with passwords."""
    programs = system_programs()
    if programs is None:
        pytest.skip("no system PostgreSQL is installed (Debian: apt install postgresql)")
    directory = public_directory()
    user = choose_service_user(directory / "none")
    user.owns(directory)
    password = secrets.token_urlsafe(12)
    try:
        port = _start_system_server(programs, directory, user, password)
        yield Server("system", f"postgresql://postgres:{password}@127.0.0.1:{port}/%s")
    finally:
        user.run([str(programs / "pg_ctl"), "stop", "-m", "immediate", "-D", str(directory / "pg")])
        shutil.rmtree(directory)


def _start_system_server(programs: Path, directory: Path, user: ServiceUser, password: str) -> int:
    secret = directory / "password"
    secret.write_text(password)
    user.owns(secret)
    data = directory / "pg"
    made = user.run(
        [
            *(str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--encoding=UTF8"),
            *("--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"),
        ]
    )
    assert made.returncode == 0, made.stdout
    for _ in range(5):  # another program may take the free port first
        port = _free_port()
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {directory} -c fsync=off"
        log = directory / "log"
        started = user.run(
            [
                *(str(programs / "pg_ctl"), "start", "-w", "-D", str(data)),
                *("-l", str(log), "-o", options),
            ]
        )
        if started.returncode == 0:
            return port
        time.sleep(0.2)
    raise AssertionError(log.read_text())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Account:
    """An ordinary user to run this project's code as."""

    user: ServiceUser
    python: str
    environment: dict[str, str]

    @property
    def options(self) -> dict[str, Any]:
        """For subprocess: who, where from, and with which modules."""
        return {
            "user": self.user.uid,
            "group": self.user.gid,
            "extra_groups": [],
            "cwd": "/",
            "env": self.environment,
        }


@pytest.fixture(scope="session")
def ordinary() -> Account:
    """As root, an account that can run this checkout; skipped otherwise."""
    if os.geteuid() != 0:
        pytest.skip("we are an ordinary user, so every other test shows it")
    user = choose_service_user(Path("/none"))
    modules = [str(Path(__file__).parents[2]), *(path for path in sys.path if "-packages" in path)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(modules)}
    # The one of a virtual environment may be a link into root's home.
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, shutil.which(version, path="/usr/bin:/usr/local/bin")):
        account = Account(user, python or "", environment)
        command = [account.python, "-c", "import ingest.store.database"]
        with suppress(PermissionError, FileNotFoundError):
            tried = subprocess.run(command, capture_output=True, check=False, **account.options)
            if tried.returncode == 0:
                return account
    pytest.skip(f"user {user.name} cannot run a Python with this checkout")
