"""Compares what was stored: versions of a report with each other, reports with all others.

Which reports wait is noted by the database itself (migration 0053), whoever stored them. They are
taken some at a time, after they were committed, in transactions of their own. All that is costly is
done side by side by all workers; one after the other they only look who came in the meantime.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from ingest.changes import Changes, Text, Weight, compare
from ingest.character_runs import Kind
from ingest.copies import Likeness, Paragraph, bands, likeness, paragraph_digests, shingles
from ingest.records import Section
from ingest.store.connection import LOST_RACE, Connection
from ingest.store.sql import load_queries

SQL = load_queries("comparing")
BATCH = 20
"""Reports a transaction."""
RACES = 5
"""How often two workers may meet at the same reports."""
MOST_CANDIDATES = 50
"""Reports that one is compared with exactly, those that share most bands."""


@dataclass(frozen=True, slots=True)
class VersionOf:
    """A version in the order of time."""

    id: int
    version_number: int
    captured_at: datetime
    ruleset: str


@dataclass(frozen=True, slots=True)
class _Pair:
    """A report, and another of which this version may be a copy."""

    report_id: int
    other_id: int
    version_id: int


def compare_due(connection: Connection, *, most: int | None = None) -> int:
    """Compare the reports that wait and that no other worker has taken; how many there were.

    Commits after every few of them, and ends after about ``most``. The connection must not be in
    a transaction.
    """
    done = races = 0
    while most is None or done < most:
        try:
            compared = _batch(connection)
        except LOST_RACE:
            connection.rollback()
            races += 1
            if races > RACES:
                raise
            continue
        if not compared:
            break
        done += compared
    return done


def _batch(connection: Connection) -> int:
    rows = connection.execute(SQL["take_due"], {"limit": BATCH}).fetchall()
    reports = sorted(report_id for (report_id,) in rows)
    if reports:
        judge_versions(connection, reports)
        link_copies(connection, reports)
    connection.commit()
    return len(reports)


def compare_all(connection: Connection) -> int:
    """As ``compare_due``, for every report there is."""
    connection.execute(SQL["all_due"])
    connection.commit()
    return compare_due(connection)


def judge_versions(connection: Connection, reports: Sequence[int]) -> None:
    """Say of each version of some reports what it changed against the one before."""
    connection.execute(SQL["forget_changes"], {"reports": reports})
    pairs = connection.execute(SQL["unjudged_pairs"], {"reports": reports}).fetchall()
    for previous_id, version_id in pairs:
        (before, old_rules), (after, new_rules) = _texts(connection, previous_id, version_id)
        found = compare(before, after)
        values = {
            "version_id": version_id,
            "previous_id": previous_id,
            "same_rules": old_rules == new_rules,
            **_summary(found),
        }
        connection.execute(SQL["insert_change"], values)


def changes_between(connection: Connection, previous_id: int, version_id: int) -> Changes:
    """What differs between two versions of a report."""
    (before, _), (after, _) = _texts(connection, previous_id, version_id)
    return compare(before, after)


def versions_of(connection: Connection, report_id: int) -> list[VersionOf]:
    """The versions of a report in the order of time; none where there is no such report."""
    rows = connection.execute(SQL["versions_of"], {"report_id": report_id})
    return [VersionOf(*row) for row in rows]


def link_copies(connection: Connection, reports: Sequence[int]) -> None:
    """Renew the signatures and paragraphs of some reports, then find what they are copies of.

    What others had committed is compared before this waits for its turn. In its turn, which lasts
    until the end of the transaction, only what was committed meanwhile is left, so that of two
    reports that are stored at once the later one finds the other.
    """
    own = _sign(connection, reports)
    compared = _compare(connection, own, {})
    connection.execute(SQL["link_alone"])
    connection.execute(SQL["forget_likenesses"], {"reports": list(reports)})
    for pair, found in _compare(connection, own, compared).items():
        if found.same_work:
            alike = {"similarity": found.jaccard, "containment": found.containment}
            one_and_other = {"one": pair.report_id, "other": pair.other_id}
            connection.execute(SQL["insert_likeness"], one_and_other | alike)


def _sign(connection: Connection, reports: Sequence[int]) -> dict[int, frozenset[str]]:
    """The shingles of some reports, whose bands and paragraphs are renewed."""
    connection.execute(SQL["forget_signatures"], {"reports": list(reports)})
    own: dict[int, frozenset[str]] = {}
    for report_id, version_id, body in _bodies(connection, reports):
        own[report_id] = shingles(body)
        values = {"report_id": report_id, "bands": bands(own[report_id])}
        connection.execute(SQL["insert_bands"], values)
        _insert_paragraphs(connection, report_id, version_id, paragraph_digests(body))
    return own


def _compare(
    connection: Connection, own: dict[int, frozenset[str]], known: dict[_Pair, Likeness]
) -> dict[_Pair, Likeness]:
    """Each of some reports with those that may be copies of it now; ``known`` ones are not read
    again."""
    values = {"reports": list(own), "limit": MOST_CANDIDATES}
    rows = connection.execute(SQL["candidates"], values).fetchall()
    found: dict[_Pair, Likeness] = {}
    for report_id, several in groupby((_Pair(*row) for row in rows), key=lambda p: p.report_id):
        pairs = list(several)
        unread = [p.other_id for p in pairs if p not in known and p.other_id not in own]
        read = {other: shingles(body) for other, _, body in _bodies(connection, unread)}
        for pair in pairs:
            found[pair] = known.get(pair) or likeness(
                own[report_id], read.get(pair.other_id, own.get(pair.other_id, frozenset()))
            )
    return found


def _bodies(connection: Connection, reports: Sequence[int]) -> list[tuple[int, int, str]]:
    if not reports:
        return []
    return connection.execute(SQL["current_bodies"], {"reports": list(reports)}).fetchall()


def _insert_paragraphs(
    connection: Connection, report_id: int, version_id: int, paragraphs: list[Paragraph]
) -> None:
    values = {
        "report_id": report_id,
        "version_id": version_id,
        "digests": [paragraph.digest for paragraph in paragraphs],
        "starts": [paragraph.start for paragraph in paragraphs],
        "ends": [paragraph.end for paragraph in paragraphs],
    }
    connection.execute(SQL["insert_paragraphs"], values)


def _texts(connection: Connection, *versions: int) -> list[tuple[Text, str]]:
    rows = connection.execute(SQL["version_texts"], {"versions": list(versions)})
    found = {
        version_id: (Text(body, _sections(sections), fields, tuple(attachments)), ruleset)
        for version_id, body, fields, ruleset, sections, attachments in rows
    }
    return [found[version_id] for version_id in versions]


def _sections(rows: list[list[object]]) -> tuple[Section, ...]:
    return tuple(
        Section(level, number, heading, None, start, end)  # type: ignore[arg-type]
        for level, number, heading, start, end in rows
    )


def _summary(found: Changes) -> dict[str, object]:
    heavy = Weight.SUBSTANTIVE
    return {
        "verdict": found.weight.value,
        "fields_changed": [change.name for change in found.fields if change.weight is heavy],
        "sections_changed": list(found.sections),
        "paragraphs_changed": sum(change.weight is heavy for change in found.paragraphs),
        "characters_added": found.characters(Kind.ADDED),
        "characters_removed": found.characters(Kind.REMOVED),
    }
