"""The command line without a database: help, errors as one line, honest exit codes."""

from __future__ import annotations

import errno
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from procrastinate.exceptions import ConnectorException

from crawler.errors import FazhiError, SettingError
from ingest.store.connection import SERVER_TROUBLE
from scheduler.reference import reference
from scheduler.trouble import explained

ROOT = Path(__file__).resolve().parents[3]
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


def test_the_version_is_told(fazhi: Any) -> None:
    assert fazhi("--version") == (0, "fazhi 0.1.0\n", "")


def test_no_command_shows_the_help(fazhi: Any) -> None:
    answer = fazhi()
    assert "Try it" in answer.out + answer.err


def test_an_unknown_command_is_a_usage_error(fazhi: Any) -> None:
    answer = fazhi("crwal")
    assert answer.code == 2
    assert "crawl" in answer.err


def test_extract_prints_one_record_a_line(fazhi: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text(REPORT)
    answer = fazhi("extract", str(file), str(file))
    assert answer.code == 0
    first, second = map(json.loads, answer.out.splitlines())
    assert first == second
    assert first["verdict"] == "report"
    assert first["report_year"] == 2024
    assert "清河市" in answer.out
    assert "why" not in first
    assert not (tmp_path / "home").exists()


def test_extract_tells_why_when_asked(fazhi: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text(REPORT)
    (line,) = fazhi("extract", "--why", str(file)).out.splitlines()
    assert json.loads(line)["why"]


def test_extract_reads_standard_input(fazhi: Any) -> None:
    piped = io.TextIOWrapper(io.BytesIO(REPORT.encode()))
    fazhi.monkeypatch.setattr(sys, "stdin", piped)
    answer = fazhi("extract", "-", "--url", "http://www.qinghe.gov.test/a.html")
    record = json.loads(answer.out)
    assert record["input"] == "-"
    assert record["url"] == "http://www.qinghe.gov.test/a.html"


def test_a_file_that_cannot_be_read_is_one_line_and_the_others_are_printed(
    fazhi: Any, tmp_path: Path
) -> None:
    file = tmp_path / "report.txt"
    file.write_text(REPORT)
    missing = tmp_path / "missing.txt"
    answer = fazhi("extract", str(missing), str(tmp_path), str(file))
    assert answer.code == 2
    assert len(answer.out.splitlines()) == 1
    first, second = answer.err.splitlines()
    assert first.startswith(f"fazhi: {missing}: No such file or directory: ")
    assert second.startswith(f"fazhi: {tmp_path}: Is a directory: ")


def test_a_binary_file_is_a_record_with_a_reason_not_an_error(fazhi: Any, tmp_path: Path) -> None:
    file = tmp_path / "noise.html"
    file.write_bytes(bytes(range(256)) * 40)
    answer = fazhi("extract", str(file))
    assert answer.code == 0
    record = json.loads(answer.out)
    assert record["verdict"] == "unreadable"
    assert record["verdict_reason"]


def test_an_address_belongs_to_one_document(fazhi: Any) -> None:
    answer = fazhi("extract", "a", "b", "--url", "http://x.test/")
    assert answer.code == 2
    assert "one FILE" in answer.err


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("FAZHI_DELAY", "soon", "fazhi: FAZHI_DELAY=soon: must be a number of seconds"),
        ("FAZHI_LOG", "xml", "fazhi: FAZHI_LOG=xml: must be one of"),
        ("FAZHI_CONFIG", "/nowhere.toml", "fazhi: FAZHI_CONFIG=/nowhere.toml: no such file"),
        ("FAZHI_DATABASE_URL", "mysql://u:secret@h/d", "fazhi: FAZHI_DATABASE_URL: "),
    ],
)
def test_a_wrong_setting_is_one_line(fazhi: Any, name: str, value: str, told: str) -> None:
    fazhi.monkeypatch.setenv(name, value)
    answer = fazhi("reports")
    assert answer.code == 2
    assert answer.err.startswith(told)
    assert answer.err.count("\n") == 1
    assert "secret" not in answer.err


def test_crawl_wants_a_portal(fazhi: Any) -> None:
    answer = fazhi("crawl")
    assert answer.code == 2
    assert "--all" in answer.err


def test_an_unknown_role_is_a_usage_error(fazhi: Any) -> None:
    answer = fazhi("serve", "--role", "boss")
    assert answer.code == 2
    assert "ingester" in answer.err


def test_a_portal_outside_the_calendar_has_no_slots(fazhi: Any) -> None:
    answer = fazhi("schedule", "next", "--portal", "demo-qinghe")
    assert answer.code == 0
    assert answer.out == ""
    assert "Nothing comes" in answer.err


def test_a_read_only_home_is_one_line(fazhi: Any) -> None:
    fazhi.monkeypatch.setenv("FAZHI_HOME", "/proc/fazhi")
    answer = fazhi("migrate")
    assert answer.code == 3
    assert answer.err.count("\n") == 1
    assert "FAZHI_HOME" in answer.err


def test_troubles_from_below_are_explained() -> None:
    full = explained(OSError(errno.ENOSPC, "No space left on device", "/data/x"))
    assert str(full) == (
        "/data/x: the disk is full: free some space, or set FAZHI_HOME to another disk"
    )
    assert "read-only" in str(explained(OSError(errno.EROFS, "Read-only file system")))
    lost = ConnectorException()
    lost.__cause__ = SERVER_TROUBLE("server closed the connection unexpectedly\nmore")
    for error in (lost, lost.__cause__):
        gone = explained(error)
        assert gone is not None
        assert gone.exit_code == 3
        assert "went away (server closed the connection unexpectedly)" in str(gone)
    assert explained(ConnectorException()) is None
    own = SettingError("x")
    assert explained(own) is own
    assert explained(ExceptionGroup("several", [ValueError(), FazhiError("y")])) is not None
    assert explained(ValueError("a defect")) is None


def test_the_reference_is_current_and_names_every_command() -> None:
    page = ROOT / "docs/reference/cli.md"
    assert page.read_text(encoding="utf-8") == reference(), (
        f"run: python -m scheduler.reference > {page.relative_to(ROOT)}"
    )


def test_every_command_and_every_option_says_what_it_does() -> None:
    for line in reference().splitlines():
        if line.startswith("- `"):
            assert line.split("` ", 1)[1].strip(), line
