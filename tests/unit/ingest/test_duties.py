"""Who owes a report by when is data, read strictly."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crawler.errors import SeedError
from ingest.duties import load_duties

GOOD = """
law = "a law"
why = "what it says"
due = "04-01"
first_year = 2019
levels = ["county"]
"""


def write(seeds: Path, text: str) -> Path:
    folder = seeds / "kinds" / "demo"
    folder.mkdir(parents=True)
    (folder / "duty.toml").write_text(text, encoding="utf-8")
    return seeds


def test_the_report_on_a_year_is_due_in_the_next(tmp_path: Path) -> None:
    (duty,) = load_duties(write(tmp_path, GOOD))
    assert duty.kind == "demo" and duty.due(2024) == date(2025, 4, 1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"04-01"', '"04-31"'), "due is not a month"),
        (('"04-01"', '"02-29"'), "due is not a month"),
        (('"04-01"', "4"), "due is not a month"),
        (('["county"]', '["parish"]'), "parish"),
        (("first_year", "frist_year"), "frist_year"),
        (("2019", '"2019"'), "first_year is no year"),
        (('"a law"', '" "'), "law and why"),
    ],
)
def test_a_slip_is_told_with_the_file(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    with pytest.raises(SeedError, match=told) as error:
        load_duties(write(tmp_path, GOOD.replace(*change)))
    assert "duty.toml" in str(error.value)


def test_our_own_duty_is_that_of_the_law() -> None:
    (duty,) = load_duties()
    assert duty.due(2025) == date(2026, 4, 1) and "county" in duty.levels
