"""Addresses: which URLs are one page, and which belong to one site. Pure functions on text."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

PRETEND = ".test"
"""Reserved for testing by RFC 6761; our pretend portals live below it."""

_CATEGORIES = "ac com edu gov mil net org"
_PROVINCES = (
    "ah bj cq fj gd gs gx gz ha hb he hi hk hl hn jl js jx ln mo nm nx qh sc sd sh sn sx tj tw "
    "xj xz yn zj"
)
_SECOND_LEVEL = frozenset([*_CATEGORIES.split(), *_PROVINCES.split()])
"""What CNNIC registers names under, below .cn. Pretend portals have the same shape below .test."""


def is_pretend(host: str) -> bool:
    """True for a host of the simulator."""
    return host.rstrip(".").lower().endswith(PRETEND)


def registrable_domain(host: str) -> str:
    """The domain somebody registered: ``fz.gov.cn`` of ``www.fz.gov.cn``. An IP is its own."""
    host = host.rstrip(".").lower()
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        labels = host.split(".")
    below_category = labels[-1] in ("cn", "test") and labels[-2:-1] and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if below_category else -2 :])


def same_site(url: str, base: str) -> bool:
    """True if both URLs are http(s) and their hosts have one registrable domain."""
    here, there = urlsplit(url), urlsplit(base)
    if {here.scheme, there.scheme} - {"http", "https"} or not here.hostname or not there.hostname:
        return False
    return registrable_domain(here.hostname) == registrable_domain(there.hostname)


def page_key(url: str) -> str:
    """One key for the addresses of one page: http and https, ``_wap.html``, fragments."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    path = re.sub(r"_wap(\.s?html?)$", r"\1", parts.path or "/")
    return urlunsplit(("", host + port, path, parts.query, ""))


def in_scheme_of(url: str, known: str) -> str:
    """The URL with the scheme of ``known`` where both are on one host.

    A listing that answered proves its scheme; links to the twin scheme often do not answer.
    """
    here, there = urlsplit(url), urlsplit(known)
    if here.hostname != there.hostname or here.port or there.port:
        return url
    return urlunsplit(here._replace(scheme=there.scheme))
