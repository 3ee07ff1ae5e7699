"""`fazhi schedule`: what an operator decides about the calendar, with who, when and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from front_door import fazhi, fresh_home, one_line


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with fresh_home() as place:
        yield place


def schedule(home: Path, *arguments: str) -> Any:
    return fazhi(home, "schedule", *arguments)


def coming(home: Path, portal: str) -> list[dict[str, Any]]:
    answer = schedule(home, "next", "--portal", portal, "-n", "3", "--json")
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def decisions(home: Path, *more: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(schedule(home, "list", "--json", *more).stdout)[
        "decisions"
    ]
    return found


def test_a_cadence_is_set_for_a_portal_and_dropped_again(home: Path) -> None:
    answer = schedule(
        home, "set", "demo-qinghe", "--cron", "30 6 * * *", "--reason", "late", "--by", "wang"
    )
    assert answer.returncode == 0, answer.stderr
    assert [visit["slot"][11:16] for visit in coming(home, "demo-qinghe")] == ["06:30"] * 3
    (decision,) = decisions(home)
    assert (decision["decided_by"], decision["reason"]) == ("wang", "late")
    assert decision["target"]["portal"] == "demo-qinghe"
    answer = schedule(home, "set", "demo-qinghe", "--as-file", "--reason", "on time again")
    assert answer.returncode == 0
    assert decisions(home) == []
    assert coming(home, "demo-qinghe") == []
    (ended,) = decisions(home, "--history")
    assert ended["end_reason"] == "on time again"


def test_a_portal_is_paused_with_a_reason_and_resumed(home: Path) -> None:
    before = coming(home, "gov-350581")
    assert len(before) == 3
    assert schedule(home, "pause", "gov-350581", "--reason", "asked us to").returncode == 0
    assert coming(home, "gov-350581") == []
    assert len(coming(home, "gov-350582")) == 3
    assert "asked us to" in schedule(home, "list").stdout
    assert schedule(home, "resume", "gov-350581").returncode == 0
    assert coming(home, "gov-350581") == before
    assert "there is no such pause" in one_line(schedule(home, "resume", "gov-350581"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("pause", "--reason", "x"), "name one portal, or give --level, or --everything"),
        (("pause", "gov-35058", "--reason", "x"), "gov-350581"),
        (("pause", "--level", "city", "--reason", "x"), "'city' is not a level"),
        (("set", "gov-350581", "--reason", "x"), "give either --cron"),
        (("set", "gov-350581", "--reason", "x", "--cron", "0 5 * * 1"), "name the weekday"),
        (
            ("set", "gov-350581", "--reason", "x", "--cron", "0 5 * * *", "--from", "13-01",
             "--to", "01-01"),
            "'13-01' is not a day",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_one_line(
    home: Path, arguments: tuple[str, ...], told: str
) -> None:
    answer = schedule(home, *arguments)
    assert answer.returncode == 2
    assert told in one_line(answer)
