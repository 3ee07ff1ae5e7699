from __future__ import annotations

import re
from pathlib import Path

from crawler.outcome import Reason
from scheduler.crawling import _as_failure

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "reference" / "failures.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ")
]
BY_THE_SERVICE = {"setting", "seed"}
"""Names that scheduler.crawling gives to runs that could not begin."""


def test_every_name_of_a_failure_is_explained_once_and_none_is_made_up() -> None:
    names = [name for name, *_ in ROWS if name != "name"]
    assert sorted(names) == sorted({reason.value for reason in Reason} | BY_THE_SERVICE)


def test_every_name_says_what_it_means_and_what_to_do() -> None:
    for name, meaning, _, advice in ROWS:
        if name != "name":
            assert meaning.endswith((".", ".)")), name
            assert advice, name


def test_the_services_own_names_are_the_ones_it_gives() -> None:
    from crawler.errors import SeedError, SettingError

    given = {_as_failure(SettingError("x"))[0], _as_failure(SeedError("x"))[0]}
    assert given == BY_THE_SERVICE


def test_links_to_headings_lead_somewhere() -> None:
    guide = (DOCS / "how-to" / "failures.md").read_text(encoding="utf-8")
    headings = {line[3:].lower() for line in guide.splitlines() if line.startswith("## ")}
    assert set(re.findall(r"how-to/failures\.md#(\w+)", PAGE)) <= headings
