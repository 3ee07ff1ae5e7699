"""How settings that name a place on the network are read: as in setting_values, each reader
returns the value or raises ValueError that says what is allowed, and repeats nothing secret."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from scheduler.setting_values import text

OFF = "off"
SHORTEST_TOKEN = 16
MAIL_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[A-Za-z0-9.-]+")


def listening(value: object) -> str:
    """HOST:PORT to listen at (port 0: any free one), or ``off``."""
    chosen = text(value)
    if chosen.lower() == OFF:
        return OFF
    host, _, port = chosen.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    bracketed = host != bare
    if not bare or not port.isdecimal() or int(port) > 65535 or (":" in bare) != bracketed:
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:8018 or [::1]:8018, or off")
    return chosen


def secret(value: object) -> str:
    """A secret that is long enough not to be guessed."""
    chosen = text(value)
    if len(chosen) < SHORTEST_TOKEN or not chosen.isascii() or " " in chosen:
        raise ValueError(
            f"must be at least {SHORTEST_TOKEN} ASCII characters without blanks: "
            "openssl rand -hex 16 makes one"
        )
    return chosen


def web_address(value: object) -> str:
    """An http or https URL."""
    parts = _split(value, ("http", "https"), "https://host/path")
    if parts.username or parts.password:
        raise ValueError("must have no user or password in it: put a secret into its path")
    return parts.geturl()


def mail_server(value: object) -> str:
    """smtp://[USER:PASSWORD@]HOST[:PORT] (STARTTLS), or smtps:// for TLS from the first byte on."""
    shape = "smtp://user:password@host:587 or smtps://user:password@host:465"
    parts = _split(value, ("smtp", "smtps"), shape)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(f"must be {shape}, special characters percent-encoded")
    if (parts.username is None) != (parts.password is None):
        raise ValueError(f"must give both user and password, or neither: {shape}")
    return parts.geturl()


def mail_addresses(value: object) -> str:
    """Mail addresses, separated by commas."""
    found = [part.strip() for part in text(value).split(",")]
    for each in found:
        if not MAIL_ADDRESS.fullmatch(each):
            raise ValueError("must be mail addresses separated by commas, such as you@example.org")
    return ", ".join(found)


def mail_address(value: object) -> str:
    """One mail address."""
    found = mail_addresses(value)
    if "," in found:
        raise ValueError("must be one mail address, such as fazhi@example.org")
    return found


def _split(value: object, schemes: tuple[str, ...], shape: str) -> SplitResult:
    try:
        parts = urlsplit(text(value))
        good = parts.scheme in schemes and bool(parts.hostname)
        good = good and (parts.port is None or parts.port > 0) and " " not in parts.geturl()
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"must be {shape}, special characters percent-encoded")
    return parts
