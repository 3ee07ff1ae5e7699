"""Commands run in this process, in a home of their own."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import structlog

from scheduler import cli as front_door


class Answer(NamedTuple):
    code: int
    out: str
    err: str


class Fazhi:
    """Runs a command line in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capfd = capfd

    def __call__(self, *arguments: str) -> Answer:
        self.monkeypatch.setattr(sys, "argv", ["fazhi", *arguments])
        code = 0
        try:
            front_door.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = self.capfd.readouterr()
        return Answer(code, out, err)


@pytest.fixture
def fazhi(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Fazhi]:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))
    for name in ("FAZHI_DATABASE_URL", "FAZHI_CONFIG", "FAZHI_LOG", "FAZHI_LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield Fazhi(monkeypatch, capfd)
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)
    structlog.reset_defaults()
