"""The supervisor, with real child processes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from scheduler.supervisor import StopSignal, back_off, supervise

ENVIRONMENT = {"PATH": os.environ["PATH"]}


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def run(commands: dict[str, list[str]], until: Path, stop_twice: bool = False) -> None:
    async def main() -> None:
        stop = StopSignal()
        running = asyncio.create_task(supervise(commands, ENVIRONMENT, stop))
        while not until.exists():
            await asyncio.sleep(0.02)
        stop.notice()
        if stop_twice:
            stop.notice()
        await running

    asyncio.run(asyncio.wait_for(main(), 60))


def test_back_off_doubles_up_to_a_minute() -> None:
    assert [back_off(n) for n in (1, 2, 3, 6, 7, 100)] == [1, 2, 4, 32, 60, 60]


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    lives = tmp_path / "lives"
    second = tmp_path / "second"
    code = (
        f"import pathlib, sys; first = not pathlib.Path({str(lives)!r}).exists();"
        f"pathlib.Path({str(lives)!r}).touch();"
        f"first or pathlib.Path({str(second)!r}).touch();"
        "sys.exit(3) if first else sys.stdin.read()"
    )
    run({"crawler": python(code)}, until=second)
    assert second.exists()


def test_children_are_asked_to_stop_and_may_finish(tmp_path: Path) -> None:
    ready, ended = tmp_path / "ready", tmp_path / "ended"
    code = (
        "import pathlib, signal, sys\n"
        "def end(*_):\n"
        f"    pathlib.Path({str(ended)!r}).touch(); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        f"pathlib.Path({str(ready)!r}).touch()\n"
        "signal.pause()\n"
    )
    run({"crawler": python(code)}, until=ready)
    assert ended.exists()


def test_a_child_that_will_not_stop_is_killed_at_the_second_signal(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    code = (
        "import pathlib, signal\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(ready)!r}).touch()\n"
        "while True: signal.pause()\n"
    )
    run({"stubborn": python(code)}, until=ready, stop_twice=True)


def test_a_child_stops_by_itself_when_its_supervisor_is_killed(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    child = (
        "import asyncio, pathlib\n"
        "from scheduler.log import configure_logging\n"
        "configure_logging('json', 'error')\n"
        "from scheduler.supervisor import StopSignal, orphaned\n"
        "async def main():\n"
        "    stop = StopSignal()\n"
        "    with orphaned(stop):\n"
        "        print('ready', flush=True)\n"
        "        await stop.asked.wait()\n"
        f"    pathlib.Path({str(ended)!r}).touch()\n"
        "asyncio.run(main())\n"
    )
    parent = (
        "import asyncio, os, sys\n"
        "from scheduler.log import configure_logging\n"
        "configure_logging('json', 'error')\n"
        "from scheduler.supervisor import StopSignal, supervise\n"
        f"commands = {{'crawler': [sys.executable, '-c', {child!r}]}}\n"
        "asyncio.run(supervise(commands, os.environ, StopSignal()))\n"
    )
    with subprocess.Popen(python(parent), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGKILL)
        assert process.stdout.read() == ""  # closed by the child's end
    assert ended.exists()
