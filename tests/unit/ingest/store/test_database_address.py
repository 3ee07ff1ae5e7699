"""FAZHI_DATABASE_URL: what is accepted, and that no message shows a piece of a password."""

from __future__ import annotations

import psycopg
import pytest

from ingest.errors import DatabaseUnavailableError
from ingest.store.address import check_url, reason, shown


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://localhost/fazhi",
        "postgres://me:p%40ss@db.example:5433/fazhi?sslmode=require",
        "postgresql://me:p?ss@db/fazhi",
        "postgresql://db/fazhi?user=me@example",
        "postgresql:///fazhi?host=%2Frun%2Fpostgresql",
        "postgresql://a:b@h1,h2:5433/fazhi?target_session_attrs=primary",
    ],
)
def test_libpq_addresses_are_accepted_as_they_are(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "me:s3cret@db/fazhi",
        "mysql://me:s3cret@db/fazhi",
        "postgresql+psycopg://me:s3cret@db/fazhi",
        "postgresql://me:s3@cret@db/fazhi",
        "postgresql://me:s3/cret@db/fazhi",
        "postgresql://me:s3?cr@et@db/fazhi",
        "postgresql://me:s3cret@db:port/fazhi?nonsense=s3cret",
        "s3cret",
    ],
)
def test_a_wrong_address_is_one_line_that_repeats_nothing_of_it(url: str) -> None:
    with pytest.raises(DatabaseUnavailableError) as caught:
        check_url(url)
    message = str(caught.value)
    assert "\n" not in message
    assert "s3" not in message
    assert "cret" not in message
    assert caught.value.__cause__ is None


def test_an_address_is_shown_without_user_and_password() -> None:
    assert shown("postgresql://me:s3cret@db:5433/fazhi") == "db:5433/fazhi"
    assert shown("postgresql://fazhi@/fazhi?host=%2Frun%2Fx&port=5432") == "/run/x/fazhi"


def test_libpqs_words_become_one_line_without_the_password() -> None:
    url = "postgresql://me:s3cret@db/fazhi"
    error = psycopg.OperationalError(
        'connection failed: connection to server at "db", port 5432 failed: FATAL:  '
        "no s3cret for you\n\tIs the server running?"
    )
    assert reason(error, url) == "no *** for you"
