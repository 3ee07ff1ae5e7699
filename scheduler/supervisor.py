"""Keeps child processes alive: one a role, restarted with back-off, stopped together.

A child's standard input is a pipe whose other end only this process holds: when this process
dies, even by kill -9, the child reads the end of it and stops by itself (``orphaned``).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence

import structlog

STOP_WITHIN = 30.0
"""Seconds from the first signal until what is left is killed."""
LONGEST_WAIT = 60.0
STEADY = 60.0
"""Seconds after which a child counts as having started well."""
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger(__name__)


def back_off(failures: int) -> float:
    """Seconds to wait before a child is started again: 1, 2, 4 ... 60."""
    return min(2.0 ** max(failures - 1, 0), LONGEST_WAIT)


class StopSignal:
    """SIGTERM and SIGINT: the first asks to stop, the second to stop at once (``at_once``). SIGHUP
    asks to read settings anew, and ends nothing."""

    def __init__(
        self,
        at_once: Callable[[], object] = lambda: None,
        reload: Callable[[], object] | None = None,
    ) -> None:
        self.asked = asyncio.Event()
        self.insisted = asyncio.Event()
        self.at_once = at_once
        self.reload = reload
        """What SIGHUP asks for; None where there is nothing to read anew."""

    def __enter__(self) -> StopSignal:
        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, self.notice)
        loop.add_signal_handler(signal.SIGHUP, self._hang_up)
        return self

    def __exit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        for number in (*STOP_SIGNALS, signal.SIGHUP):
            loop.remove_signal_handler(number)

    def _hang_up(self) -> None:
        if self.reload:
            self.reload()

    async def wait(self, seconds: float) -> bool:
        """Rest for so long, or until told to stop; True when it is time to stop."""
        try:
            async with asyncio.timeout(seconds):
                await self.asked.wait()
        except TimeoutError:
            return False
        return True

    def notice(self) -> None:
        """What a signal does; also called when the parent process is gone."""
        if self.asked.is_set():
            self.insisted.set()
            self.at_once()
        self.asked.set()


def leave_everything() -> None:
    """End this process now. What it had in hand is taken over by others."""
    os._exit(128 + signal.SIGINT)


@contextlib.contextmanager
def orphaned(stop: StopSignal, *, when: bool = True) -> Iterator[None]:
    """Stop when standard input ends: the supervising process is gone. Nothing unless ``when``."""
    if not when:
        yield
        return
    loop = asyncio.get_running_loop()

    def readable() -> None:
        loop.remove_reader(sys.stdin.fileno())
        log.warning("the supervising process is gone: stopping")
        stop.notice()

    loop.add_reader(sys.stdin.fileno(), readable)
    try:
        yield
    finally:
        loop.remove_reader(sys.stdin.fileno())


async def supervise(
    commands: Mapping[str, Sequence[str]], environment: Mapping[str, str], stop: StopSignal
) -> None:
    """Run one process a command (role -> argv) until told to stop; then stop them all. A SIGHUP
    is handed on to each."""
    children: dict[str, asyncio.subprocess.Process] = {}
    stop.reload = lambda: _hand_on(children.values())
    async with asyncio.TaskGroup() as group:
        for role, argv in commands.items():
            group.create_task(_keep_alive(role, argv, environment, stop, children))


def _hand_on(children: Iterable[asyncio.subprocess.Process]) -> None:
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(signal.SIGHUP)


async def _keep_alive(
    role: str,
    argv: Sequence[str],
    environment: Mapping[str, str],
    stop: StopSignal,
    children: dict[str, asyncio.subprocess.Process],
) -> None:
    failures = 0
    while not stop.asked.is_set():
        began = time.monotonic()
        child = await asyncio.create_subprocess_exec(
            *argv, env=environment, stdin=asyncio.subprocess.PIPE, start_new_session=True
        )
        children[role] = child
        log.info("started", role=role, pid=child.pid)
        await _first(child.wait(), stop.asked.wait())
        if stop.asked.is_set():
            await _end(role, child, stop)
            return
        failures = 1 if time.monotonic() - began > STEADY else failures + 1
        wait = back_off(failures)
        log.error("ended unasked", role=role, exit_code=child.returncode, again_in_seconds=wait)
        await _first(asyncio.sleep(wait), stop.asked.wait())


async def _end(role: str, child: asyncio.subprocess.Process, stop: StopSignal) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(STOP_WITHIN):
            await _first(child.wait(), stop.insisted.wait())
    if child.returncode is None:
        log.warning("did not stop in time: killed", role=role)
        with contextlib.suppress(ProcessLookupError):
            child.kill()
    log.info("stopped", role=role, exit_code=await child.wait())


async def _first(*awaitables: Coroutine[object, object, object]) -> None:
    tasks = [asyncio.ensure_future(a) for a in awaitables]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
