"""Running `fazhi` as a user does: in a process of its own, in a home of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FAZHI = [sys.executable, "-m", "scheduler"]
PATIENCE = 180
"""Seconds after which a command counts as hung."""


def environment(home: Path, **more: str) -> dict[str, str]:
    """This process's environment without its FAZHI_*, with the home and what else is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FAZHI_")}
    return {**kept, "FAZHI_HOME": str(home), "FAZHI_LISTEN": "127.0.0.1:0", **more}


def fazhi(
    home: Path, *arguments: str, stdin: str | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [*FAZHI, *arguments],
        env=environment(home, **more),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def start(home: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    """Begin one command."""
    return subprocess.Popen(
        [*FAZHI, *arguments],
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def fresh_home() -> Iterator[Path]:
    """A home that another user may enter, for as root the embedded server runs as one."""
    base = Path(tempfile.mkdtemp(prefix="fz-"))
    base.chmod(0o755)
    try:
        yield base / "home"
    finally:
        shutil.rmtree(base, ignore_errors=True)


def one_line(answer: subprocess.CompletedProcess[str]) -> str:
    """The one line of trouble, without a traceback."""
    assert answer.stderr.count("\n") == 1, answer.stderr
    assert answer.stderr.startswith("fazhi: ")
    return answer.stderr
