"""File locks that the kernel lets go of when their holder dies, however it dies (flock).

A lock belongs to the open file, not to a path or a process: whoever inherits the descriptor holds
it too, and it is free again when the last copy is closed. Python's descriptors are closed on
exec, so a lock reaches a child process only where it is handed over on purpose.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import EmbeddedServerError

POLL = 0.02
"""Seconds between two looks at a lock that is taken."""


def open_lock(path: Path) -> int:
    """A descriptor of the lock file, made when missing; a symbolic link there is refused."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def take_shared(path: Path) -> int:
    """Hold a shared lock until the returned descriptor is closed. Waits for exclusive holders."""
    descriptor = open_lock(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def try_exclusive(path: Path) -> int | None:
    """Hold the exclusive lock until the descriptor is closed; None when someone else holds it."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock at this moment."""
    descriptor = try_exclusive(path)
    if descriptor is None:
        return False
    os.close(descriptor)
    return True


@contextmanager
def exclusive(path: Path, *, seconds: float) -> Iterator[None]:
    """Hold the exclusive lock; EmbeddedServerError when it is not to be had in time."""
    deadline = time.monotonic() + seconds
    while (descriptor := try_exclusive(path)) is None:
        if time.monotonic() > deadline:
            raise EmbeddedServerError(
                f"another process has held {path} for {seconds:.0f} s, so the embedded PostgreSQL "
                "can be neither started nor stopped: end the process that hangs and try again"
            )
        time.sleep(POLL)
    try:
        yield
    finally:
        os.close(descriptor)
