"""Storage errors: the branch of the tree in crawler/errors.py that needs a database.

StorageError
├── DatabaseUnavailableError    no server answers, or it refuses us
├── SchemaMismatchError         the database is newer (or older) than this program
├── EmbeddedServerError         the embedded PostgreSQL cannot be started or found
└── SlotServedError             the run of this slot has been made
"""

from __future__ import annotations

from crawler.errors import FazhiError


class StorageError(FazhiError):
    """The database could not do what was asked of it."""

    exit_code = 3


class DatabaseUnavailableError(StorageError):
    """No server answers, or it refuses us."""


class SchemaMismatchError(StorageError):
    """The database's schema is newer or older than this program's."""


class EmbeddedServerError(StorageError):
    """The embedded PostgreSQL cannot be started or found."""


class SlotServedError(StorageError):
    """The run of this slot has been made: nothing is left to do."""
