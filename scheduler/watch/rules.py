"""The yield contract of a portal, as pure rules: its history in, judgements out; the clock is
passed in. The numbers and their reasons are in seeds/watch.toml.

A rule says ``wrong``, ``well`` or ``unknown``. Unknown is its answer when the history cannot tell:
nothing is noticed then, and what was noticed before is not taken for ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from ingest.duties import Duty
from scheduler.watch.history import History, Visit, usual_entries
from scheduler.watch.thresholds import (
    Challenge,
    ColumnGone,
    Failing,
    FamilyChanged,
    Overdue,
    SuddenZero,
    Thresholds,
)

CHINA = ZoneInfo("Asia/Shanghai")


class State(StrEnum):
    """What a rule says."""

    WRONG = "wrong"
    WELL = "well"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one rule says of one subject at one portal. ``subject`` is what a rule may find several
    of (a year, a column's address), else empty; summary and evidence are there if it is wrong."""

    rule: str
    state: State
    subject: str = ""
    severity: str = ""
    summary: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


def judge(
    history: History,
    thresholds: Thresholds,
    duties: tuple[Duty, ...],
    now: datetime,
    *,
    gone: frozenset[str] = frozenset(),
) -> tuple[Judgement, ...]:
    """What every rule says of a portal at a moment (aware). ``gone`` are the columns that were
    noticed to be gone before, so that they are judged again."""
    return (
        *(overdue(history, duty, thresholds.overdue, now) for duty in duties),
        sudden_zero(history, thresholds.sudden_zero),
        challenge(history, thresholds.challenge),
        *column_gone(history, thresholds.column_gone, gone),
        family_changed(history, thresholds.family_changed),
        failing(history, thresholds.failing, now),
    )


def overdue(history: History, duty: Duty, limits: Overdue, now: datetime) -> Judgement:
    """No report in season: the one on the latest year whose grace is over has not come.

    Expected from the portal's own history where it gave one in the years before, else from the
    law alone, where its level owes one. Not judged before a visit looked for it after the grace.
    """
    today = now.astimezone(CHINA).date()
    grace = timedelta(days=limits.grace_days)
    year = today.year - (1 if today > duty.due(today.year - 1) + grace else 2)
    subject, rule = f"{duty.kind} {year}", "overdue"
    reports = history.reports.get(duty.kind, {})
    if year in reports:
        return Judgement(rule, State.WELL, subject)
    deadline = duty.due(year) + grace
    looked = [v for v in history.telling if v.at.astimezone(CHINA).date() > deadline]
    if not looked:
        return Judgement(rule, State.UNKNOWN, subject)
    before = range(year - limits.history_years, year)
    earlier = {str(each): reports[each] for each in before if each in reports}
    if not earlier and history.level not in duty.levels:
        return Judgement(rule, State.WELL, subject)
    evidence = {
        "year": year,
        "due": duty.due(year),
        "law": duty.law,
        "earlier_reports": earlier,
        "visits_since": [visit.run_id for visit in looked],
    }
    known = f"gave those on {', '.join(earlier)}" if earlier else "owed by law"
    summary = f"no report on {year}, due {duty.due(year)} ({known})"
    severity = limits.severity if earlier else limits.severity_by_duty_alone
    return Judgement(rule, State.WRONG, subject, severity, summary, evidence)


def sudden_zero(history: History, limits: SuddenZero) -> Judgement:
    """The listings were read and name no report any more, where they used to."""
    rule, telling = "sudden_zero", history.telling
    visits = tuple(visit for visit in telling if visit.counts_entries)
    latest, base = _split(visits, limits.visits, limits.base_visits)
    if telling and (telling[0].entries or not telling[0].counts_entries):
        return Judgement(rule, State.WELL)
    if latest is None or base is None or any(visit.entries for visit in latest):
        return Judgement(rule, State.UNKNOWN)
    usual = usual_entries(base)
    if usual < limits.least_entries:
        return Judgement(rule, State.UNKNOWN)
    summary = f"lists no report since run {latest[-1].run_id}; before it listed {usual:g}"
    evidence = {"now": _entries(latest), "before": _entries(base), "usual_entries": usual}
    return Judgement(rule, State.WRONG, "", limits.severity, summary, evidence)


def challenge(history: History, limits: Challenge) -> Judgement:
    """A large share of the latest visits met a challenge."""
    visits = history.visits[: limits.visits]
    met = [visit for visit in visits if visit.challenged]
    if not visits:
        return Judgement("challenge", State.UNKNOWN)
    if len(met) < limits.least_challenged or len(met) / len(visits) < limits.share:
        return Judgement("challenge", State.WELL)
    summary = f"{len(met)} of the last {len(visits)} visits met a challenge"
    evidence = {
        "challenged": [visit.run_id for visit in met],
        "visits": [visit.run_id for visit in visits],
        "since": met[-1].at,
    }
    return Judgement("challenge", State.WRONG, "", limits.severity, summary, evidence)


def column_gone(
    history: History, limits: ColumnGone, noticed: frozenset[str] = frozenset()
) -> Iterator[Judgement]:
    """A known column is not there any more; one judgement a column that was gone of late."""
    rule = "column_gone"
    telling = tuple(v for v in history.visits if v.read_something or v.moved_columns)
    latest = telling[: limits.visits]
    for column in sorted({url for v in telling for url in v.moved_columns} | noticed):
        gone = [visit for visit in latest if column in visit.moved_columns]
        if len(gone) == limits.visits:
            evidence = {"column": column, "visits": [visit.run_id for visit in gone]}
            summary = f"the column {column} is gone"
            yield Judgement(rule, State.WRONG, column, limits.severity, summary, evidence)
        elif not latest or latest[0] in gone:
            yield Judgement(rule, State.UNKNOWN, column)
        else:
            yield Judgement(rule, State.WELL, column)


def family_changed(history: History, limits: FamilyChanged) -> Judgement:
    """The portal runs another content system than it did. Ends when that one is the usual one."""
    rule = "family_changed"
    known = tuple(visit for visit in history.visits if visit.families)
    latest, base = _split(known, limits.visits, limits.base_visits)
    if latest is None or base is None:
        return Judgement(rule, State.UNKNOWN)
    now = {name for visit in latest for name in visit.families}
    before = {name for visit in base for name in visit.families}
    if now & before:
        mixed = not set(known[0].families) & before
        return Judgement(rule, State.UNKNOWN if mixed else State.WELL)
    summary = f"content system changed from {_words(before)} to {_words(now)}"
    evidence = {
        "now": {visit.run_id: visit.families for visit in latest},
        "before": {visit.run_id: visit.families for visit in base},
    }
    return Judgement(rule, State.WRONG, "", limits.severity, summary, evidence)


def failing(history: History, limits: Failing, now: datetime) -> Judgement:
    """Visit after visit fails, whatever the reason; challenges have their own rule."""
    rule = "failing"
    if not history.visits:
        return Judgement(rule, State.UNKNOWN)
    streak: list[Visit] = []
    for visit in history.visits:
        if visit.good:
            break
        streak.append(visit)
    if not streak:
        return Judgement(rule, State.WELL)
    if all(visit.challenged for visit in streak):
        return Judgement(rule, State.UNKNOWN)
    since = streak[-1].at
    if len(streak) < limits.visits or now - since < timedelta(days=limits.days):
        return Judgement(rule, State.UNKNOWN)
    reasons = Counter(visit.reason for visit in streak)
    told = ", ".join(f"{reason} {count}×" for reason, count in reasons.most_common())
    summary = f"the last {len(streak)} visits failed ({told})"
    evidence = {"visits": {v.run_id: v.reason for v in streak}, "since": since}
    return Judgement(rule, State.WRONG, "", limits.severity, summary, evidence)


def _split(
    visits: tuple[Visit, ...], latest: int, base: int
) -> tuple[tuple[Visit, ...] | None, tuple[Visit, ...] | None]:
    """The latest visits and those before them; None where there are too few."""
    if len(visits) < latest + base:
        return (visits[:latest] if len(visits) >= latest else None), None
    return visits[:latest], visits[latest : latest + base]


def _entries(visits: tuple[Visit, ...]) -> dict[str, int]:
    return {str(visit.run_id): visit.entries for visit in visits}


def _words(names: set[str]) -> str:
    return " and ".join(sorted(names))
