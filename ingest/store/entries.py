"""The search index: one entry for each report, made of its current version, in its transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from psycopg.types.json import Jsonb

from ingest.records import Record, Region, Role, Section
from ingest.store.connection import Connection
from ingest.store.database import Database, storage_errors
from ingest.store.sql import load_queries
from ingest.terms import Entry, make_entry
from ingest.tokens import Dictionary, dictionary_version, fold_pairs, load_dictionary

SQL = load_queries("entries")
BATCH = 200
"""Reports a transaction when entries are renewed."""


def write_entry(connection: Connection, report_id: int, version_id: int, record: Record) -> None:
    """The entry of a report that has none yet."""
    entry = make_entry(record.title, record.body, record.sections, record.region)
    _insert(connection, report_id, version_id, record.report_year, entry)


def drop_entry(connection: Connection, report_id: int) -> None:
    """Before the entry of a report is written anew."""
    connection.execute(SQL["drop_entry"], {"report_id": report_id})


def renew_entry(connection: Connection, report_id: int) -> None:
    """Make the entry of a report say what its current version says; none if it is gone."""
    drop_entry(connection, report_id)
    row = connection.execute(SQL["current_version"], {"report_id": report_id}).fetchone()
    if row is None:
        return
    version_id, title, year, region, body, sections = row
    entry = make_entry(title, body, list(_sections(sections)), _region(region))
    _insert(connection, report_id, version_id, year, entry)


def reindex(
    database: Database, *, everything: bool = False, progress: Callable[[int], None] | None = None
) -> int:
    """Renew the entries that another dictionary made, or that are missing; how many there were.

    Safe beside the ingest workers, and after a kill: what was committed is not done again.
    Errors: StorageError.
    """
    done, last = 0, 0
    with storage_errors(database), database.connect() as connection:
        while True:
            values = {
                "after": last,
                "limit": BATCH,
                "dictionary": None if everything else dictionary_version(),
            }
            rows = connection.execute(SQL["stale_reports"], values).fetchall()
            if not rows:
                return done
            for (report_id,) in rows:
                renew_entry(connection, report_id)
            connection.commit()
            done, last = done + len(rows), rows[-1][0]
            if progress:
                progress(done)


def load_vocabulary(connection: Connection) -> None:
    """Hand the dictionary to the database, unless it has this version. All or nothing."""
    row = connection.execute(SQL["loaded_dictionary"]).fetchone()
    if row == (dictionary_version(),):
        return
    dictionary = load_dictionary()
    with connection.transaction():
        connection.execute(SQL["empty_vocabulary"])
        with connection.cursor().copy(SQL["copy_vocabulary"]) as copy:
            for initial, words in _by_initial(dictionary).items():
                copy.write_row((initial, Jsonb(words)))
        pairs = fold_pairs()
        values = {
            "version": dictionary.version,
            "total": dictionary.total,
            "longest": max(map(len, dictionary.words)),
            "fold_from": "".join(pairs),
            "fold_to": "".join(pairs.values()),
        }
        connection.execute(SQL["note_dictionary"], values)


def _by_initial(dictionary: Dictionary) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for word, count in dictionary.words.items():
        found.setdefault(word[0], {})[word] = count
    return found


def _insert(
    connection: Connection, report_id: int, version_id: int, year: int | None, entry: Entry
) -> None:
    values = {
        "report_id": report_id,
        "version_id": version_id,
        "report_year": year or 0,
        "folds_from": entry.folds_from,
        "folds_to": entry.folds_to,
        "dictionary": entry.dictionary,
        "terms": entry.terms,
    }
    connection.execute(SQL["insert_entry"], values)


def _sections(parts: list[dict[str, Any]]) -> Iterator[Section]:
    for part in parts:
        role = Role(part["role"]) if part["role"] else None
        yield Section(1, None, part["heading"], role, 0, 0)


def _region(fields: dict[str, Any] | None) -> Region | None:
    if not fields:
        return None
    return Region(fields["adcode"], fields["name"], tuple(fields["path"]), fields["level"])
