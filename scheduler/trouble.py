"""Errors from below in the user's terms: a full disk, a database that went away."""

from __future__ import annotations

import errno

from procrastinate.exceptions import ConnectorException

from crawler.errors import FazhiError
from ingest.errors import DatabaseUnavailableError
from ingest.store.connection import SERVER_TROUBLE

ADVICE = {
    errno.ENOSPC: "the disk is full: free some space, or set FAZHI_HOME to another disk",
    errno.EDQUOT: "the disk quota is used up: free some space, or set FAZHI_HOME elsewhere",
    errno.EROFS: "the file system is read-only: set FAZHI_HOME to a place that can be written",
    errno.EACCES: "permission denied: correct the permissions, or set FAZHI_HOME elsewhere",
    errno.EPERM: "not permitted: correct the permissions, or set FAZHI_HOME elsewhere",
    errno.EMFILE: "too many open files: raise the limit with ulimit -n",
    errno.EADDRINUSE: "the address is in use: choose another port",
}


def explained(error: BaseException) -> FazhiError | None:
    """The error as one for users, or None where it is a defect of ours."""
    if isinstance(error, FazhiError):
        return error
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(explained, error.exceptions)), None)
    if isinstance(error, OSError) and error.errno in ADVICE:
        where = f"{error.filename}: " if error.filename else ""
        return FazhiError(f"{where}{ADVICE[error.errno]}")
    cause = error.__cause__ if isinstance(error, ConnectorException) else error
    if isinstance(cause, SERVER_TROUBLE):
        return DatabaseUnavailableError(
            f"the database went away ({_first_line(cause)}): 'fazhi doctor' tells what is wrong"
        )
    return None


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
