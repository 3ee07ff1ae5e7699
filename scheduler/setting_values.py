"""How one setting's value is read. Each reader takes text (environment) or a TOML value,
returns the value, or raises ValueError that says what is allowed."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from ingest.errors import DatabaseUnavailableError
from ingest.store.address import check_url

MAX_DELAY = 3600.0
MAX_HOURS = 168.0


def path(value: object) -> Path:
    """A path; ``~`` is the user's home directory, a relative one starts where we were started."""
    return Path(text(value)).expanduser().absolute()


def text(value: object) -> str:
    """One line of text."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("must be one line of text")
    return value.strip()


def database_url(value: object) -> str:
    """A libpq URI."""
    try:
        return check_url(text(value))
    except DatabaseUnavailableError as error:
        raise ValueError(str(error).removeprefix("FAZHI_DATABASE_URL ")) from None


def seconds(value: object) -> float:
    """A duration in seconds, 0 to an hour."""
    try:
        number = float(value) if isinstance(value, str | int | float) else math.nan
    except ValueError:
        number = math.nan
    if isinstance(value, bool) or not 0 <= number <= MAX_DELAY:
        raise ValueError(f"must be a number of seconds from 0 to {MAX_DELAY:.0f}")
    return number


def hours(value: object) -> float:
    """Hours, up to a week."""
    try:
        number = float(value) if isinstance(value, str | int | float) else math.nan
    except ValueError:
        number = math.nan
    if isinstance(value, bool) or not 0 <= number <= MAX_HOURS:
        raise ValueError(f"must be a number of hours from 0 to {MAX_HOURS:.0f}")
    return number


def address(value: object) -> str:
    """HOST:PORT."""
    chosen = text(value)
    host, _, port = chosen.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:8017")
    return chosen


def choice(*allowed: str) -> Callable[[object], str]:
    """A reader of one word out of a few, in any case."""

    def read(value: object) -> str:
        word = str(value).strip().lower()
        if word not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return word

    return read


def count(least: int, most: int) -> Callable[[object], int]:
    """A reader of a whole number within bounds."""

    def read(value: object) -> int:
        digits = str(value).strip()
        if isinstance(value, bool) or not digits.isdecimal() or not least <= int(digits) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(digits)

    return read
