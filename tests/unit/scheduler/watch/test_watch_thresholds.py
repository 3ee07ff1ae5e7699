"""seeds/watch.toml is read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import SeedError
from crawler.seeds import SEEDS
from scheduler.watch.thresholds import load_thresholds

GIVEN = (SEEDS / "watch.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[failing]", "[failling]", "failling: unknown rule"),
        ("\ndays = 3", "\ndays = 3\nhours = 2", "failing.hours: unknown key"),
        ("\ndays = 3", "", "failing.days: must be a whole number"),
        ("\ndays = 3", "\ndays = true", "failing.days: must be a number"),
        ("share = 0.5", "share = 5", "challenge.share: must be a share"),
        ('severity = "warning"', 'severity = "loud"', "severity: must be one of warning, notice"),
        ("base_visits = 3", "base_visits = 30", "no more than 12 visits"),
        ("why =", "because =", "unknown key"),
        ("[overdue]", "[overdue", "cannot be read as TOML"),
    ],
)
def test_a_rule_file_that_is_wrong_is_one_line_with_file_and_key(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    (tmp_path / "watch.toml").write_text(GIVEN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SeedError, match=complaint) as failure:
        load_thresholds(tmp_path)
    assert str(tmp_path / "watch.toml") in str(failure.value)
