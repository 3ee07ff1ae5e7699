"""What the embedded server says when it cannot run, and where it goes when root may not stay."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingest.errors import EmbeddedServerError
from ingest.store import service_user
from ingest.store.binaries import NEEDED, Engine, find_engine
from ingest.store.database import open_database
from ingest.store.embedded import EmbeddedServer

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, whose server is another user")

TRY_TO_OPEN = """
import sys
from pathlib import Path
from ingest.errors import EmbeddedServerError
from ingest.store.database import open_database
try:
    open_database(home=Path(sys.argv[1]))
except EmbeddedServerError as error:
    print(error)
"""


def complaint(argv: list[str], **options: Any) -> str:
    """The one line that opening prints in a process of its own."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1, done.stdout
    return done.stdout


def test_a_home_that_is_a_file_is_one_clear_line(home: Path) -> None:
    (home / "file").write_text("")
    with pytest.raises(EmbeddedServerError, match=r"cannot write in FAZHI_HOME .*set FAZHI_HOME"):
        open_database(home=home / "file")


def test_a_read_only_home_is_one_clear_line_and_nothing_is_left_in_it(
    home: Path, request: pytest.FixtureRequest
) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o555)
    python, options = sys.executable, {}
    if os.geteuid() == 0:  # whom permissions do not stop
        account = request.getfixturevalue("ordinary")
        python, options = account.python, account.options
    said = complaint([python, "-c", TRY_TO_OPEN, str(closed)], **options)
    assert f"cannot write in FAZHI_HOME {closed} (Permission denied)" in said
    assert not list(closed.iterdir())


@only_root
@pytest.mark.parametrize("size", ["1m", "20m", "40m"])
def test_a_full_disk_is_one_clear_line_and_no_half_cluster(home: Path, size: str) -> None:
    """The disk fills up in initdb (1 MB, 20 MB) or after it, when the server starts (40 MB)."""
    script = (
        f"mount -t tmpfs -o size={size},mode=755 none '{home}' || exit 77; "
        f"\"$@\"; code=$?; ls -A '{home}' >&2; exit $code"
    )
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no unshare to make a small disk with")
    done = subprocess.run(
        [unshare, "-m", "sh", "-c", script, "sh", sys.executable, "-c", TRY_TO_OPEN, str(home)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode in (1, 77) and "ermi" in done.stderr:
        pytest.skip("this machine lets nobody mount a small disk")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1, done.stdout
    assert "No space left on device" in done.stdout
    assert "free some space" in done.stdout
    assert "postgres.new" not in done.stderr


def test_missing_programs_are_one_clear_line(home: Path) -> None:
    with pytest.raises(EmbeddedServerError, match=r"missing .*initdb: run 'make install' again"):
        EmbeddedServer(home, engine=Engine(home)).join()
    assert not (home / "postgres").exists()


def test_a_cluster_of_another_version_is_left_alone(home: Path) -> None:
    with open_database(home=home):
        pass
    version = home / "postgres" / "PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(EmbeddedServerError, match="was made by PostgreSQL 16"):
        open_database(home=home)
    version.write_text("18\n")


def test_a_directory_that_is_no_cluster_is_left_alone(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "letter").write_text("mine")
    with pytest.raises(EmbeddedServerError, match="is not a PostgreSQL data directory"):
        open_database(home=home)
    assert (home / "postgres" / "letter").read_text() == "mine"


def test_a_broken_cluster_is_one_clear_line_with_the_servers_own_words(home: Path) -> None:
    with open_database(home=home):
        pass
    (home / "postgres" / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(EmbeddedServerError, match=r"cannot start .*pg_control.*see .*server\.log"):
        open_database(home=home)
    shutil.rmtree(home / "postgres")


@only_root
def test_without_an_account_named_postgres_nobody_runs_the_server(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_user, "CANDIDATES", ("no-such-user", "nobody"))
    with open_database(home=home) as database:
        assert database.describe().service_user == "nobody"


@only_root
def test_without_any_account_for_the_server_the_line_says_what_to_do(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_user, "CANDIDATES", ("no-such-user",))
    with pytest.raises(EmbeddedServerError, match=r"no user named no-such-user: add one"):
        open_database(home=home)


@only_root
def test_roots_own_closed_home_is_opened_for_the_servers_user(home: Path) -> None:
    home.chmod(0o700)
    with open_database(home=home) as database:
        assert database.describe().data_directory == str(home / "postgres")
        assert database.describe().notes == ()
    assert home.stat().st_mode & 0o777 == 0o701


@only_root
def test_a_home_below_a_closed_directory_keeps_its_cluster_elsewhere_and_says_so(
    home: Path,
) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    state = home / "state"
    server = EmbeddedServer(closed / "home", state=state)
    server.join()
    try:
        with psycopg.connect(server.url()) as connection:
            connection.execute("create table kept ()")
        link = closed / "home" / "postgres"
        assert link.is_symlink()
        assert link.resolve().is_relative_to(state / "clusters")
        assert server.site.note is not None
        assert str(link.resolve()) in server.site.note
    finally:
        server.leave()
    again = EmbeddedServer(closed / "home", state=state)
    again.join()
    try:
        with psycopg.connect(again.url()) as connection:
            assert connection.execute("table kept").fetchall() == []
    finally:
        again.leave()


@only_root
def test_a_deleted_home_does_not_come_back_with_old_data(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    for _ in range(2):
        server = EmbeddedServer(closed / "home", state=home / "state")
        server.join()
        try:
            with psycopg.connect(server.url()) as connection:
                found = connection.execute("select to_regclass('kept')").fetchone()
                connection.execute("create table kept ()")
        finally:
            server.leave()
        assert found == (None,)
        shutil.rmtree(closed / "home")


@only_root
def test_programs_that_the_servers_user_cannot_read_are_copied_where_it_can(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    for part in NEEDED:
        source = find_engine().root / part
        if source.exists():
            shutil.copytree(source, closed / part, symlinks=True)
    state = home / "state"
    server = EmbeddedServer(home / "home", engine=Engine(closed), state=state)
    server.join()
    try:
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert [path.name for path in (state / "engine").iterdir()]
    finally:
        server.leave()
