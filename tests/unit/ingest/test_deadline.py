"""The limit on one capture's time, in real processes, which it ends."""

from __future__ import annotations

import subprocess
import sys
import threading

from ingest.deadline import EXIT_CODE, within

PROCESS = """
import re, time
from ingest import deadline
deadline.GRACE = 0.2
def loop_for_ever():
    while True:
        pass
def match_for_ever():  # the interpreter is not let go of in the meantime
    re.match(r"(a+)+$", "a" * 60 + "b")
with deadline.within({seconds}, lambda where: print("late at", where, flush=True)):
    {what}
time.sleep(0.8)
print("in time")
"""


def run(what: str, seconds: float | None) -> subprocess.CompletedProcess[str]:
    code = PROCESS.format(what=what, seconds=seconds)
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )


def test_a_loop_without_end_is_told_with_its_place_and_ends_the_process() -> None:
    done = run("loop_for_ever()", 0.3)
    assert done.returncode == EXIT_CODE
    assert done.stdout.startswith("late at <string>:")
    assert done.stdout.endswith(" loop_for_ever\n")


def test_code_that_lets_no_other_thread_run_ends_with_a_traceback() -> None:
    done = run("match_for_ever()", 0.3)
    assert done.returncode == 1
    assert "match_for_ever" in done.stderr
    assert "in time" not in done.stdout


def test_what_ends_in_time_goes_on_and_nobody_watches_any_more() -> None:
    done = run("pass", 0.3)
    assert (done.returncode, done.stdout, done.stderr) == (0, "in time\n", "")


def test_without_a_limit_nobody_watches() -> None:
    before = threading.active_count()
    with within(None, print):
        assert threading.active_count() == before
