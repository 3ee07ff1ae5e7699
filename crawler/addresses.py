"""Addresses: which URLs are one page, and which belong to one site. Pure functions on text."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

PRETEND = ".test"
"""Reserved for testing by RFC 6761; our pretend portals live below it."""

_CATEGORIES = "ac com edu gov mil net org"
_PROVINCES = (
    "ah bj cq fj gd gs gx gz ha hb he hi hk hl hn jl js jx ln mo nm nx qh sc sd sh sn sx tj tw "
    "xj xz yn zj"
)
_LIKE_CN = tuple(f"{label}.test" for label in (*_CATEGORIES.split(), *_PROVINCES.split()))
"""Pretend portals have below .test the shape of names that CNNIC registers below .cn."""


@cache
def _suffixes() -> TLDExtract:
    """The Public Suffix List as the library brings it: nothing is fetched, nothing is cached."""
    from tldextract import TLDExtract  # five megabytes that not every process of the service needs

    return TLDExtract(
        cache_dir=None,
        suffix_list_urls=(),
        include_psl_private_domains=True,
        extra_suffixes=("test", *_LIKE_CN),
    )


def is_pretend(host: str) -> bool:
    """True for a host of the simulator."""
    return host.rstrip(".").lower().endswith(PRETEND)


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """The domain somebody registered: ``fz.gov.cn`` of ``www.fz.gov.cn``. An IP is its own."""
    host = host.rstrip(".").lower()
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return _suffixes()(host).top_domain_under_public_suffix or host


def same_site(url: str, base: str) -> bool:
    """True if both URLs are http(s) and their hosts have one registrable domain."""
    site = _site(url)
    return site is not None and site == _site(base)


@lru_cache(maxsize=16_384)  # menus are the same on every page
def _site(url: str) -> str | None:
    """The registrable domain of an http(s) URL; None for any other."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return registrable_domain(parts.hostname)


@lru_cache(maxsize=16_384)  # asked for wherever a task is looked up, a dozen times a page
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


def in_other_scheme(url: str) -> str:
    """The URL with http and https exchanged; one with a port of its own is left as it is."""
    parts = urlsplit(url)
    if parts.port:
        return url
    return urlunsplit(parts._replace(scheme="http" if parts.scheme == "https" else "https"))
