"""Every fault of the simulator, crawled over real HTTP: its name, and no record lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crawler.outcome import Reason
from crawler.simulator.fault_list import FAULTS, pretend

ROOT = Path(__file__).resolve().parents[2]
ASKED_FOR = {
    *("http_error", "timeout", "reset", "truncated", "too_large", "garbled", "redirect_loop"),
    *("private_address", "off_site", "bad_scheme", "challenge", "rate_limited", "login_wall"),
    *("soft_404", "wrong_type", "robots_unavailable", "robots_forbidden", "listing_stub"),
    "listing_short",
    *("column_moved", "not_found", "tls", "unknown_family"),
}


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, Any]]:
    """The table of bench/faults.py, by fault."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / "faults.py"), "--json", "--seed", "7"],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=ROOT,
        check=False,
    )
    assert done.stdout, done.stderr
    # Twisted may complain of a timer as a handler closes; of our own files nothing may be said.
    assert "/crawler/" not in done.stderr, done.stderr
    return {row["fault"]: row for row in json.loads(done.stdout)}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_a_fault_gets_its_name_and_loses_no_record(rows: Any, fault: Any) -> None:
    row = rows[fault.id]
    assert row["lost"] == 0
    if fault.passing:
        assert set(fault.names) <= set(row["retried"])
    else:
        assert tuple(row["got"]) == fault.names
    if fault.passing or not fault.names:
        assert (row["captured"], row["got"]) == (row["records"], [])


def test_what_was_kept_before_an_article_was_edited_or_removed_stays(rows: Any) -> None:
    assert (rows["edited"]["captured"], rows["edited"]["versions"]) == (6, 7)
    assert (rows["removed"]["captured"], rows["removed"]["got"]) == (6, ["not_found"])


def test_nothing_is_asked_for_twice_where_entries_are_listed_twice(rows: Any) -> None:
    asked = rows["duplicates"]["requests"]
    assert asked == rows["date-split"]["requests"]


def test_a_challenge_is_answered_by_silence(rows: Any) -> None:
    for fault in ("ruishu", "waf-468", "waf-shell", "cookie-script"):
        assert rows[fault]["requests"] == 2, "robots.txt, and the page that was the challenge"
    assert rows["jiasule"]["requests"] == 1, "521 for robots.txt says it already"


def test_the_faults_cover_every_name_that_an_answer_can_get() -> None:
    assert {name for fault in FAULTS for name in fault.names} == ASKED_FOR
    assert {Reason(name) for name in ASKED_FOR}


def test_a_seed_decides_what_is_struck() -> None:
    def struck(seed: int) -> list[tuple[str, int]]:
        return [(portal.path, portal.tries) for portal in pretend(seed).values()]

    assert struck(3) == struck(3)
    assert struck(3) != struck(4)
