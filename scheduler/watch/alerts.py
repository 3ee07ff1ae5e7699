"""One look at the portals: what is wrong becomes an alert, once; what is well again ends it.

Alerts and the messages about them are written in one transaction, so that neither a crash nor a
receiver that is away can lose or double what is told. Only one process looks at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ingest.duties import Duty
from ingest.store.connection import Connection
from ingest.store.database import Database, storage_errors
from scheduler.sql import load
from scheduler.watch.history import History
from scheduler.watch.messages import Change, to_content, to_json
from scheduler.watch.reading import read_histories
from scheduler.watch.rules import Judgement, State, judge
from scheduler.watch.thresholds import Thresholds

SQL = load("watch")
KEY = 0x7761746368  # "watch"
TOLD = "warning"
"""The severity that people are told of."""
WELL = "well again"
SUPERSEDED = "a later year is looked for now"
WITHDRAWN = "the portal is not crawled any more"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What portals are judged by."""

    thresholds: Thresholds
    duties: tuple[Duty, ...]


@dataclass(slots=True)
class Changes:
    """What one look changed."""

    opened: list[Change] = field(default_factory=list)
    ended: list[Change] = field(default_factory=list)


def look(
    database: Database,
    rulebook: Rulebook,
    channels: Sequence[str],
    now: datetime,
    since: datetime | None = None,
) -> Changes | None:
    """Judge portals (all, or those visited since), and write down what changed and whom to tell.

    None when another process is looking. Errors: StorageError; then nothing was written.
    """
    with storage_errors(database), database.connect() as connection:
        row = connection.execute(SQL["take_turn"], {"key": KEY}).fetchone()
        if row is None or not row[0]:
            return None
        changes = _Look(connection, rulebook, now).at_portals(since)
        _write_messages(connection, changes, channels, now)
    return changes


class _Look:
    def __init__(self, connection: Connection, rulebook: Rulebook, now: datetime) -> None:
        self.connection = connection
        self.rulebook = rulebook
        self.now = now
        self.changes = Changes()
        self.open: dict[str, dict[tuple[str, str], Change]] = defaultdict(dict)

    def at_portals(self, since: datetime | None) -> Changes:
        for row in self.connection.execute(SQL["open_alerts"]):
            alert = Change(*row)
            self.open[alert.portal][alert.rule, alert.subject] = alert
        for history in list(read_histories(self.connection, self.now, since)):
            self._portal(history)
        for _, portal in self.connection.execute(SQL["withdrawn_alerts"]).fetchall():
            for change in self.open.pop(portal, {}).values():
                self._end(change, WITHDRAWN)
        return self.changes

    def _portal(self, history: History) -> None:
        known = self.open.get(history.portal, {})
        gone = frozenset(subject for rule, subject in known if rule == "column_gone")
        found = judge(history, self.rulebook.thresholds, self.rulebook.duties, self.now, gone=gone)
        judged = set()
        for judgement in found:
            key = judgement.rule, judgement.subject
            judged.add(key)
            alert = known.get(key)
            if judgement.state is State.WRONG:
                self._wrong(history, judgement, alert)
            elif judgement.state is State.WELL and alert:
                self._end(alert, WELL)
        for key in known.keys() - judged:
            self._end(known[key], SUPERSEDED)

    def _wrong(self, history: History, judgement: Judgement, alert: Change | None) -> None:
        values = {
            "portal_id": history.portal,
            "rule": judgement.rule,
            "subject": judgement.subject,
            "severity": judgement.severity,
            "summary": judgement.summary,
            "evidence": to_json(judgement.evidence),
            "now": self.now,
        }
        if alert:
            self.connection.execute(SQL["see_alert"], {**values, "id": alert.alert})
            return
        row = self.connection.execute(SQL["open_alert"], values).fetchone()
        if row is not None:
            self.changes.opened.append(
                Change(
                    alert=row[0],
                    portal=history.portal,
                    name=history.name,
                    rule=judgement.rule,
                    subject=judgement.subject,
                    severity=judgement.severity,
                    summary=judgement.summary,
                    evidence=judgement.evidence,
                    opened_at=self.now,
                )
            )

    def _end(self, alert: Change, resolution: str) -> None:
        values = {"id": alert.alert, "resolution": resolution, "now": self.now}
        self.connection.execute(SQL["resolve_alert"], values)
        self.changes.ended.append(replace(alert, resolution=resolution))


def _write_messages(
    connection: Connection, changes: Changes, channels: Sequence[str], now: datetime
) -> None:
    muted = set(connection.execute(SQL["mutes"], {"now": now}).fetchall())
    opened, ended = (
        [c for c in found if c.severity == TOLD and (c.portal, c.rule) not in muted]
        for found in (changes.opened, changes.ended)
    )
    if opened or ended:
        content = to_content(opened, ended)
        for channel in channels:
            values = {"channel": channel, "content": content, "now": now}
            connection.execute(SQL["write_message"], values)
