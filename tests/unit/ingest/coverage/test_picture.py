"""The heat-map: what its cells say, and that it can be drawn and read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.coverage.picture import COLORS, draw, grid_of
from ingest.export.errors import ExportError
from ingest.store.coverage import STATUSES


@dataclass(frozen=True)
class Owed:
    body: str
    path: list[str] | None
    year: int
    status: str


CELLS = [
    Owed("甲县人民政府", ["示范省", "清河市", "甲县"], 2023, "on_time"),
    Owed("甲县人民政府", ["示范省", "清河市", "甲县"], 2024, "not_found"),
    Owed("乙县人民政府", ["示范省", "临湖市", "乙县"], 2024, "late"),
]


def test_few_bodies_are_drawn_one_by_one() -> None:
    grid = grid_of(CELLS)
    assert grid.lines == ("甲县人民政府", "乙县人民政府") and grid.years == (2023, 2024)
    assert grid.statuses == (("on_time", "not_found"), (None, "late"))


def test_many_bodies_are_drawn_as_shares_of_the_places_that_differ() -> None:
    grid = grid_of(CELLS, most=1)
    assert grid.lines == ("清河市", "临湖市")
    assert grid.shares == ((1.0, 0.0), (None, 1.0))


@pytest.mark.parametrize("status", ["not_yet_due", "blocked", "unreachable", "our_fault"])
def test_a_body_of_which_nothing_is_known_counts_neither_way(status: str) -> None:
    waiting = [*CELLS, Owed("丙县", ["示范省", "清河市", "丙县"], 2023, status)]
    assert grid_of(waiting, most=1).shares[0][0] == 1.0
    alone = [*CELLS, Owed("丙县", ["示范省", "云岭市", "丙县"], 2023, status)]
    assert grid_of(alone, most=1).shares[2] == (None, None)


def test_every_status_has_a_colour() -> None:
    assert set(COLORS) == set(STATUSES)


@pytest.mark.parametrize("most", [1, 120])
def test_an_svg_keeps_its_text_as_text(
    tmp_path: Path, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.coverage.picture.MOST_LINES", most)
    draw(CELLS, tmp_path / "c.svg", title="Yearly reports")
    text = (tmp_path / "c.svg").read_text(encoding="utf-8")
    assert "甲县人民政府" in text and "2024" in text and "not_found" in text


def test_a_png_needs_a_chinese_font_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.coverage.fonts.HAN_FONTS", ("No Such Font",))
    with pytest.raises(ExportError, match="fonts-noto-cjk"):
        draw(CELLS, tmp_path / "c.png", title="Yearly reports")
    assert not (tmp_path / "c.png").exists()
