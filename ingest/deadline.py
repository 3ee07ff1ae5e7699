"""A limit on the time that one capture may take to be read.

Nothing in Python can stop a thread that computes, so the process ends: the supervisor starts it
again, and others take over what it had in hand (store/attempts.py finds out the culprit)."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EXIT_CODE = 70
"""EX_SOFTWARE of sysexits.h."""
GRACE = 5.0
"""Seconds after which a process is ended that does not even come to say so: code that keeps the
interpreter to itself, such as a regular expression, lets no other thread run."""
STDERR = 2

Tell = Callable[[str], object]
"""Told where the reading stands, as ``file:line function``, before the process ends."""


@contextmanager
def within(seconds: float | None, tell: Tell) -> Iterator[None]:
    """End this process if the block takes longer; ``None`` for no limit.

    ``tell`` is called first, in another thread. Where that cannot run, a bare traceback is written
    to stderr and the exit code is 1. For one thread of a process at a time.
    """
    if seconds is None:
        yield
        return
    watch = threading.Timer(seconds, _end, (threading.get_ident(), tell))
    watch.daemon = True
    watch.start()
    faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=STDERR)
    try:
        yield
    finally:
        watch.cancel()
        faulthandler.cancel_dump_traceback_later()


def _end(reader: int, tell: Tell) -> None:
    try:
        tell(_whereabouts(reader))
    finally:
        os._exit(EXIT_CODE)


def _whereabouts(thread: int) -> str:
    frame = sys._current_frames().get(thread)
    if frame is None:
        return "unknown"
    code = frame.f_code
    return f"{code.co_filename}:{frame.f_lineno} {code.co_qualname}"
