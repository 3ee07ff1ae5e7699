"""`fazhi indicators`: definitions, values with their proof, and what is asked for in vain."""

from __future__ import annotations

import json
from typing import Any

import pytest
from invented import BODY, make_record


@pytest.fixture
def filled(stored: Any) -> None:
    """Two years of one county; in the second a count has jumped."""
    stored(make_record(2023, 200), b"2023")
    stored(make_record(2024, 90_000), b"2024")


pytestmark = [
    pytest.mark.usefixtures("filled"),
    pytest.mark.parametrize("server", ["embedded"], indirect=True, scope="session"),
]


def test_definitions_are_listed_with_how_many_values_are_stored(fazhi: Any) -> None:
    answer = fazhi("indicators", "--theme", "行政诉讼/应诉", "--json")
    rows = {row["code"]: row for row in json.loads(answer.out)}
    assert len(rows) == 6
    assert rows["head_appearance_rate"]["stored"] == 2
    assert rows["litigation_losses"]["stored"] == 0
    lines = fazhi("indicators", "--tier", "core").out.splitlines()
    assert lines[0].split("\t")[:6] == ["code", "name", "unit", "tier", "values", "doubtful"]
    assert len(lines) == 1 + 41


def test_values_are_listed_with_their_proof(fazhi: Any) -> None:
    answer = fazhi("indicators", "values", "--code", "penalty_cases_total")
    assert answer.code == 0, answer.err
    assert [line.split("\t") for line in answer.out.splitlines()[1:]] == [
        [
            *("2", "130534", "清河县", "2024", "penalty_cases_total", "近90000件", "this_year"),
            *("jump: 90000 is 450 times the 200 of 2023", BODY[2:15]),
        ],
        [
            *("1", "130534", "清河县", "2023", "penalty_cases_total", "近200件", "this_year"),
            *("", BODY[2:15]),
        ],
    ]


@pytest.mark.parametrize(
    ("options", "years"),
    [
        (["--year", "2023"], [2023, 2023]),
        (["--region", "130000", "--code", "head_appearance_rate"], [2024, 2023]),
        (["--region", "邢台", "--year", "2024", "--code", "penalty_cases_total"], [2024]),
        (["--doubtful"], [2024]),
        (["--plausible", "--code", "penalty_cases_total"], [2023]),
        (
            ["--panel", "--code", "penalty_cases_total", "--code", "head_appearance_rate"],
            [2024, 2023, 2024, 2023],
        ),
    ],
)
def test_values_are_narrowed_by_code_year_region_and_doubt(
    fazhi: Any, options: list[str], years: list[int]
) -> None:
    answer = fazhi("indicators", "values", "--json", *options)
    assert [row["year"] for row in json.loads(answer.out)] == years


def test_a_region_without_values_is_no_error(fazhi: Any) -> None:
    answer = fazhi("indicators", "values", "--region", "350581")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.startswith("No values.")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("indicators", "values", "--code", "出庭应诉率"), "did you mean head_appearance_rate"),
        (("indicators", "values", "--code", "head_apearance"), "did you mean head_appearance_"),
        (("indicators", "values", "--code", "zzz"), "'fazhi indicators' lists them"),
        (("indicators", "values", "--year", "2031"), "stored are 2023-2024"),
        (("indicators", "values", "--region", "350599"), "350500 泉州市, 350000 福建省"),
        (("indicators", "--tier", "main"), "it is core or extended"),
        (("indicators", "--theme", "天气"), "it is one of 行政复议"),
        (("reports", "--region", "石狮区"), "350581 石狮市"),
        (("reports", "--region", "990000"), "give a code or a full Chinese name"),
    ],
)
def test_what_does_not_exist_is_one_line_with_what_is_near(
    refused: Any, arguments: tuple[str, ...], told: str
) -> None:
    assert told in refused(*arguments)


def test_a_report_is_shown_with_its_indicators_in_the_order_of_the_body(fazhi: Any) -> None:
    shown = fazhi("show", "2").out
    assert (
        "indicator:       penalty_cases_total 近90000件 (this_year)  "
        f"[doubtful: jump: 90000 is 450 times the 200 of 2023]  {BODY[2:15]}\n"
        f"indicator:       head_appearance_rate 98.5% (this_year)  {BODY[16:28]}\n"
    ) in shown
    detail = json.loads(fazhi("show", "1", "--json").out)
    assert [value["value"] for value in detail["indicators"]] == [98.5, 200]
    assert detail["report"]["id"] == 1
