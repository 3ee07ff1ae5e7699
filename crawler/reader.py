"""The reader of one crawl: what an answer says, what it leads to, and what is to be done next.

It knows nothing of Scrapy and fetches nothing: an answer and its task go in; out come a Note of
what came of it, and new tasks on the agenda. What each kind of page says is in crawler.hubs and
crawler.column_pages; what the crawl knows, in crawler.progress.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crawler.account import Account
from crawler.agenda import Agenda
from crawler.assignment import Assignment
from crawler.column_pages import read_article, read_listing
from crawler.frontier import ColumnMemory, Note, Recollection
from crawler.hubs import read_hub, read_search
from crawler.outcome import ENDS, Reason
from crawler.progress import Progress
from crawler.reading import Answer, Reading
from crawler.task import Task


class Reader:
    """See the module. ``begin`` first."""

    def __init__(self, assignment: Assignment, agenda: Agenda, account: Account):
        self.progress = Progress(assignment, agenda, account)

    def begin(self, recalled: Recollection, now: datetime) -> bool:
        """Put the first tasks on the agenda. True if a crawl that broke off is taken up."""
        return self.progress.begin(recalled, now)

    @property
    def began_at(self) -> datetime:
        """When the crawl, or the one that it takes up, began."""
        return self.progress.began_at

    @property
    def sweep(self) -> bool:
        """Whether everything is read anew."""
        return self.progress.sweep

    def next(self) -> Task | None:
        """The task to do now; None at the end. A portal none of whose known columns has a report
        is searched from the front page."""
        task = self.progress.agenda.take(self.progress.discovery.worth)
        if task is None and not (self.progress.columns.yielded or self.progress.unchanged):
            self.progress.agenda.add(self.progress.discovery.front_page())
            task = self.progress.agenda.take(self.progress.discovery.worth)
        return task

    def learned(self) -> tuple[ColumnMemory, ...]:
        """The columns to remember."""
        return self.progress.columns.learned(self.progress.recalled.columns, self.progress.began_at)

    def conditions(self, task: Task) -> Mapping[str, str]:
        """Headers that ask for a page only if it changed: for articles that are known, and in a
        crawl that is not full for listings."""
        known = self.progress.recalled.pages.get(task.key)
        if known is None or (task.way != "article" and self.progress.full):
            return {}
        given = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in given.items() if value}

    def read(self, answer: Answer, task: Task) -> Reading:
        """What an answer brings. The note has been taken heed of."""
        note = Note(task.way, task.column, task.family, task.name)
        if task.way == "listing":
            reading = read_listing(self.progress, answer, task, note)
        elif answer.fault:
            reading = self.progress.fault(answer, task, note)
        elif task.way == "article":
            reading = read_article(self.progress, answer, task, note)
        elif task.way == "search":
            reading = read_search(self.progress, answer, task, note)
        else:
            reading = read_hub(self.progress, answer, task, note)
        self.progress.heed(reading.note)
        return reading

    def missed(self, task: Task, url: str, known: tuple[Reason, str] | None) -> Reading:
        """A task that got no answer; ``known`` is None where nothing is lost by it."""
        note = Note(task.way, task.column, task.family, task.name)
        if known and known[0] in ENDS:
            return Reading(note, leave=known)
        if known is not None:
            note = self.progress.fail_task(note, task, known[0], url, known[1])
        self.progress.heed(note)
        return Reading(note)
