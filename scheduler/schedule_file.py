"""Reads seeds/schedule.toml strictly: what it does not understand is a SeedError that says
``file: key: reason``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from crawler.errors import SeedError
from crawler.portals import LEVELS
from crawler.seeds import SEEDS
from scheduler.calendar import MonthDay, Schedule, Visit

TOP = ("timezone", "spread_minutes", "sweep_every_days", "housekeeping", "visits")
ENTRY = ("id", "why", "from", "to", "cron", "portals", "except", "levels")


def load_schedule(file: Path = SEEDS / "schedule.toml") -> Schedule:
    """The calendar; SeedError names the file, the key and the reason."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SeedError(f"{file}: cannot be read as TOML: {error}") from error
    return _Reader(file, table, "").schedule()


class _Reader:
    """Takes values out of one table of the file; every complaint names file and key."""

    def __init__(self, file: Path, table: Mapping[str, Any], within: str) -> None:
        self.file = file
        self.table = table
        self.within = within

    def schedule(self) -> Schedule:
        self._only(TOP)
        zone = self._zone()
        entries = self.table.get("visits", [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            self.fail("visits", "must be written as [[visits]] tables")
        visits = tuple(
            _Reader(self.file, entry, f"visits {number}").visit(zone)
            for number, entry in enumerate(entries, 1)
        )
        ids = [visit.id for visit in visits]
        for doubled in {name for name in ids if ids.count(name) > 1}:
            self.fail("visits", f"two entries have the id {doubled!r}")
        return Schedule(
            zone=zone,
            spread=timedelta(minutes=self._number("spread_minutes", 0, 1440)),
            sweep_every=timedelta(days=self._number("sweep_every_days", 1, 3660)),
            housekeeping=self._cron("housekeeping", zone),
            visits=visits,
        )

    def visit(self, zone: ZoneInfo) -> Visit:
        self._only(ENTRY)
        if ("from" in self.table) != ("to" in self.table):
            self.fail("from, to", "give both, or neither for the whole year")
        visit = Visit(
            id=self._text("id"),
            why=self._text("why"),
            cron=self._cron("cron", zone),
            times=self._text("cron"),
            first=self._day("from", (1, 1)),
            last=self._day("to", (12, 31)),
            portals=self._texts("portals", ("*",)),
            but=self._texts("except", ()),
            levels=self._texts("levels", ()),
        )
        for level in visit.levels:
            if level not in LEVELS:
                self.fail("levels", f"{level!r} is not one of {', '.join(LEVELS)}")
        if never_fires(visit, zone):
            self.fail("cron", "never fires between from and to")
        return visit

    def fail(self, key: str, reason: str) -> NoReturn:
        where = f"{self.within}: {key}" if self.within else key
        raise SeedError(f"{self.file}: {where}: {reason}")

    def _only(self, allowed: tuple[str, ...]) -> None:
        for key in self.table:
            if key not in allowed:
                self.fail(key, f"unknown key; allowed: {', '.join(allowed)}")

    def _text(self, key: str) -> str:
        value = self.table.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fail(key, "must be given, as text")
        return value.strip()

    def _texts(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        values = self.table.get(key, list(default))
        if not isinstance(values, list) or not all(isinstance(v, str) and v for v in values):
            self.fail(key, 'must be a list of text, such as ["gov-35*"]')
        return tuple(values)

    def _number(self, key: str, least: int, most: int) -> int:
        value = self.table.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.fail(key, f"must be a whole number from {least} to {most}")
        return value

    def _zone(self) -> ZoneInfo:
        name = self._text("timezone")
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            self.fail("timezone", f"{name!r} is not a time zone; the usual one is Asia/Shanghai")

    def _day(self, key: str, default: MonthDay) -> MonthDay:
        if key not in self.table:
            return default
        try:
            return month_day(self._text(key))
        except ValueError as error:
            self.fail(key, str(error))

    def _cron(self, key: str, zone: ZoneInfo) -> CronTrigger:
        try:
            return cron(self._text(key), zone)
        except ValueError as error:
            self.fail(key, str(error))


def never_fires(visit: Visit, zone: ZoneInfo) -> bool:
    """Whether the times and the season of an entry never meet."""
    return next(visit.fires(datetime(2024, 1, 1, tzinfo=zone)), None) is None


def month_day(text: str) -> MonthDay:
    """A day of the year written MM-DD; ValueError for anything else."""
    try:
        day = datetime.strptime(f"2024-{text}", "%Y-%m-%d")
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the year as MM-DD, such as 12-15") from None
    return day.month, day.day


def cron(text: str, zone: ZoneInfo) -> CronTrigger:
    """A cron line of five fields, weekdays by name; ValueError says what is wrong with it."""
    fields = text.split()
    if len(fields) != 5:
        raise ValueError(f"{text!r} must have five fields: minute hour day month weekday")
    if re.search(r"\d", fields[4]):
        # APScheduler counts weekdays from Monday = 0, cron from Sunday = 0.
        raise ValueError(f"{text!r}: name the weekday (mon ... sun), numbers are ambiguous")
    try:
        return CronTrigger.from_crontab(text.lower(), timezone=zone)
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}") from None
