"""What `fazhi serve` does: check everything that can be wrong, then become the keeper of all roles
(keeper.py), or do one role's work. Each role imports what it needs and no more."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, NoReturn

import structlog

from scheduler.opening import begin, ready_database
from scheduler.roles import RoleName
from scheduler.supervisor import StopSignal, leave_everything, orphaned
from scheduler.work import Work

if TYPE_CHECKING:
    from scheduler.calendar import Schedule
    from scheduler.config import Settings

Task = Callable[[StopSignal], Coroutine[None, None, None]]

log = structlog.get_logger(__name__)


def serve(role: RoleName) -> None:
    """From the front door. Whatever is set wrong is found out now, whatever the role."""
    from scheduler.config import refuse_unknown_variables

    settings = begin(level="info")
    read_schedule = schedule_reader(settings)
    read_schedule()
    refuse_unknown_variables()
    listener = take_address(role, settings.listen)
    with ready_database(settings) as database:
        work = Work(settings, database)
        if role is RoleName.ALL:
            become_keeper(work)
        run(role, work, listener, supervised=False)


def become_keeper(work: Work) -> NoReturn:
    """This process goes on as the keeper: the same process to whoever started it, and our share in
    the embedded server with it, but without all that was loaded to get here."""
    share = work.database.hand_over()
    argv = [sys.executable, "-m", "scheduler.keeper"]
    argv += [] if share is None else [str(share)]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, argv, {**os.environ, **work.settings.environment()})


def run(
    role: RoleName, work: Work, listener: socket.socket | None = None, *, supervised: bool
) -> None:
    """Do one role's work until told to stop, or until the supervising process is gone."""
    task = _TASKS[role](work, listener)

    async def main() -> None:
        with StopSignal(leave_everything) as stop, orphaned(stop, when=supervised):
            log.info("ready", role=role.value)
            await task(stop)

    if role is RoleName.CRAWLER:
        from crawler.crawl import run_in_reactor

        run_in_reactor(main)
    else:
        asyncio.run(main())


def schedule_reader(settings: Settings) -> Callable[[], Schedule]:
    """What reads the schedule file of the settings, time and again. SeedError where it is wrong."""
    from scheduler.schedule_file import load_schedule

    return partial(load_schedule, settings.schedule)


def take_address(role: RoleName, listen: str) -> socket.socket | None:
    """The health endpoint's listening socket. The keeper of all roles only tries the address, so
    that one that cannot be had ends it now, and leaves it to its child."""
    from scheduler.health import listener

    if role is RoleName.HEALTH:
        return listener.bind(listen)
    if role is RoleName.ALL:
        listener.check(listen)
    return None


def _scheduling(work: Work, _: socket.socket | None) -> Task:
    from scheduler.service import schedule_until_stopped
    from scheduler.timetable import Timetable

    timetable = Timetable(work.settings, schedule_reader(work.settings))
    return lambda stop: schedule_until_stopped(work, timetable, stop)


def _crawling(work: Work, _: socket.socket | None) -> Task:
    from scheduler.workers import crawler, work_until_stopped

    return lambda stop: work_until_stopped(work, crawler(work.settings.crawl_concurrency), stop)


def _ingesting(work: Work, _: socket.socket | None) -> Task:
    from scheduler.workers import ingester, work_until_stopped

    return lambda stop: work_until_stopped(work, ingester(), stop)


def _telling_health(work: Work, listener: socket.socket | None) -> Task:
    from scheduler.health.service import tell_health

    return lambda stop: tell_health(work, listener, stop)


_TASKS = {
    RoleName.SCHEDULER: _scheduling,
    RoleName.CRAWLER: _crawling,
    RoleName.INGESTER: _ingesting,
    RoleName.HEALTH: _telling_health,
}
