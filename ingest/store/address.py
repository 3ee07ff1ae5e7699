"""The address of a real server, FAZHI_DATABASE_URL: read, judged, shown without its password."""

from __future__ import annotations

import psycopg
from psycopg import conninfo

from ingest.errors import DatabaseUnavailableError

SETTING = "FAZHI_DATABASE_URL"
SHAPE = "postgresql://user:password@host:5432/database"


def check_url(url: str) -> str:
    """The address itself when libpq can read it.

    Errors: DatabaseUnavailableError. Nothing of a wrong address is repeated in the message, for a
    piece of it that is misread as host or port may be a piece of the password.
    """
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres"):
        raise DatabaseUnavailableError(f"{SETTING} is not a PostgreSQL address: write {SHAPE}")
    if _misread(rest):
        raise DatabaseUnavailableError(
            f"{SETTING} has an '@' or '/' in its user or password: write them as %40 and %2F"
        )
    try:
        conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        # The cause is not chained: libpq quotes the part it stumbled over.
        raise DatabaseUnavailableError(
            f"{SETTING} cannot be read as a PostgreSQL address: write {SHAPE}, "
            "with special characters percent-encoded"
        ) from None
    return url


def shown(url: str) -> str:
    """Host, port and database, for messages: ``host:port/database``, or the socket's directory."""
    parts = conninfo.conninfo_to_dict(url)
    host, port = parts.get("host") or "local socket", parts.get("port")
    place = f"{host}:{port}" if port and not str(host).startswith("/") else str(host)
    return f"{place}/{parts.get('dbname') or parts.get('user') or ''}"


def reason(error: psycopg.Error, url: str) -> str:
    """The server's or libpq's own words in one line, without the password."""
    words = error.diag.message_primary or str(error).strip() or type(error).__name__
    line = words.splitlines()[0].rpartition("failed: ")[2].removeprefix("FATAL:").strip()
    password = str(conninfo.conninfo_to_dict(url).get("password") or "")
    return line.replace(password, "***") if password else line


def _misread(rest: str) -> bool:
    """Whether libpq would end the password at the wrong '@' or '/', and take the rest for a host.

    It takes credentials to be what stands before the first '@', if no '/' comes before that.
    """
    head, _, tail = rest.partition("@")
    if "/" in head:
        return "@" in rest.partition("?")[0]
    return "@" in tail.partition("?")[0]
