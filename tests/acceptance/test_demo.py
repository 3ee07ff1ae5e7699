"""`fazhi demo`: the whole way, from pretend portals over real HTTP to rows that SQL can ask for."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cookbook import answer, questions, write_answers
from front_door import PATIENCE, environment, fazhi, fresh_home

from ingest.store.database import open_database

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "indicators.md"
TUTORIAL = HOW_TO.parents[1] / "tutorials" / "head_appearance.py"


@dataclass(frozen=True)
class Demo:
    home: Path
    first: subprocess.CompletedProcess[str]
    second: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with fresh_home() as home:
        yield Demo(home, fazhi(home, "demo"), fazhi(home, "demo", "--json"))


def test_the_demo_ends_well_and_shows_reports_and_what_to_try_next(demo: Demo) -> None:
    assert demo.first.returncode == 0, demo.first.stderr
    out = demo.first.stdout
    assert out.startswith("id\ttitle\tyear\tissuer\tadcode\tpublished\n")
    assert "portals visited" in out
    assert "Three things to try next:" in out
    assert "Traceback" not in demo.first.stderr


def test_each_portal_is_told_of_as_it_ends(demo: Demo) -> None:
    runs = json.loads(fazhi(demo.home, "runs", "--json").stdout)
    for portal in {run["portal_id"] for run in runs}:
        assert f"{portal}: " in demo.first.stderr


def test_what_it_proposes_to_try_works(demo: Demo) -> None:
    proposed = [
        line.strip() for line in demo.first.stdout.splitlines() if line.startswith("  fazhi ")
    ]
    assert len(proposed) == 3
    for line in proposed:
        command, _, quoted = line.removeprefix("fazhi ").partition(' "')
        arguments = [*command.split(), *([quoted.rstrip('"')] if quoted else [])]
        answer = fazhi(demo.home, *arguments)
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout.strip()


def test_reports_are_in_the_database_with_their_portal_and_address(demo: Demo) -> None:
    reports = json.loads(fazhi(demo.home, "reports", "--json").stdout)
    assert len(reports) >= 12
    assert all(report["url"].startswith("http://") for report in reports)
    assert all(report["portal_id"].startswith("demo-") for report in reports)
    assert {"2023", "2024"} <= {str(report["report_year"]) for report in reports}
    asked = fazhi(
        demo.home,
        *("psql", "-At", "-c"),
        "select title, report_year, issuer, adcode, published_at from reports",
    )
    assert len(asked.stdout.splitlines()) == len(reports)


def test_the_tutorial_ends_in_a_chart_of_what_the_panel_says(demo: Demo, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(TUTORIAL), str(tmp_path)],
        env=environment(demo.home, PYTHONPATH=str(HOW_TO.parents[2])),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "tutorial.html").read_text(encoding="utf-8")
    chart = (tmp_path / "chart.svg").read_text(encoding="utf-8")
    assert chart[chart.index("<svg") :] in page
    for place in ("示范省", "泽安省", "澜川省", "清河市", "望川区", "云岭县", "Inside 示范省"):
        assert f">{place}</text>" in chart
    assert "清河高新技术产业开发区" not in chart
    for proof in ("行政机关负责人出庭应诉率86.2%", "rows; what is new next time"):
        assert proof in page


def test_a_point_of_the_tutorial_is_a_value_that_can_be_compared(demo: Demo) -> None:
    script = runpy.run_path(str(TUTORIAL))
    panel = fazhi(demo.home, "export", "panel", "--format", "csv", "-o", "-").stdout
    found = script["comparable"](csv.DictReader(io.StringIO(panel.removeprefix("\ufeff"))))
    assert {name: found[name][name] for name in found} == {
        "示范省": {2021: 86.2, 2023: 95.0, 2024: 97.1},
        "泽安省": {2022: 78.5, 2023: 88.3, 2024: 93.7},
        "澜川省": {2022: 90.6, 2023: 92.9, 2024: 91.4},
    }
    fields = script["lines_of"](found)
    assert set(fields) == {"行政机关负责人出庭应诉率, by province", "Inside 示范省"}
    assert fields["Inside 示范省"]["云岭县"] == {2022: 93.1, 2023: 96.0, 2024: 100.0, 2025: 100.0}


def test_governments_can_be_ranked_with_the_sentence_that_proves_it(demo: Demo) -> None:
    [query, *_] = re.findall(r"```sql\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    answer = fazhi(demo.home, "psql", "-At", "-c", query)
    assert answer.returncode == 0, answer.stderr
    rows = [line.split("|") for line in answer.stdout.splitlines()]
    assert len(rows) >= 4
    assert [float(row[3]) for row in rows] == sorted((float(row[3]) for row in rows), reverse=True)
    for *_, value, year, sentence, url in rows:
        assert year == "2024"
        assert f"{value}%" in sentence
        assert "出庭" in sentence
        assert url.startswith("http://")


def test_every_run_is_in_the_ledger_with_a_cause_and_a_reason(demo: Demo) -> None:
    runs = json.loads(fazhi(demo.home, "runs", "--json").stdout)
    assert len(runs) >= 12
    assert {run["cause"] for run in runs} == {"demo"}
    assert all(run["state"] in ("succeeded", "failed") and run["reason"] for run in runs)
    assert all(run["job_id"] for run in runs)


def test_nothing_is_left_pending(demo: Demo) -> None:
    checks = json.loads(fazhi(demo.home, "doctor", "--json").stdout)
    (captures,) = [check for check in checks if check["name"] == "captures"]
    assert captures["detail"].startswith("0 ")


def test_the_second_time_nothing_is_new_and_everything_is_still_there(demo: Demo) -> None:
    assert demo.second.returncode == 0, demo.second.stderr
    found = json.loads(demo.second.stdout)
    assert found["new_captures"] == 0
    assert found["new_reports"] == 0
    assert f"{len(found['reports'])} of them reports" in demo.first.stdout
    again = fazhi(demo.home, "psql", "-At", "-c", "select max(version_number) from report_versions")
    assert again.stdout == "1\n"


def test_a_portal_that_turns_us_away_is_named_with_its_reason(demo: Demo) -> None:
    runs = json.loads(fazhi(demo.home, "runs", "--json").stdout)
    assert {run["reason"] for run in runs if run["state"] == "failed"} <= {
        "challenge",
        "robots_forbidden",
    }


def test_the_cookbook_answers_its_questions_on_the_demo(demo: Demo) -> None:
    with open_database(home=demo.home) as database, database.connect() as connection:
        connection.execute("set role fazhi_reader")
        if os.environ.get("FAZHI_WRITE_COOKBOOK"):
            write_answers(lambda sql: answer(connection, sql))
        asked = questions()
        assert len(asked) == 20
        for question in asked:
            told = answer(connection, question.sql)
            assert told.count("\n") >= 2, f"no rows: {question.name}"
            assert told == question.answer, question.name


def test_a_reader_may_not_write_nor_see_contacts_nor_ask_for_ever(demo: Demo) -> None:
    def ask(sql: str, *options: str) -> subprocess.CompletedProcess[str]:
        return fazhi(demo.home, "psql", *options, "-At", "-c", sql)

    for forbidden in (
        "select * from contacts",
        "select body from capture_contents",
        "delete from reports",
        "update report_versions set body = ''",
        "truncate search_entries",
        "create table mine (number integer)",
        "create function mine() returns integer language sql as 'select 1'",
        "select * from jobs.procrastinate_jobs",
    ):
        refused = ask(forbidden)
        assert refused.returncode == 1, forbidden
        assert "permission denied" in refused.stderr, refused.stderr
    assert ask("select count(*) > 0 from contacts_masked where name like '%**'").stdout == "t\n"
    assert ask("show statement_timeout").stdout == "1min\n"
    slow = ask("set statement_timeout = '200ms'; select pg_sleep(20)")
    assert "statement timeout" in slow.stderr
    found = ask("select count(*) > 0 from search('行政复议')")
    assert found.stdout == "t\n", found.stderr
