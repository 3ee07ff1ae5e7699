"""A file stands under its final name only when it is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.export.errors import ExportError
from ingest.export.target import whole_file


def test_a_whole_file_takes_its_name_and_leaves_nothing_beside(tmp_path: Path) -> None:
    with whole_file(tmp_path / "a.csv") as unfinished:
        unfinished.write_text("whole")
        assert not (tmp_path / "a.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_text() == "whole"


def test_a_failed_export_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), whole_file(tmp_path / "a.csv") as unfinished:
        unfinished.write_text("half")
        raise OSError("full")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_replaced_without_force(tmp_path: Path) -> None:
    there = tmp_path / "a.csv"
    there.write_text("old")
    with pytest.raises(ExportError, match="--force"), whole_file(there):
        pytest.fail("begun although the name is taken")
    with whole_file(there, force=True) as unfinished:
        unfinished.write_text("new")
    assert there.read_text() == "new"


def test_a_name_taken_while_we_wrote_is_not_replaced_either(tmp_path: Path) -> None:
    there = tmp_path / "a.csv"
    with pytest.raises(ExportError, match="--force"), whole_file(there) as unfinished:
        unfinished.write_text("ours")
        there.write_text("theirs")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert there.read_text() == "theirs"


def test_a_failed_replacement_leaves_the_old_file(tmp_path: Path) -> None:
    there = tmp_path / "a.csv"
    there.write_text("old")
    with pytest.raises(OSError, match="full"), whole_file(there, force=True) as unfinished:
        unfinished.write_text("half")
        raise OSError("full")
    assert there.read_text() == "old"


@pytest.mark.parametrize("name", ["missing/a.csv", "."])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match="folder"), whole_file(tmp_path / name):
        pytest.fail("begun although there is no such place")
