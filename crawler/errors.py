"""The errors of the project: one small tree, rooted here because every room may import this file.

    FazhiError                      anything the user can do something about; the message says what
    ├── SettingError                a FAZHI_* setting has a value that cannot be used
    ├── SeedError                   a file under seeds/ breaks its own format (names file and line)
    ├── UnknownPortalError          no portal has this id
    ├── RefusedPortalError          a portal cannot be entered, switched or visited as asked
    ├── UnknownFilterError          a list is to be narrowed to something that does not exist
    ├── UnreadableInputError        a file the user named cannot be read
    ├── CrawlError                  a crawl could not begin or be followed
    └── StorageError                ingest/errors.py: database and embedded server

A message is one line in three parts: what is wrong, where, and what to do about it.
"""

from __future__ import annotations


class FazhiError(Exception):
    """Base of all errors that are shown to a user as one line, without a traceback."""

    exit_code = 1


class SettingError(FazhiError):
    """A setting has a value that cannot be used."""

    exit_code = 2


class SeedError(FazhiError):
    """A file under seeds/ breaks its own format."""

    exit_code = 2


class UnknownPortalError(FazhiError):
    """No portal has this id."""

    exit_code = 2


class RefusedPortalError(FazhiError):
    """A portal cannot be entered in the registry, switched or visited as was asked."""

    exit_code = 2


class UnknownFilterError(FazhiError):
    """A list is to be narrowed to a code, a year or a region that does not exist."""

    exit_code = 2


class UnreadableInputError(FazhiError):
    """A file the user named cannot be read."""

    exit_code = 2


class CrawlError(FazhiError):
    """A crawl could not begin or be followed."""
