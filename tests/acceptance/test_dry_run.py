"""`fazhi crawl --dry-run`: what a visit would find, without a database; what it says when it fails.

No public host is asked: the network is missing where the simulator is not there.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from front_door import fazhi, one_line

from crawler.simulator import Simulator

NOBODY = "127.0.0.1:1"


def rehearsed(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """One rehearsal; whatever came of it, nothing was kept."""
    answer = fazhi(home, "crawl", "--dry-run", *arguments, FAZHI_DELAY="0.01", **settings)
    assert not home.exists(), "a rehearsal makes no home, no database and no file"
    return answer


def test_a_rehearsal_tells_its_terms_first_and_then_what_it_would_have_kept(
    tmp_path: Path, simulator: Simulator
) -> None:
    answer = rehearsed(tmp_path / "home", "demo-baishi", FAZHI_SIMULATOR=simulator.address)
    assert answer.returncode == 0, answer.stderr
    first, last = answer.stderr.splitlines()
    assert first.startswith("demo-baishi ")
    assert "robots.txt first, a request every 0.01 s at most, as fazhi/" in first
    assert "demo-baishi: completed: " in last
    assert "requests" in last
    header, *rows = [line.split("\t") for line in answer.stdout.splitlines()]
    assert header == ["date", "title", "address"]
    assert rows
    assert all(address.startswith("http://baishi.yunling.gov.test/") for *_, address in rows)


def test_a_rehearsal_for_programs_is_json_with_the_outcome_and_the_pages(
    tmp_path: Path, simulator: Simulator
) -> None:
    names = ("demo-baishi", "demo-linhu")
    answer = rehearsed(tmp_path / "home", *names, "--json", FAZHI_SIMULATOR=simulator.address)
    assert answer.returncode == 1, "one of them is a challenge"
    found = {each["portal"]: each for each in json.loads(answer.stdout)}
    assert found["demo-baishi"]["outcome"]["state"] == "succeeded"
    assert all(page["bytes"] > 0 for page in found["demo-baishi"]["pages"])
    assert found["demo-linhu"]["outcome"]["reason"] == "challenge"


def test_a_rehearsal_that_reaches_nobody_says_what_and_where_and_what_to_do(
    tmp_path: Path,
) -> None:
    answer = rehearsed(tmp_path / "home", "demo-baishi", FAZHI_SIMULATOR=NOBODY)
    assert answer.returncode == 1
    plan, kept, told = answer.stderr.splitlines()
    assert kept == "no page would be kept"
    assert plan.startswith("demo-baishi ")
    assert told.startswith("fazhi: demo-baishi: no_simulator: nothing listens at 127.0.0.1:1")
    assert "fazhi simulator" in told


def test_a_public_portal_is_not_rehearsed_without_a_contact_and_none_by_all(
    tmp_path: Path,
) -> None:
    answer = rehearsed(tmp_path / "home", "gov-110000")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "FAZHI_CONTACT is not set: www.beijing.gov.cn is a public host" in one_line(answer)
    unknown = rehearsed(tmp_path / "home", "nobody")
    assert "no portal has the id 'nobody'" in one_line(unknown)
    assert rehearsed(tmp_path / "home", "--all").returncode == 2
