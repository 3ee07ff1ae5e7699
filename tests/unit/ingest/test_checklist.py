"""The contents that the law asks a report for are reported as there or not."""

from __future__ import annotations

import tomllib

import pytest

from crawler.seeds import SEEDS
from ingest.checklist import checklist, load_contents
from ingest.outline import load_roles
from ingest.records import Role, Section

CONTENTS = load_contents("fazhi")
ROLES = load_roles("fazhi")
ROWS = tomllib.loads((SEEDS / "kinds" / "fazhi" / "checklist.toml").read_text(encoding="utf-8"))[
    "content"
]


def section(role: Role) -> Section:
    return Section(1, "二、", "标题", role, 0, 1)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_content_matches_its_examples_and_spares_the_others(
    row: dict[str, list[str]],
) -> None:
    found = {
        text: dict(checklist([text], (), ROLES, CONTENTS))[str(row["id"])]
        for text in row["matches"]
    }
    assert all(found.values()), found
    spared = {
        text: dict(checklist([text], (), ROLES, CONTENTS))[str(row["id"])] for text in row["spares"]
    }
    assert not any(spared.values()), spared


def test_a_section_with_the_role_is_the_content() -> None:
    found = dict(checklist(["没有提到。"], (section(Role.PROBLEMS),), ROLES, CONTENTS))
    assert found == {"shortcomings": True, "duty": False, "plan": False}


def test_a_body_of_achievements_only_lacks_all_three() -> None:
    found = dict(checklist(["全年学法4次。"], (section(Role.ACHIEVEMENTS),), ROLES, CONTENTS))
    assert found == {"shortcomings": False, "duty": False, "plan": False}


def test_a_heading_without_a_number_is_the_content() -> None:
    lines = ["存在的主要问题", "执法力量不足。", "下一步工作打算", "充实力量。"]
    found = dict(checklist(lines, (), ROLES, CONTENTS))
    assert found == {"shortcomings": True, "duty": False, "plan": True}
