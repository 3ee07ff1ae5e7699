"""Quirks: what is special about one portal, each known by its key, and what we do about it.

The registry holds them as ``key=value YYYY-MM-DD reason``. A key or value that nothing would act
upon is refused when the registry is read.

    access   how the site answered a plain fetch. ``other_scheme``: http and https are exchanged;
             ``mobile_agent``: we name ourselves in the form that telephones use;
             ``challenge``, ``unreachable``, ``unsteady``: for people, nothing follows from it
    tls      what its TLS is allowed, joined by +. ``legacy``: renegotiation without RFC 5746,
             TLS 1.0, short keys and weak ciphers; ``no_ecdhe``: no key exchange on elliptic curves,
             for servers that answer it with a bad point; ``unverified``: a certificate that nobody
             vouches for
    delay    seconds between two requests, where it wants more than others
    pages    requests a day, at most
    hours    when it may be visited, in China's time: ``22:00-06:00``
    hosts    other hosts that are its own, joined by +: an address without a name, another domain
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from crawler.hours import Hours

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_FOR_PEOPLE = ("challenge", "unreachable", "unsteady")


@dataclass(frozen=True, slots=True)
class Quirks:
    """The quirks of a portal, ready to be acted upon."""

    other_scheme: bool = False
    mobile_agent: bool = False
    legacy_tls: bool = False
    no_ecdhe_tls: bool = False
    unverified_tls: bool = False
    delay: float | None = None
    pages: int | None = None
    hours: Hours | None = None
    hosts: frozenset[str] = field(default_factory=frozenset)


def read_quirks(quirks: Mapping[str, str]) -> Quirks:
    """The quirks of a row of the registry; ValueError names the one that means nothing."""
    read: dict[str, Any] = {}
    for key, text in quirks.items():
        if key not in _READERS:
            raise ValueError(f"quirk {key!r} is unknown; it is one of {', '.join(_READERS)}")
        try:
            read.update(_READERS[key](text.split(" ", 1)[0]))
        except ValueError as error:
            raise ValueError(f"quirk {key}: {error}") from None
    return Quirks(**read)


def _access(value: str) -> dict[str, Any]:
    if value in ("other_scheme", "mobile_agent"):
        return {value: True}
    if value not in _FOR_PEOPLE:
        known = ("other_scheme", "mobile_agent", *_FOR_PEOPLE)
        raise ValueError(f"{value!r} is not one of {', '.join(known)}")
    return {}


def _tls(value: str) -> dict[str, Any]:
    words = value.split("+")
    if unknown := set(words) - {"legacy", "no_ecdhe", "unverified"}:
        raise ValueError(f"{min(unknown)!r} is not one of legacy, no_ecdhe, unverified")
    return {f"{word}_tls": True for word in words}


def _delay(value: str) -> dict[str, Any]:
    if not re.fullmatch(r"\d{1,4}(\.\d+)?", value) or not 0 < float(value) <= 3600:
        raise ValueError(f"{value!r} is not a number of seconds up to 3600")
    return {"delay": float(value)}


def _pages(value: str) -> dict[str, Any]:
    if not re.fullmatch(r"[1-9]\d{0,5}", value):
        raise ValueError(f"{value!r} is not a number of requests from 1 to 999999")
    return {"pages": int(value)}


def _hours(value: str) -> dict[str, Any]:
    return {"hours": Hours.read(value)}


def _hosts(value: str) -> dict[str, Any]:
    hosts = value.lower().split("+")
    bad = [host for host in hosts if not _HOST.fullmatch(host)]
    if bad:
        raise ValueError(f"{bad[0]!r} is not a host name or IPv4 address")
    return {"hosts": frozenset(hosts)}


_READERS: Mapping[str, Callable[[str], dict[str, Any]]] = MappingProxyType(
    {
        "access": _access,
        "tls": _tls,
        "delay": _delay,
        "pages": _pages,
        "hours": _hours,
        "hosts": _hosts,
    }
)
