"""Listings that are JSON: records with a title, an address and a date, under many names."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from crawler.families.addresses import absolute
from crawler.families.base import Entry, Listing, ListingRequest, Page
from crawler.families.entries import iso_date

CHINA = timezone(timedelta(hours=8))
TITLES = ("title", "doctitle", "_doctitle", "FileName", "BT")
ADDRESSES = ("url", "docpuburl", "chnldocurl", "post_url", "link")
DATES = (
    *("date", "publishedTimeStr", "display_publish_time", "first_publish_time", "trs_time"),
    *("docreltime", "pubdate", "FBRQ", "DOCRELPUBTIME", "pubtimeStr", "pubtime", "ptime"),
    *("writeTimeString", "writeTime", "openTime", "publishTime", "time", "created_at"),
)
_TAG = re.compile(r"<[^<>]*>")
_EPOCHS = ((10**9, 10**10, 1), (10**12, 10**13, 1000))
"""Seconds and milliseconds since 1970, for 2001 to 2286."""


def entries_of(page: Page, rows: object) -> tuple[Entry, ...]:
    """The records that lead somewhere and have a name, each address once, in their order."""
    found: dict[str, Entry] = {}
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            continue
        fields = {str(name).lower(): value for name, value in row.items()}
        url = absolute(page, _first(fields, ADDRESSES))
        title = plain(_first(fields, TITLES))
        if url and title:
            found.setdefault(url, Entry(url, title, _date(fields)))
    return tuple(found.values())


def answer(
    page: Page, rows: object, following: Iterable[ListingRequest], claimed: int = 0
) -> Listing:
    """The listing that an answer's records make; ``claimed`` is the column's own count of them."""
    entries = entries_of(page, rows)
    debris = len(rows) - len(entries) if isinstance(rows, list) else 0
    return Listing(entries, tuple(following), claimed=claimed, debris=debris)


def plain(text: str) -> str:
    """Text without the tags that mark a search's hits, entities resolved, white space folded."""
    text = html.unescape(_TAG.sub("", text))
    return " ".join(text.encode("utf-8", "replace").decode().split())


def child(data: object, *path: str) -> Any:
    """What lies at a path of names in nested objects; None where the path breaks off."""
    for name in path:
        data = data.get(name) if isinstance(data, Mapping) else None
    return data


def number(value: object) -> int:
    """A count given as a number or as digits; 0 for anything else."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return int(value) if 0 <= value < 10**9 else 0
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def asked(url: str, name: str) -> str:
    """A parameter of an address as it stands there, not decoded; empty if it is missing."""
    pairs = (part.partition("=") for part in urlsplit(url).query.split("&"))
    return next((value for key, _, value in pairs if key == name), "")


def with_parameter(url: str, name: str, value: object) -> str:
    """The address with one parameter changed or added; the others stay to the letter."""
    parts = urlsplit(url)
    pair = f"{name}={quote(str(value))}"
    pairs = [part for part in parts.query.split("&") if part]
    changed = [pair if part.partition("=")[0] == name else part for part in pairs]
    if pair not in changed:
        changed.append(pair)
    return urlunsplit(parts._replace(query="&".join(changed)))


def _first(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    values = (fields.get(name.lower()) for name in names)
    return next((value.strip() for value in values if isinstance(value, str) and value.strip()), "")


def _date(fields: Mapping[str, Any]) -> str | None:
    for name in DATES:
        value = fields.get(name.lower())
        if found := iso_date(value) if isinstance(value, str) else None:
            return found
        if found := _day_of_epoch(value):
            return found
    return None


def _day_of_epoch(value: object) -> str | None:
    text = str(value) if isinstance(value, (int, str)) else ""
    if not re.fullmatch(r"[0-9]{10}|[0-9]{13}", text):
        return None
    for least, most, unit in _EPOCHS:
        if least <= int(text) < most:
            moment = datetime.fromtimestamp(int(text) / unit, UTC)
            return moment.astimezone(CHINA).date().isoformat()
    return None
