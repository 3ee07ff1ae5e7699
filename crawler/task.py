"""A task: one request still to be made, and what it is for. As JSON it outlives the process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlencode

from crawler.addresses import page_key
from crawler.capture import Finding
from crawler.families import ListingRequest

Way = Literal["hub", "search", "listing", "article"]
"""``hub``: on the way to a column; ``search``: an answer of the site's own search."""
ARTICLE_RANK, LISTING_RANK = 2000, 1000
"""What was found is fetched before more is looked for: a crawl may be cut short. Hubs rank by
their promise, which is far below."""
LATE_RANK = 1
"""Deep pages of columns that have a report among many other things: read when all else failed."""


@dataclass(frozen=True, slots=True)
class Task:
    """One request. Of two tasks the higher ``rank`` comes first, of equals the earlier."""

    way: Way
    url: str
    rank: int
    method: Literal["GET", "POST"] = "GET"
    form: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    otherwise: Task | None = None
    """What to ask for instead if there is no such page."""
    column: str | None = None
    """Address of the first page of the column a listing belongs to."""
    family: str | None = None
    """Of a later page of a listing: the family that read the first."""
    score: int = 0
    """Of a hub: what its link promised, 0 to 100."""
    name: str = ""
    """Of a hub or a column: the text of the link that led there."""
    finding: Finding | None = field(default=None)
    """Of an article: the entry that led to it."""

    @property
    def body(self) -> bytes:
        """What is sent: the form, url-encoded."""
        return urlencode(self.form).encode()

    @property
    def key(self) -> str:
        """One text for all addresses of one page, and for each form sent to it."""
        key = page_key(self.url)
        return key if self.method == "GET" else f"{self.method} {key} {self.body.decode()}"


def listing_task(wanted: ListingRequest, column: str, family: str | None, name: str) -> Task:
    """The task of asking for a page of a listing."""
    way: Way = "listing"
    task = Task(way, wanted.url, LISTING_RANK, column=column, family=family, name=name)
    instead = wanted.otherwise
    return replace(
        task,
        method=wanted.method,
        form=wanted.form,
        headers=tuple(wanted.headers.items()),
        otherwise=listing_task(instead, column, family, name) if instead else None,
    )


def as_json(task: Task) -> dict[str, Any]:
    """A task as JSON knows it; only what differs from the defaults."""
    finding = task.finding
    told: dict[str, Any] = {
        "form": [list(pair) for pair in task.form],
        "headers": [list(pair) for pair in task.headers],
        "otherwise": as_json(task.otherwise) if task.otherwise else None,
        "column": task.column,
        "family": task.family,
        "score": task.score,
        "name": task.name,
        "finding": [finding.listing_url, finding.title, finding.date] if finding else None,
    }
    kept = {name: value for name, value in told.items() if value}
    method = {"method": task.method} if task.method != "GET" else {}
    return {"way": task.way, "url": task.url, "rank": task.rank, **method, **kept}


def from_json(told: Mapping[str, Any]) -> Task:
    """The task that ``as_json`` told of."""
    given = dict(told)
    if finding := given.get("finding"):
        given["finding"] = Finding(*finding)
    if instead := given.get("otherwise"):
        given["otherwise"] = from_json(instead)
    for name in ("form", "headers"):
        given[name] = tuple((key, value) for key, value in given.get(name, ()))
    return Task(**given)
