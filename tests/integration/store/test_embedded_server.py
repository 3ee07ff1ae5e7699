"""The embedded server, with real processes that race, die and are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingest.store import locks, presence
from ingest.store.database import open_database
from ingest.store.embedded import EmbeddedServer
from ingest.store.site import Site, find_site

CLIENT = """
import sys
from pathlib import Path
from ingest.store.database import open_database
with open_database(home=Path(sys.argv[1])) as database:
    with database.connect() as connection:
        connection.execute("select")
    print("ready", flush=True)
    sys.stdin.readline()
"""
PATIENCE = 60.0


class Client:
    """A process that uses the embedded server until it is told to leave."""

    def __init__(self, home: Path, account: Any = None) -> None:
        self.process = subprocess.Popen(
            [account.python if account else sys.executable, "-c", CLIENT, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **(account.options if account else {}),
        )

    def is_ready(self) -> bool:
        assert self.process.stdout is not None
        return self.process.stdout.readline() == "ready\n"

    def leave(self) -> None:
        _, errors = self.process.communicate("\n", timeout=PATIENCE)
        assert self.process.returncode == 0, errors

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


Start = Callable[..., Client]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts clients; those a failing test leaves behind are ended."""
    clients: list[Client] = []

    def start_client(home: Path, account: Any = None) -> Client:
        clients.append(Client(home, account))
        return clients[-1]

    yield start_client
    for client in clients:
        if client.process.poll() is None:
            client.kill()


def site_of(home: Path) -> Site:
    return find_site(home)


def runs(home: Path) -> bool:
    return not locks.is_free(site_of(home).lock("alive"))


def postmaster(home: Path) -> int:
    found = presence.running_server(site_of(home))
    assert found is not None
    return found.pid


def all_ready(clients: list[Client]) -> bool:
    return [client.is_ready() for client in clients] == [True] * len(clients)


@contextmanager
def joined(server: EmbeddedServer) -> Iterator[EmbeddedServer]:
    server.join()
    try:
        yield server
    finally:
        server.leave()


def test_five_processes_racing_on_an_empty_directory_share_one_server(
    home: Path, start: Start
) -> None:
    clients = [start(home) for _ in range(5)]
    assert all_ready(clients)
    server = postmaster(home)
    for client in clients[:-1]:
        client.leave()
    assert postmaster(home) == server
    clients[-1].leave()
    assert not runs(home)
    assert not list(home.glob("postgres.new-*"))


def test_an_ordinary_user_has_a_server_of_their_own_and_root_may_visit(
    home: Path, start: Start, ordinary: Any
) -> None:
    ordinary.user.owns(home)
    clients = [start(home, ordinary) for _ in range(5)]
    assert all_ready(clients)
    assert (home / "postgres").stat().st_uid == ordinary.user.uid
    with open_database(home=home) as database, database.connect() as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    os.kill(postmaster(home), signal.SIGKILL)
    clients[0].kill()
    late = start(home, ordinary)
    assert late.is_ready()
    for client in [*clients[1:], late]:
        client.leave()
    assert not runs(home)


def test_a_killed_client_neither_stops_the_server_nor_keeps_it(home: Path, start: Start) -> None:
    first, second = start(home), start(home)
    assert first.is_ready()
    assert second.is_ready()
    first.kill()
    with open_database(home=home) as database, database.connect() as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    second.leave()
    assert not runs(home)


def test_a_server_whose_last_user_was_killed_is_taken_over(home: Path, start: Start) -> None:
    client = start(home)
    assert client.is_ready()
    server = postmaster(home)
    client.kill()
    assert locks.is_free(site_of(home).lock("users")), "the server must not hold our lock"
    with open_database(home=home):
        assert postmaster(home) == server
    assert not runs(home)


def test_a_process_that_ends_without_closing_is_the_last_one_out_too(home: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom ingest.store.database import open_database\n"
    )
    script += "database = open_database(home=Path(sys.argv[1]))\nsys.exit(3)"
    done = subprocess.run([sys.executable, "-c", script, str(home)], check=False)
    assert done.returncode == 3
    assert (home / "postgres" / "PG_VERSION").exists()
    assert not runs(home)


BECOMES_ANOTHER = """
import os, sys
from pathlib import Path
from ingest.store.database import open_database
share = open_database(home=Path(sys.argv[1])).hand_over()
os.execv(sys.executable, [sys.executable, "-c", sys.argv[2], sys.argv[1], str(share)])
"""
THE_OTHER = """
import sys
from pathlib import Path
from ingest.store.embedded import EmbeddedServer
print("here", flush=True)
sys.stdin.read()
EmbeddedServer.taken_over(Path(sys.argv[1]), int(sys.argv[2])).leave()
"""


def test_a_share_lasts_while_its_process_becomes_another_program(home: Path) -> None:
    argv = [sys.executable, "-c", BECOMES_ANOTHER, str(home), THE_OTHER]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "here\n"
        with open_database(home=home):
            server = postmaster(home)
        assert runs(home)
        assert postmaster(home) == server
        other.communicate("")
    assert not runs(home)


def test_the_server_belongs_to_no_terminal(home: Path, start: Start) -> None:
    client = start(home)
    assert client.is_ready()
    assert os.getsid(postmaster(home)) not in (os.getsid(0), os.getsid(client.process.pid))
    client.leave()


def test_after_the_server_is_killed_the_next_connection_finds_all_that_was_committed(
    home: Path, start: Start
) -> None:
    with open_database(home=home) as database:
        with database.connect() as connection:
            connection.execute("create table kept (n int)")
            connection.execute("insert into kept values (7)")
        other = start(home)
        assert other.is_ready()
        os.kill(postmaster(home), signal.SIGKILL)
        with database.connect() as connection:
            assert connection.execute("select n from kept").fetchone() == (7,)
        other.leave()
        assert runs(home)


def test_a_killed_server_is_started_again_by_racing_processes(home: Path, start: Start) -> None:
    first = start(home)
    assert first.is_ready()
    os.kill(postmaster(home), signal.SIGKILL)
    first.kill()
    clients = [start(home) for _ in range(4)]
    assert all_ready(clients)
    for client in clients:
        client.leave()
    assert not runs(home)


def test_a_stale_process_number_that_someone_else_has_now_does_not_matter(home: Path) -> None:
    with open_database(home=home):
        pass
    user = site_of(home).user
    identity = {"user": user.uid, "group": user.gid} if user.other else {}
    with subprocess.Popen(["sleep", "60"], **identity) as stranger:
        try:
            stale = home / "postgres" / "postmaster.pid"
            stale.write_text(f"{stranger.pid}\n{home / 'postgres'}\n1\n5432\n{home / 'socket'}\n")
            user.owns(stale)
            with open_database(home=home) as database, database.connect() as connection:
                assert connection.execute("select 1").fetchone() == (1,)
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_cluster_that_was_half_made_is_made_anew(home: Path) -> None:
    half = home / "postgres.new-dead"
    (half / "base").mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    with open_database(home=home):
        pass
    assert not half.exists()


def test_clients_reach_it_through_a_private_socket_only(home: Path) -> None:
    with open_database(home=home) as database, database.connect() as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
    assert (home / "socket").stat().st_mode & 0o777 == 0o700
    assert (home / "postgres").stat().st_mode & 0o777 == 0o700


def test_a_long_home_keeps_its_socket_in_a_short_private_directory(home: Path) -> None:
    long_home = home / ("d" * 60) / ("e" * 60)
    with joined(EmbeddedServer(long_home)) as server:
        found = presence.running_server(server.site)
        assert found is not None
        socket = found.socket
        assert len(str(socket)) < 90
        assert socket.stat().st_mode & 0o777 == 0o700
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert not socket.exists()


def test_a_home_of_any_name_will_do(home: Path) -> None:
    odd = home / "法治, $(id) 'a' \"b\" %41"
    with open_database(home=odd) as database:
        with database.connect() as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        argv, environment = database.psql()
        said = subprocess.run(
            [*argv, "-Atc", "select '范围'"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.stdout == "范围\n", said.stderr


def test_chinese_keeps_its_letters_and_order_is_by_code_point(home: Path) -> None:
    with open_database(home=home) as database, database.connect() as connection:
        row = connection.execute(
            "select to_tsvector('simple', '法治政府 建设')::text, '一' < '丁', upper('é')"
        ).fetchone()
    assert row == ("'建设':2 '法治政府':1", True, "É")
