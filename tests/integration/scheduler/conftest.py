"""The scheduler's rooms on real databases, without processes of the service."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.store.database import Database
from scheduler.config import Settings
from scheduler.work import Work

EVERY_MINUTE = """
timezone = "Asia/Shanghai"
sweep_every_days = 90
spread_minutes = 0
housekeeping = "15 3 * * *"
[[visits]]
id = "often"
why = "a test cannot wait for the season"
cron = "* * * * *"
portals = ["demo-qinghe"]
"""


@pytest.fixture
def work(database: Database, tmp_path: Path) -> Work:
    """Settings and a database, as a process of the service has them."""
    return Work(Settings(home=tmp_path), database)


@pytest.fixture
def often(tmp_path: Path) -> Path:
    """A schedule file with one pretend portal, every minute."""
    file = tmp_path / "schedule.toml"
    file.write_text(EVERY_MINUTE)
    return file
