"""The leader's timetable: the agenda, kept true to registry, schedule file and decisions, and fired
over the very connection that makes this process the leader: once that is cut, nothing is fired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import structlog

from crawler.errors import SeedError
from crawler.portals import Portal
from ingest.store.connection import Connection
from ingest.store.portals import read_registry
from scheduler.agenda import Agenda
from scheduler.calendar import Schedule
from scheduler.config import Settings
from scheduler.decisions import Decision, decided, read_decisions
from scheduler.firing import Fired, enter_portals, fire, fired_before
from scheduler.permission import obstacle

AT_A_TIME = 100
"""Slots a transaction, and a look: the leader must be heard from in between."""

log = structlog.get_logger(__name__)


class Timetable:
    """Which portals are visited when, for as long as this process leads."""

    def __init__(
        self,
        settings: Settings,
        read_schedule: Callable[[], Schedule],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Errors of ``read_schedule`` are raised; later, a file that is wrong changes nothing."""
        self.settings = settings
        self.schedule = read_schedule()
        self.agenda: Agenda | None = None
        self._read_schedule = read_schedule
        self._clock = clock
        self._seen: tuple[Schedule, list[Decision], Mapping[str, Portal]] | None = None
        self._told: dict[str, int] = {}

    def begin(self) -> None:
        """A term begins: what was fired before is read from the database again."""
        self.agenda, self._seen = None, None

    def reload(self) -> bool:
        """Read the schedule file anew; False, and the old one goes on, where it is wrong."""
        try:
            self.schedule = self._read_schedule()
        except SeedError as error:
            log.error("the calendar stays as it was", why=str(error))
            return False
        return True

    def renew(self, connection: Connection) -> None:
        """Take in what was decided about portals and the calendar since."""
        with connection.transaction():
            seen = (self.schedule, read_decisions(connection), read_registry(connection))
            if seen == self._seen:
                return
            schedule = decided(self.schedule, seen[1])
            now = self._clock()
            agenda = self.agenda or Agenda(schedule, fired_before(connection))
            agenda.enter(self._free(seen[2], schedule), now, schedule)
            enter_portals(connection, agenda.portals, now)
        self.agenda, self._seen = agenda, seen
        log.info("calendar", portals=len(agenda.portals), next=agenda.next_at)

    def fire(self, connection: Connection) -> list[Fired]:
        """Fire what is due now, at most AT_A_TIME slots."""
        if self.agenda is None:
            return []
        now = self._clock()
        dues = self.agenda.take(now, AT_A_TIME)
        fired = fire(connection, dues, now) if dues else []
        for one in fired:
            told = {"job": one.request.job_id, "state": one.request.state.value}
            told |= {"coalesced": one.due.coalesced, "sweep": one.due.sweep}
            log.info("due", portal=one.due.portal, slot=one.due.slot, **told)
        return fired

    def _free(self, registry: Mapping[str, Portal], schedule: Schedule) -> list[Portal]:
        """Portals in the calendar that a process set up as this one may visit."""
        due = [p for p in registry.values() if not p.disabled and schedule.of(p).visits]
        hindered = {p.id: why for p in due if (why := obstacle(self.settings, p.host))}
        self._tell(hindered)
        return [portal for portal in due if portal.id not in hindered]

    def _tell(self, hindered: Mapping[str, str]) -> None:
        """Say once, not at every renewal, what keeps portals out of the calendar."""
        told = {next(iter(hindered.values())): len(hindered)} if hindered else {}
        if told != self._told:
            for why, portals in told.items():
                log.warning("public portals are not visited", portals=portals, why=why)
        self._told = told
