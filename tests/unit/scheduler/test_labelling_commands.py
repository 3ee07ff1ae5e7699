"""`fazhi label` and `fazhi score`: gold pre-filled, never overwritten; the rules scored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

REPORT = """清河市人民政府2024年度法治政府建设情况报告

省人民政府:
2024年,清河市深入推进法治政府建设,现将有关情况报告如下。
一、主要成效
(一)制度建设稳步推进。全年制定行政规范性文件12件。
二、存在问题
一是执法力量不足。
三、下一步打算
一是加强队伍建设。

清河市人民政府
2025年1月15日
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "a.txt"
    file.write_text(REPORT, encoding="utf-8")
    return file


def labelled(fazhi: Any, report: Path) -> dict[str, Any]:
    gold: dict[str, Any] = json.loads(fazhi("label", str(report)).out)
    return gold


def keep(gold: dict[str, Any], file: Path) -> Path:
    file.write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")
    return file


def missing_indicator(gold: dict[str, Any]) -> dict[str, Any]:
    """Gold with an indicator that no rule can find."""
    start = gold["body"].index("深入推进")
    place = {"evidence": "深入推进", "start": start, "end": start + 4}
    value = {"value": 7, "unit": "件", "qualifier": None, "period": "this_year"}
    return {**gold, "indicators": [{"code": "invented", **value, **place}]}


def test_a_document_is_labelled_in_the_shape_of_gold(fazhi: Any, report: Path) -> None:
    gold = labelled(fazhi, report)
    assert (gold["input"], gold["verdict"]) == ("a.txt", "report")
    assert gold["verdict_accept"] == ["report"]
    assert gold["report_year"] == 2024
    assert gold["look_alikes"] == []
    assert all(section["optional"] is False for section in gold["sections"])
    for item in [*gold["indicators"], *gold["facts"]]:
        assert gold["body"][item["start"] : item["end"]] == item["evidence"]


def test_corrections_are_never_overwritten_without_force(
    fazhi: Any, report: Path, tmp_path: Path
) -> None:
    out = tmp_path / "gold.json"
    assert fazhi("label", str(report), "--out", str(out)).code == 0
    out.write_text("corrected", encoding="utf-8")
    answer = fazhi("label", str(report), "--out", str(out))
    assert answer.code == 1
    assert answer.err.startswith(f"fazhi: {out}: exists, and may hold corrections")
    assert out.read_text(encoding="utf-8") == "corrected"
    assert fazhi("label", str(report), "--out", str(out), "--force").code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["verdict"] == "report"


def test_a_document_that_cannot_be_read_is_one_line(fazhi: Any, tmp_path: Path) -> None:
    answer = fazhi("label", str(tmp_path / "none.txt"))
    assert (answer.code, answer.err.count("\n")) == (2, 1)


@pytest.mark.parametrize("name", ["a.json", "gold.json"])
def test_gold_is_scored_beside_its_document(fazhi: Any, report: Path, name: str) -> None:
    keep(missing_indicator(labelled(fazhi, report)), report.with_name(name))
    answer = fazhi("score", str(report.parent))
    assert answer.code == 0, answer.err
    assert "【深入推进】法治政府建设" in answer.out
    rows = {line.split("\t")[0]: line.split("\t")[1:] for line in answer.out.splitlines()}
    assert rows["code"] == ["gold", "pred", "right", "P", "R", "F1"]
    assert rows["invented"] == ["1", "0", "0", "0.000", "0.000", "0.000"]


def test_what_was_just_labelled_scores_full_marks_as_json(fazhi: Any, report: Path) -> None:
    gold = labelled(fazhi, report)
    keep(gold, report.with_suffix(".json"))
    found = json.loads(fazhi("score", str(report.parent), "--json").out)
    assert found["documents"] == 1
    assert found["misses"] == []
    assert found["facts"]["gold"] == found["facts"]["right"] == len(gold["facts"])
    assert found["indicators"]["gold"] == found["indicators"]["right"] == len(gold["indicators"])


def test_documents_may_lie_elsewhere(fazhi: Any, report: Path, tmp_path: Path) -> None:
    folder = tmp_path / "gold"
    folder.mkdir()
    keep(labelled(fazhi, report), folder / "a.json")
    assert fazhi("score", str(folder)).code == 2
    assert fazhi("score", str(folder), "--texts", str(tmp_path)).code == 0


def test_a_document_that_is_no_report_is_counted_apart(fazhi: Any, report: Path) -> None:
    keep({**labelled(fazhi, report), "verdict": "not_report"}, report.with_suffix(".json"))
    answer = fazhi("score", str(report.parent))
    assert "1 documents are no reports by gold." in answer.err


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.json", "{", "correct it, or take it away"),
        ("a.json", '{"verdict": "report"}', "lacks body, indicators"),
        ("a.json", "[1]", "lacks verdict, body, indicators"),
        ("b/gold.json", '{"verdict": "report", "body": "", "indicators": []}', "no document"),
    ],
)
def test_gold_that_cannot_be_used_is_one_line(
    fazhi: Any, report: Path, name: str, text: str, told: str
) -> None:
    file = report.parent / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    answer = fazhi("score", str(report.parent))
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert told in answer.err
    assert str(file) in answer.err


def test_a_folder_without_gold_is_one_line(fazhi: Any, tmp_path: Path) -> None:
    answer = fazhi("score", str(tmp_path / "none"))
    assert answer.code == 2
    assert "no gold (.json) there" in answer.err
