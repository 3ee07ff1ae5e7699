"""The command line against the embedded database; trouble is one line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from front_door import FAZHI, environment, fazhi, fresh_home, one_line

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
REPORT = """清河市人民政府2024年度法治政府建设情况报告

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


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with fresh_home() as made:
        assert fazhi(made, "migrate").returncode == 0
        yield made


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("documents") / "report.txt"
    file.write_text(REPORT, encoding="utf-8")
    return file


def test_migrating_again_changes_nothing(home: Path) -> None:
    answer = fazhi(home, "migrate", "--json")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["applied"] == []


def test_a_document_taken_in_can_be_listed_shown_and_asked_for_in_sql(
    home: Path, report: Path
) -> None:
    answer = fazhi(home, "ingest", str(report), "--json")
    assert answer.returncode == 0, answer.stderr
    summary = json.loads(answer.stdout)
    assert (summary["captures"], summary["reports"]) == (1, 1)

    (row,) = json.loads(fazhi(home, "reports", "--year", "2024", "--json").stdout)
    assert row["title"] == "清河市人民政府2024年度法治政府建设情况报告"
    assert json.loads(fazhi(home, "reports", "--year", "1999", "--json").stdout) == []

    shown = fazhi(home, "show", str(row["id"]))
    assert "一、主要成效" in shown.stdout
    assert json.loads(fazhi(home, "show", str(row["id"]), "--json").stdout)["sections"]

    asked = fazhi(home, "psql", "-At", "-c", "select current_user, title from reports")
    assert asked.stdout == f"fazhi_reader|{row['title']}\n"


def test_the_same_document_again_changes_nothing(home: Path, report: Path) -> None:
    fazhi(home, "ingest", str(report))
    summary = json.loads(fazhi(home, "ingest", str(report), "--json").stdout)
    assert (summary["unchanged"], summary["reports"], summary["versions"]) == (1, 0, 0)


def test_an_unreadable_file_is_told_and_the_others_are_taken_in(
    home: Path, report: Path, tmp_path: Path
) -> None:
    answer = fazhi(home, "ingest", str(tmp_path / "gone.txt"), str(report), "--json")
    assert answer.returncode == 2
    assert "gone.txt: No such file or directory" in one_line(answer)
    assert json.loads(answer.stdout)["captures"] == 1


def test_what_is_no_report_is_a_reject_with_a_reason(home: Path, tmp_path: Path) -> None:
    noise = tmp_path / "noise.html"
    noise.write_bytes(bytes(range(256)) * 50)
    assert fazhi(home, "ingest", str(noise)).returncode == 0
    rejects = json.loads(fazhi(home, "rejects", "--json").stdout)
    assert [r["reason"] for r in rejects if r["origin"] == "noise.html"] != []
    assert all(r["verdict"] and r["reason"] for r in rejects)


def test_the_portals_of_the_registry_are_listed(home: Path) -> None:
    portals = json.loads(fazhi(home, "portals", "--json").stdout)
    assert {"demo-qinghe"} <= {portal["id"] for portal in portals}


def test_an_unknown_portal_is_one_line_with_the_ids_that_look_alike(home: Path) -> None:
    for command in (["crawl", "demo-qinhe"], ["runs", "--portal", "demo-qinhe"]):
        answer = fazhi(home, *command)
        assert answer.returncode == 2
        assert "demo-qinhe" in one_line(answer)
        assert "did you mean demo-qinghe" in one_line(answer)


def test_the_coming_slots_are_shown(home: Path) -> None:
    answer = fazhi(home, "schedule", "next", "-n", "3", "--json")
    coming = json.loads(answer.stdout)
    assert len(coming) == 3
    assert all(fire["slot"].endswith("+08:00") for fire in coming)
    assert all(fire["portals"] > 3400 for fire in coming)
    assert fazhi(home, "schedule", "next").stdout.startswith("slot\t")


def test_a_report_that_is_not_there_is_one_line(home: Path) -> None:
    answer = fazhi(home, "show", "999999")
    assert answer.returncode == 2
    assert "no report has the number 999999" in one_line(answer)


def test_a_reader_may_not_write_and_psql_says_so_with_its_own_exit_code(home: Path) -> None:
    answer = fazhi(home, "psql", "-v", "ON_ERROR_STOP=1", "-c", "delete from reports")
    assert answer.returncode != 0
    assert "permission denied" in answer.stderr


def test_the_first_use_of_psql_makes_the_tables() -> None:
    with fresh_home() as home:
        answer = fazhi(home, "psql", "-At", "-c", "select count(*) from reports")
        assert answer.stdout == "0\n", answer.stderr


def test_the_doctor_finds_a_migrated_home_healthy(home: Path) -> None:
    answer = fazhi(home, "doctor", "--json")
    checks = json.loads(answer.stdout)
    assert answer.returncode == 0, checks
    assert {"fazhi", "settings", "seeds", "home", "database", "schema", "roles", "captures"} <= {
        check["name"] for check in checks
    }


def test_the_doctor_names_a_variable_that_means_nothing(home: Path) -> None:
    answer = fazhi(home, "doctor", FAZHI_DELAI="3")
    assert answer.returncode == 1
    assert "FAZHI_DELAI means nothing here" in answer.stdout


def test_the_doctor_tells_when_a_role_is_not_at_work(home: Path) -> None:
    answer = fazhi(home, "doctor", "--role", "crawler")
    assert answer.returncode == 1
    assert "not at work" in answer.stdout


def test_a_database_that_is_down_is_one_line_without_the_password(home: Path) -> None:
    url = "postgresql://someone:secret@127.0.0.1:1/fazhi"
    for command in (
        ["reports"],
        ["migrate"],
        ["psql", "-c", "select 1"],
        ["serve", "--role", "ingester"],
    ):
        answer = fazhi(home, *command, FAZHI_DATABASE_URL=url)
        assert answer.returncode == 3
        line = one_line(answer)
        assert "127.0.0.1:1" in line
        assert "secret" not in line
    sick = fazhi(home, "doctor", FAZHI_DATABASE_URL=url)
    assert sick.returncode == 1
    assert "cannot connect" in sick.stdout


def test_a_database_of_a_newer_program_is_one_line() -> None:
    with fresh_home() as home:
        assert fazhi(home, "migrate").returncode == 0
        note = (
            "insert into migrations._yoyo_migrations (migration_hash, migration_id) "
            "values ('x', '9999_from_the_future')"
        )
        asked = fazhi(home, "psql", "--role", "", "-v", "ON_ERROR_STOP=1", "-c", note)
        assert asked.returncode == 0, asked.stderr
        for command in ("reports", "migrate", "demo", "serve"):
            answer = fazhi(home, command)
            assert answer.returncode == 3
            assert "upgrade fazhi" in one_line(answer)
        assert "upgrade fazhi" in fazhi(home, "doctor").stdout


def test_a_malformed_registry_row_is_one_line_with_file_and_line(tmp_path: Path) -> None:
    for room in ("crawler", "ingest", "scheduler", "seeds"):
        shutil.copytree(ROOT / room, tmp_path / room)
    registry = tmp_path / "seeds" / "demo" / "portals.csv"
    rows = registry.read_text(encoding="utf-8").splitlines()
    registry.write_text("\n".join([*rows, "Bad Id,x,county,1,http://x.test/,,,,"]) + "\n", "utf-8")
    with fresh_home() as home:
        answer = subprocess.run(
            [sys.executable, "-c", "from scheduler.cli import main; main()", "migrate"],
            cwd=tmp_path,
            env=environment(
                home, PYTHONPATH=os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
            ),
            capture_output=True,
            text=True,
            check=False,
        )
    assert answer.returncode == 2
    assert f"{registry}:{len(rows) + 1}: " in one_line(answer)


def test_a_full_disk_under_the_output_is_one_line(report: Path, home: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("w") as out:
        answer = subprocess.run(
            [*FAZHI, "extract", str(report)],
            env=environment(home),
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert answer.returncode == 1
    assert "the disk is full" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_full_disk_under_the_home_is_one_line() -> None:
    with fresh_home() as home:
        answer = _with_mount(home, "size=6m", "migrate")
        assert answer.returncode == 3
        assert "space" in one_line(answer)


def test_a_read_only_home_is_one_line() -> None:
    with fresh_home() as home:
        answer = _with_mount(home, "ro", "migrate")
        assert answer.returncode == 3
        assert "FAZHI_HOME" in one_line(answer)


def test_a_reader_that_goes_away_is_no_error(home: Path, report: Path) -> None:
    command = " ".join([*FAZHI, "extract", *[str(report)] * 200])
    answer = subprocess.run(
        ["sh", "-c", f"{command} | head -n 1"],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(answer.stdout)["verdict"] == "report"
    assert answer.stderr == ""


def test_the_five_seeds_are_taken_in(home: Path) -> None:
    if not SEEDS.is_dir():
        pytest.skip("the five seeds are not beside this checkout")
    files = sorted(map(str, SEEDS.glob("*.txt")))
    records = [json.loads(line) for line in fazhi(home, "extract", *files).stdout.splitlines()]
    assert [record["verdict"] for record in records] == ["report"] * 5
    summary = json.loads(fazhi(home, "ingest", *files, "--json").stdout)
    assert (summary["captures"], summary["rejects"]) == (5, 0)


def _with_mount(home: Path, options: str, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command whose home is a small or read-only file system of its own."""
    mounting = ["unshare", "--mount"]
    mount = f"mount -t tmpfs -o {options},mode=755 none {home.parent}"
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("only root may mount a file system here")
    if subprocess.run([*mounting, "sh", "-c", mount], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a file system")
    run = " ".join([*FAZHI, command])
    return subprocess.run(
        [*mounting, "sh", "-c", f"{mount} && exec {run}"],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
