"""Discovery: from the front page to the columns of the reports, best link first, within a budget.

A link is worth what its name and its address promise, by the column rules of the kinds of report
(seeds/kinds), and a share of what the page promised that shows it: 规划计划 below 司法局 is worth
more than 规划计划 on the front page. What no rule knows is looked at last, and only below pages
that promised something themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crawler.addresses import same_site
from crawler.families import Listing, ListingRequest, Page
from crawler.frontier import Note
from crawler.links import (
    Link,
    column_of_article,
    crumbs_of,
    frames_of,
    links_of,
    looks_like_article,
)
from crawler.screening import TitleRules
from crawler.task import LATE_RANK, Task

BUDGET = 60
"""Pages a portal may cost before we give up: hubs, searches and first pages of columns."""
LOOK_AROUND, LOOKED_AT = 18, 16
"""Pages that are still spent after a column was found, for there may be a second; and what a link
must promise then."""
LONGEST_NAME = 16
"""A column's name is short and has no year; longer texts are the titles of articles."""
NAMED = 80
"""Weight from which a column rule names the subject itself, not only a place on the way."""
LIKELY = 40
"""Weight from which a place is one where the reports often are."""
LEAST = 8
"""Below this a listing that shows no report is not read further."""
HOPE = 2
"""What any short name is worth that is no dead end: tried when nothing better is left."""
INHERITED, PASSED_ON = 0.25, 0.35
"""Shares of a page's promise: on top of a link's own, and for a link that no rule knows."""
FRONT_SCORE = 30
"""The front page shows everything: what it links to is worth no more for that."""
SEARCH_SCORE = 70
"""A site's own search comes after links that name the subject, and before places on the way."""
_YEAR = re.compile(r"20\d\d")
_ONLY_YEAR = re.compile(r"(20\d\d)(年度?)?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where links were met: the page's own promise, 0 to 100, and the address that has it."""

    url: str
    score: int


class Discovery:
    """Which links are worth a request, and how many requests may still be spent on them."""

    def __init__(self, kinds: Sequence[TitleRules], front: str, budget: int = BUDGET):
        self.kinds = kinds
        self.front = front
        self.budget = budget
        self.spent = 0
        self._spent_when_found: int | None = None
        self._judged: set[tuple[str, str]] = set()

    # -- the budget --------------------------------------------------------------------------

    def heed(self, note: Note) -> None:
        """Count what a task cost, and whether a column was found."""
        self.spent += note.way in ("hub", "search")
        if note.yielded and self._spent_when_found is None:
            self._spent_when_found = self.spent

    def worth(self, task: Task) -> bool:
        """Whether a task is still worth its request; articles always are, and listings but for
        the deep pages of mixed columns where a column of reports was found."""
        if task.way not in ("hub", "search"):
            return task.rank != LATE_RANK or self._spent_when_found is None
        if self.spent >= self.budget:
            return False
        found = self._spent_when_found
        if found is None or task.score >= NAMED:
            return True
        return task.score >= LOOKED_AT and self.spent - found < LOOK_AROUND

    # -- leads -------------------------------------------------------------------------------

    def front_page(self) -> Task:
        """Where it begins."""
        return self._task(self.front, "", FRONT_SCORE)

    def leads(self, page: Page, listing: Listing, place: Place) -> Iterable[Task]:
        """The links of a page that are worth following, each address once, under the name that
        promises most; and the listings that its script offers. Dated entries are articles."""
        offered = [Link(each.url, each.name) for each in listing.offers]
        dated = {entry.url for entry in listing.entries if entry.date}
        best: dict[str, Task] = {}
        for link in (*links_of(page, self._judged), *offered):
            task = None if link.url in dated else self._lead(link, place)
            if task and (task.key not in best or best[task.key].rank < task.rank):
                best[task.key] = task
        if place.score >= LIKELY or place.url == self.front:
            for url in frames_of(page):
                for task in self._tasks(url, "", int(min(place.score, NAMED - 1) * 0.9)):
                    best.setdefault(task.key, task)
        return best.values()

    def trail(self, page: Page, url: str) -> Iterator[Task]:
        """The column of an article that is a report: named by its address, or last of its trail."""
        if named := column_of_article(url):
            yield from self._tasks(named, "", NAMED + 5)
        for link in crumbs_of(page)[-1:]:
            yield from self._tasks(link.url, link.name, NAMED + 5)

    def search(self, request: ListingRequest) -> Task:
        """The task of asking the site's own search."""
        return Task(
            way="search",
            url=request.url,
            rank=SEARCH_SCORE * 9,
            method=request.method,
            form=request.form,
            headers=tuple(request.headers.items()),
            score=SEARCH_SCORE,
        )

    def promise(self, link: Link, place: Place) -> int:
        """What a link is worth, 0 to 100, on a page of some promise; see the module."""
        own = max(rules.score_column(link.name, link.slug) for rules in self.kinds)
        if own < NAMED and any(rules.is_dead_end(link.name) for rules in self.kinds):
            return 0
        if link.to_article:
            own //= 2
        if own:
            with_place = int(own + INHERITED * place.score) if place.url != self.front else own
            return min(100 if own >= NAMED else NAMED - 1, with_place)
        if link.to_article or len(link.name) < 2:
            return 0
        passed_on = 0 if place.url == self.front else int(PASSED_ON * min(place.score, NAMED))
        return max(HOPE, passed_on)

    def _lead(self, link: Link, place: Place) -> Task | None:
        if len(link.name) > LONGEST_NAME or not same_site(link.url, self.front):
            return None
        if year := _ONLY_YEAR.fullmatch(link.name):
            if place.score < LIKELY or looks_like_article(link.url):
                return None
            score = min(100, place.score) - 1
            return self._task(link.url, link.name, score, tie=int(year[1]) - 2000)
        if _YEAR.search(link.name) or link.name.isdecimal():
            return None
        score = self.promise(link, place)
        return self._task(link.url, link.name, score) if score else None

    def _tasks(self, url: str, name: str, score: int) -> Iterator[Task]:
        if same_site(url, self.front):
            yield self._task(url, name, score)

    def _task(self, url: str, name: str, score: int, tie: int = 0) -> Task:
        """Rank leaves room for a tie-break among equals: the newest year first."""
        return Task(way="hub", url=url, rank=score * 9 + min(8, tie // 4), score=score, name=name)
