"""`fazhi alerts` and `fazhi status`, as a user types them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from front_door import fazhi, fresh_home, one_line

from ingest.duties import load_duties
from ingest.store.database import open_database
from ingest.store.migrate import migrate
from ingest.store.runs import begin_run, finish_run
from scheduler.watch.alerts import Rulebook, look
from scheduler.watch.thresholds import load_thresholds

PORTAL = "demo-qinghe"


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """With a portal that lists nothing any more, and a run under way at another."""
    now = datetime.now(UTC)
    with fresh_home() as place, open_database(home=place) as database:
        migrate(database)
        with database.connect() as connection:
            for days, entries in enumerate((0, 0, 5, 5, 5)):
                at = now - timedelta(days=days, minutes=5)
                run = begin_run(connection, PORTAL, cause="hand", slot=None, job_id=None, now=at)
                reason = "completed" if entries else "no_entries"
                finish_run(
                    connection, run, state="succeeded", reason=reason, entries=entries, now=at
                )
            begin_run(connection, "demo-baishi", cause="http", slot=None, job_id=None, now=now)
        look(database, Rulebook(load_thresholds(), load_duties()), ["log"], now)
        yield place


@pytest.fixture(scope="module")
def alert(home: Path) -> str:
    (found,) = json.loads(fazhi(home, "alerts", "--json").stdout)
    assert (found["portal"], found["rule"]) == (PORTAL, "sudden_zero")
    return str(found["id"])


def test_status_tells_on_one_screen_what_ran_runs_comes_and_is_wrong(
    home: Path, alert: str
) -> None:
    told = json.loads(fazhi(home, "status", "--json").stdout)
    assert [run["portal"] for run in told["running"]] == ["demo-baishi"]
    assert {run["portal"] for run in told["ended"]} == {PORTAL}
    assert len(told["next"]) == 3
    assert "no crawler is at work: 'fazhi serve' starts it" in told["wrong"]
    assert [str(one["alert"]) for one in told["alerts"]] == [alert]
    screen = fazhi(home, "status").stdout
    assert len(screen.splitlines()) < 25
    for word in ("at work:", "last day:", "running:", "ended:", "next:", "wrong:", "demo-baishi"):
        assert word in screen


def test_an_alert_is_shown_with_its_evidence(home: Path, alert: str) -> None:
    shown = fazhi(home, "alerts", "show", alert).stdout
    assert "lists no report since run" in shown
    assert "usual_entries: 5" in shown
    as_json = json.loads(fazhi(home, "alerts", "show", alert, "--json").stdout)
    assert as_json["evidence"]["usual_entries"] == 5


def test_an_alert_is_acknowledged_and_muted_with_a_reason(home: Path, alert: str) -> None:
    assert fazhi(home, "alerts", "acknowledge", alert, "--reason", "asked them").returncode == 0
    assert "known: asked them" in fazhi(home, "alerts").stdout
    assert json.loads(fazhi(home, "status", "--json").stdout)["alerts"] == []
    until = ("--reason", "closed", "--until", "2099-01-15")
    assert fazhi(home, "alerts", "mute", alert, *until).returncode == 0
    assert "muted until 2099-01-15 00:00: closed" in fazhi(home, "alerts", "show", alert).stdout
    assert fazhi(home, "alerts", "unmute", alert).returncode == 0
    assert "is not muted" in one_line(fazhi(home, "alerts", "unmute", alert))


def test_what_cannot_be_done_is_told_in_one_line(home: Path, alert: str) -> None:
    assert "no alert has the number 999" in one_line(fazhi(home, "alerts", "show", "999"))
    assert fazhi(home, "alerts", "mute", alert).returncode == 2  # no reason
    wrong = fazhi(home, "alerts", "mute", alert, "--reason", "x", "--until", "tomorrow")
    assert wrong.returncode == 2
    assert "is no day" in wrong.stderr
