"""The three roles of the database: owner (migrations), service, reader (analysts).

They are group roles without login; an administrator grants them to accounts. Roles belong to the
server, not to one database, so they are made when missing and whoever makes them first wins.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from ingest.errors import StorageError
from ingest.store.connection import Connection
from ingest.store.sql import load_queries

SQL = load_queries("roles")
OWNER, SERVICE, READER = "fazhi_owner", "fazhi_service", "fazhi_reader"
READER_TIMEOUT = "60s"
"""Recommended for analysts' accounts too; a role's settings do not reach its members."""


def ensure_roles(connection: Connection) -> None:
    """Make the roles and let the owner role create what migrations create; then act as it.

    ``connection`` must be in autocommit. Its user needs to be a superuser, or the database's
    owner with CREATEROLE, unless an administrator has prepared all of it.
    Errors: StorageError that says what the administrator must run.
    """
    try:
        for role in missing_roles(connection):
            _create(connection, role)
        _act_as_owner(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise StorageError(_request(connection)) from error


def missing_roles(connection: Connection) -> list[str]:
    """Those of the three roles that the server lacks."""
    rows = connection.execute(SQL["missing_roles"], {"names": [OWNER, SERVICE, READER]})
    return [name for (name,) in rows]


def _create(connection: Connection, role: str) -> None:
    name = sql.Identifier(role)
    try:
        connection.execute(sql.SQL("create role {} nologin").format(name))
        if role == READER:
            limit = sql.SQL("alter role {} set statement_timeout = {}")
            connection.execute(limit.format(name, READER_TIMEOUT))
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        pass  # another database of this server was migrated at the same moment


def _act_as_owner(connection: Connection) -> None:
    try:
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(OWNER)))
        connection.execute("reset role")
    except psycopg.errors.InsufficientPrivilege:
        connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(OWNER)))
    row = connection.execute(SQL["owner_rights"]).fetchone()
    assert row is not None
    if not row[0]:
        connection.execute(_grant_database(connection))
    if not row[1]:
        connection.execute(_grant_schema())
    connection.execute(sql.SQL("set role {}").format(sql.Identifier(OWNER)))


def _grant_database(connection: Connection) -> sql.Composed:
    _, database = _identity(connection)
    return sql.SQL("grant create on database {} to {}").format(
        sql.Identifier(database), sql.Identifier(OWNER)
    )


def _grant_schema() -> sql.Composed:
    return sql.SQL("grant create, usage on schema public to {}").format(sql.Identifier(OWNER))


def _identity(connection: Connection) -> tuple[str, str]:
    row = connection.execute(SQL["current_identity"]).fetchone()
    assert row is not None
    return row[0], row[1]


def _request(connection: Connection) -> str:
    user, database = _identity(connection)
    statements = [
        *(
            sql.SQL("create role {} nologin").format(sql.Identifier(role))
            for role in missing_roles(connection)
        ),
        sql.SQL("grant {} to {}").format(sql.Identifier(OWNER), sql.Identifier(user)),
        _grant_database(connection),
        _grant_schema(),
    ]
    text = "; ".join(statement.as_string(connection) for statement in statements)
    return (
        f"the database user {user} may not prepare the roles of database {database}: "
        f"ask its administrator to run once, connected to it: {text};"
    )
