"""A challenge is remembered by later processes, for the whole domain, until an operator says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from front_door import fazhi, fresh_home

from crawler.simulator import Simulator, start_simulator

SISTER = ("--id", "linhu-sfj", "--name", "临湖司法局", "--url", "http://sfj.linhu.gov.test/")


@pytest.fixture(scope="module")
def linhu() -> Iterator[Simulator]:
    with start_simulator() as running:
        yield running


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with fresh_home() as made:
        assert fazhi(made, "migrate").returncode == 0
        assert fazhi(made, "portals", "add", *SISTER).returncode == 0
        yield made


def visit(home: Path, simulator: Simulator, portal: str) -> int:
    """How many requests of a visit the simulator saw."""
    before = len(simulator.log())
    settings = {"FAZHI_SIMULATOR": simulator.address, "FAZHI_DELAY": "0.01"}
    answer = fazhi(home, "crawl", portal, **settings, FAZHI_BACK_OFF="12")
    assert "Traceback" not in answer.stderr, answer.stderr
    return len(simulator.log()) - before


def health(home: Path, portal: str) -> dict[str, Any]:
    rows = json.loads(fazhi(home, "portals", "--health", "--json").stdout)
    row: dict[str, Any] = next(row for row in rows if row["id"] == portal)
    return row


def test_a_domain_with_a_challenge_is_left_alone_by_the_next_process_until_it_is_forgiven(
    home: Path, linhu: Simulator
) -> None:
    assert visit(home, linhu, "demo-linhu") == 2
    assert visit(home, linhu, "demo-linhu") == 0
    assert visit(home, linhu, "linhu-sfj") == 0

    told = health(home, "linhu-sfj")
    assert told["last_failures_by_name"] == {"backing_off": 1}
    assert (told["left_alone"]["domain"], told["left_alone"]["times"]) == ("linhu.gov.test", 1)
    table = fazhi(home, "portals", "--health").stdout
    line = next(line for line in table.splitlines() if line.startswith("linhu-sfj"))
    assert "left alone until" in line
    assert "www.linhu.gov.test gave ruishu" in line

    forgiven = fazhi(home, "portals", "retry", "linhu-sfj")
    assert forgiven.stdout == "linhu-sfj: linhu.gov.test may be visited\n"
    assert visit(home, linhu, "demo-linhu") == 2

    runs = json.loads(fazhi(home, "runs", "--json").stdout)
    reasons = [run["reason"] for run in reversed(runs)]
    assert reasons == ["challenge", "backing_off", "backing_off", "challenge"]
    assert all(run["failures_by_name"] == {run["reason"]: 1} for run in runs)
