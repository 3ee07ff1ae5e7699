"""Golden cases: a folder holds a page with one difficulty, and the record that it must give.

A case without expected.json gets one written, and fails: read it line by line against the page,
correct it where the record is wrong, and keep it. Pages are our own writing about invented places.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.extract import extract
from ingest.records import as_json

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
CASES = sorted(page.parent for page in GOLDEN.glob("*/page.*"))


def record_of(case: Path) -> dict[str, Any]:
    (page,) = case.glob("page.*")
    record: dict[str, Any] = as_json(extract(page.read_bytes(), name=page.name))
    del record["why"]  # the wording of reasons may change; tests of the fields check them
    return record | {"indicators": [], "facts": []}  # tests/figures has cases of their own


def test_there_are_cases() -> None:
    assert len(CASES) >= 16


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_gives_the_record_that_was_reviewed(case: Path) -> None:
    record = record_of(case)
    expected = case / "expected.json"
    if not expected.is_file():
        text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        expected.write_text(text, encoding="utf-8")
        pytest.fail(f"{expected} was missing and has been written: review it, then run again")
    assert record == json.loads(expected.read_text(encoding="utf-8"))
