"""Opening a database: embedded or real, all behave the same; errors are one line, never secret."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingest.errors import DatabaseUnavailableError, StorageError
from ingest.store.database import Database, open_database, storage_errors


def test_a_connection_is_named_and_not_in_autocommit(database: Database) -> None:
    with database.connect() as connection:
        row = connection.execute("select current_setting('application_name')").fetchone()
        assert row == ("fazhi",)
        assert not connection.autocommit
    with database.connect(application_name="fazhi worker", autocommit=True) as connection:
        row = connection.execute("select current_setting('application_name')").fetchone()
        assert row == ("fazhi worker",)


def test_psql_speaks_to_the_same_database_and_shows_no_password(
    database: Database, server: Any
) -> None:
    argv, environment = database.psql()
    done = subprocess.run(
        [*argv, "-Atc", "select current_database(), '法治'"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    with database.connect() as connection:
        row = connection.execute("select current_database()").fetchone()
    assert row is not None
    assert done.stdout == f"{row[0]}|法治\n"
    password = psycopg.conninfo.conninfo_to_dict(database.url).get("password")
    assert not password or all(str(password) not in argument for argument in argv)


def test_a_server_is_described(database: Database) -> None:
    described = database.describe()
    assert int(described.version.split(".")[0]) >= 15
    assert described.connections >= 1
    assert described.size > 0
    assert not described.embedded


def test_the_embedded_server_is_described_with_its_place(home: Path) -> None:
    with open_database(home=home) as opened:
        described = opened.describe()
    assert described.embedded
    assert described.data_directory == str(home / "postgres")
    assert described.address == f"{home / 'socket'}/fazhi"
    assert described.service_user


def test_the_setting_names_a_real_server(
    database: Database, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAZHI_DATABASE_URL", database.url)
    with open_database(home=home) as opened:
        assert not opened.embedded
        assert opened.url == database.url
    assert not list(home.iterdir())


def test_a_refused_connection_is_one_line() -> None:
    url = "postgresql://someone:s3cret@127.0.0.1:1/fazhi"
    with pytest.raises(DatabaseUnavailableError) as caught:
        open_database(url=url).connect()
    message = str(caught.value)
    assert "127.0.0.1:1/fazhi (Connection refused): check FAZHI_DATABASE_URL" in message
    assert "s3cret" not in message
    assert "\n" not in message


def test_a_wrong_password_is_one_line_without_the_password(server: Any) -> None:
    if server.kind == "embedded":
        pytest.skip("the embedded server asks for no password")
    parts = psycopg.conninfo.conninfo_to_dict(server.url("postgres"))
    url = f"postgresql://postgres:wrong-s3cret@127.0.0.1:{parts['port']}/postgres"
    with pytest.raises(DatabaseUnavailableError) as caught:
        open_database(url=url).connect()
    message = str(caught.value)
    assert "password authentication failed" in message
    assert "s3cret" not in message
    assert "\n" not in message


def test_a_database_that_does_not_exist_is_one_line(server: Any) -> None:
    with pytest.raises(DatabaseUnavailableError, match='database "nowhere" does not exist'):
        open_database(url=server.url("nowhere")).connect()


def test_a_server_that_goes_away_is_one_line(database: Database, server: Any) -> None:
    with (
        pytest.raises(DatabaseUnavailableError, match=r"went away .*run the command again"),
        storage_errors(database),
        database.connect() as connection,
    ):
        pid = connection.info.backend_pid
        server.execute(f"select pg_terminate_backend({pid})")
        connection.execute("select 1")


def test_a_forbidden_statement_is_one_line(database: Database, server: Any) -> None:
    with (
        pytest.raises(StorageError, match=r"may not do this .*permission denied"),
        storage_errors(database),
        database.connect() as connection,
    ):
        connection.execute("set role fazhi_reader")
        connection.execute("delete from reports")


def test_a_statement_that_is_cancelled_is_one_line(database: Database) -> None:
    with (
        pytest.raises(StorageError, match=r"gave up .*statement timeout"),
        storage_errors(database),
        database.connect() as connection,
    ):
        connection.execute("set statement_timeout = 1")
        connection.execute("select pg_sleep(60)")
