"""A connection as this project uses it, and what can go wrong with one."""

from __future__ import annotations

from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]

SERVER_TROUBLE = psycopg.OperationalError
"""The server's trouble (gone, full, shutting down), not the fault of what was to be stored."""

LOST_RACE = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
"""Two transactions met at the same rows and this one gave way: try it again."""

Rollback = psycopg.Rollback
"""Raised inside ``with connection.transaction()`` to leave it undone."""

TWIN = psycopg.errors.UniqueViolation
"""A like row was entered meanwhile."""
