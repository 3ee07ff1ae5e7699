"""What is wrong with the service itself, told from a snapshot; a pure function."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.health.snapshot import Snapshot

HOUR = 3600.0
LONGEST_INGEST = HOUR
"""Seconds. An ingester takes up what is pending within seconds, and makes 50 pages a second."""
LONGEST_QUEUE = 12 * HOUR
"""Seconds. All portals of a slot are visited in a few hours."""
LONGEST_DELIVERY = HOUR
"""Seconds. A message is tried six times in its first hour."""
LEAST_RUNS = 20
"""Of fewer runs a day no share is told."""


def troubles(snapshot: Snapshot) -> Iterator[str]:
    """One line each; none when all is well."""
    at_work = {process.role for process in snapshot.processes}
    for role in ("scheduler", "crawler", "ingester"):
        if role not in at_work:
            yield f"no {role} is at work: 'fazhi serve' starts it"
    if "scheduler" in at_work and not snapshot.leading:
        yield "no scheduler leads: the log of the schedulers says why"
    if (snapshot.captures_age or 0) > LONGEST_INGEST:
        oldest = _hours(snapshot.captures_age)
        waiting = snapshot.captures_waiting
        yield f"{waiting} pages wait to be understood, the oldest for {oldest}: more ingesters?"
    for (queue, status), (count, age) in sorted(snapshot.jobs.items()):
        if status == "todo" and (age or 0) > LONGEST_QUEUE:
            yield f"{count} jobs wait in the queue {queue}, the oldest for {_hours(age)}"
    for channel, (count, age) in sorted(snapshot.messages.items()):
        if (age or 0) > LONGEST_DELIVERY:
            yield f"{count} messages cannot be delivered by {channel}, the oldest for {_hours(age)}"
    failed = sum(n for (_, state, _), n in snapshot.runs.items() if state == "failed")
    total = sum(snapshot.runs.values())
    if total >= LEAST_RUNS and failed > total / 2:
        yield f"{failed} of the last day's {total} runs failed: 'fazhi runs' says why"


def _hours(seconds: float | None) -> str:
    return f"{(seconds or 0) / HOUR:.0f} h"
