"""The agenda of one crawl: tasks by rank, everything asked for once, and the sum of the notes."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

from crawler.addresses import page_key
from crawler.frontier import Note, PageMemory, Step, Unfinished
from crawler.task import Task


class Agenda:
    """What is to be asked for next. One task is in hand at a time."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Task]] = []
        self._keys: set[str] = set()
        self._order = 0
        self._added: list[Task] = []
        self._claimed: list[str] = []

    def resume(self, left: Unfinished) -> None:
        """Take up where a crawl broke off."""
        self._keys.update(left.keys)
        for task in left.pending:
            self._push(task)

    def claim(self, url: str) -> bool:
        """True the first time a page is met (as the target of a redirect), False ever after."""
        key = page_key(url)
        if key in self._keys:
            return False
        self._keys.add(key)
        self._claimed.append(key)
        return True

    def add(self, task: Task) -> bool:
        """Put a task down; False if its page was asked for or waits already."""
        if task.key in self._keys:
            return False
        self._keys.add(task.key)
        self._push(task)
        self._added.append(task)
        return True

    def knows(self, task: Task) -> bool:
        """Whether its page was asked for, or waits."""
        return task.key in self._keys

    def waits_for(self, column: str) -> bool:
        """Whether further pages of a column are still to be asked for."""
        return any(task.column == column for *_, task in self._heap if task.way == "listing")

    def add_all(self, tasks: Iterable[Task]) -> int:
        """How many of the tasks were new."""
        return sum([self.add(task) for task in tasks])

    def take(self, worth: Callable[[Task], bool]) -> Task | None:
        """The task to do now; those not worth it any more are passed over. None at the end."""
        while self._heap:
            task = heapq.heappop(self._heap)[2]
            if worth(task):
                return task
        return None

    def step(self, task: Task, note: Note, page: PageMemory | None = None) -> Step:
        """The task in hand is done: all that it changed since it was taken."""
        done = Step(task.key, note, self.fresh(), tuple(self._claimed), page)
        self._claimed.clear()
        return done

    def fresh(self) -> tuple[Task, ...]:
        """The tasks put down since this was last asked."""
        added = tuple(self._added)
        self._added.clear()
        return added

    def _push(self, task: Task) -> None:
        self._order += 1
        heapq.heappush(self._heap, (-task.rank, self._order, task))
