"""`fazhi reingest`: stored captures read again, told what changed, replaced whole."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from invented import make_record

from ingest import reingest as again
from ingest.extract import Rules, extract
from ingest.records import Record
from ingest.rereading import waiting_again, work_again
from ingest.store.again import Scope, alone
from ingest.store.database import Database

# The store is tried on both servers elsewhere.
pytestmark = pytest.mark.parametrize("server", ["embedded"], indirect=True, scope="session")
PAGE = """清河县人民政府{year}年度法治政府建设情况报告

{year}年,清河县深入推进法治政府建设,现将有关情况报告如下。
一、主要成效
全年制定行政规范性文件12件。
二、存在问题
一是执法力量不足。
三、下一步打算
一是加强队伍建设。

清河县人民政府
{next}年1月15日
"""


def page(year: int) -> bytes:
    return PAGE.format(year=year, next=year + 1).encode()


def old_reading(year: int, **changes: Any) -> Record:
    """What worse rules made of it: no title, and one indicator that is not there."""
    record = extract(page(year), name=f"{year}.txt")
    return replace(record, title=None, indicators=make_record(year, 1).indicators[:1], **changes)


@pytest.fixture
def filled(stored: Any) -> None:
    for year in (2021, 2022, 2023):
        stored(old_reading(year), page(year))


def rows(database: Database, query: str) -> list[Any]:
    with database.connect() as connection:
        return list(connection.execute(query).fetchall())  # type: ignore[arg-type]


CODES = "select distinct code from indicator_values order by code"
TITLED = "select count(title) from reports"


@pytest.mark.usefixtures("filled")
def test_a_dry_run_tells_what_would_change_and_writes_nothing(
    fazhi: Any, database: Database
) -> None:
    before = rows(database, "table report_versions")
    answer = fazhi("reingest", "--dry-run")
    assert answer.code == 0, answer.err
    table = {tuple(line.split("\t")[:2]): line.split("\t")[2:] for line in answer.out.splitlines()}
    assert table["field", "title"][:4] == ["3", "0", "0", "0"]
    assert table["field", "title"][4].startswith("report 1: nothing -> 清河县人民政府2021年度")
    assert table["indicator", "penalty_cases_total"][:4] == ["0", "3", "0", "0"]
    assert "-> nothing" in table["indicator", "penalty_cases_total"][4]
    assert "3 of 3 captures read again" in answer.err
    assert "3 would change." in answer.err
    assert "Nothing is switched over" in answer.err
    assert rows(database, "table report_versions") == before
    assert rows(database, "select distinct ruleset from captures") == [("rules of old",)]
    assert "penalty_cases_total" in str(rows(database, CODES))


@pytest.mark.usefixtures("filled")
def test_reading_again_replaces_and_a_second_time_nothing_is_left(
    fazhi: Any, database: Database
) -> None:
    dry = json.loads(fazhi("reingest", "--dry-run", "--json").out)
    done = json.loads(fazhi("reingest", "--json").out)
    assert done["differences"] == dry["differences"]
    assert (done["read"], done["left"], done["broken"]) == (3, 0, [])
    assert rows(database, TITLED) == [(3,)]
    assert "penalty_cases_total" not in str(rows(database, CODES))
    assert rows(database, "select count(*) from report_versions") == [(3,)]
    answer = fazhi("reingest")
    assert answer.out == ""
    assert "Nothing is read differently." in answer.err
    assert "0 of 0 captures" in answer.err
    assert "3 of 3 captures" in fazhi("reingest", "--again").err


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("options", "titled"),
    [
        (["--year", "2022"], [2022]),
        (["--report", "3"], [2023]),
        (["--portal", "demo-qinghe"], []),
        (["--verdict", "report"], [2021, 2022, 2023]),
        (["--verdict", "not_report"], []),
    ],
)
def test_a_part_can_be_read_again(
    fazhi: Any, database: Database, options: list[str], titled: list[int]
) -> None:
    assert fazhi("reingest", *options).code == 0
    found = rows(database, "select report_year from reports where title is not null order by 1")
    assert [year for (year,) in found] == titled


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--year", "2031"], "stored are 2021-2023"),
        (["--report", "99"], "no report has the number 99"),
        (["--portal", "nowhere"], "nowhere"),
    ],
)
def test_what_does_not_exist_cannot_be_read_again(
    refused: Any, options: list[str], told: str
) -> None:
    assert told in refused("reingest", *options)


def test_a_report_that_is_none_any_more_is_told(
    fazhi: Any, stored: Any, database: Database
) -> None:
    stored(make_record(2024, 5, input="list.txt"), "关于召开会议的通知\n请准时参加。".encode())
    told = json.loads(fazhi("reingest", "--dry-run", "--json").out)
    assert told["differences"]["verdicts"] == {"report -> not_report": 1}
    answer = fazhi("reingest")
    assert "report -> not_report" in answer.out
    assert rows(database, "select count(*) from reports") == [(0,)]
    assert rows(database, "select count(*) from rejects") == [(1,)]


@pytest.mark.usefixtures("filled")
def test_an_interrupted_run_goes_on_where_it_stopped(database: Database) -> None:
    read: list[str] = []

    def stops(content: bytes, *, name: str, **more: Any) -> Record:
        if len(read) == 2:
            raise KeyboardInterrupt
        read.append(name)
        return extract(content, name=name, **more)

    with pytest.raises(KeyboardInterrupt):
        again.reingest(database, Scope(), batch=1, extract=stops)
    assert rows(database, TITLED) == [(0,)]
    assert rows(database, "table ingest_attempts") == [], "no capture is to blame"
    read.clear()

    def counts(content: bytes, *, name: str, **more: Any) -> Record:
        read.append(name)
        return extract(content, name=name, **more)

    run = again.reingest(database, Scope(), dry=True, batch=1, extract=counts)
    assert (run.to_read, run.differences.captures, len(read)) == (3, 3, 1)


@pytest.mark.usefixtures("filled")
def test_a_switch_that_was_interrupted_goes_on_where_it_stopped(database: Database) -> None:
    read: list[str] = []

    def stops(content: bytes, *, name: str, **more: Any) -> Record:
        if len(read) == 5:
            raise KeyboardInterrupt
        read.append(name)
        return extract(content, name=name, **more)

    with pytest.raises(KeyboardInterrupt):
        again.reingest(database, Scope(), batch=1, extract=stops)
    assert rows(database, TITLED) == [(2,)]
    run = again.reingest(database, Scope(), batch=1)
    assert (run.to_read, run.differences.captures, run.left) == (1, 1, 0)
    assert rows(database, TITLED) == [(3,)]
    assert rows(database, "select count(*) from rereadings") == [(0,)]


@pytest.mark.usefixtures("filled")
def test_everything_is_read_and_told_before_anything_is_switched_over(database: Database) -> None:
    seen: list[Any] = []

    class Looks(again.Unwatched):
        def report(self, run: again.Reread) -> None:
            seen.append((run.differences.changed, rows(database, TITLED)))

    again.reingest(database, Scope(), batch=1, watcher=Looks())
    assert seen == [(3, [(0,)])]
    assert rows(database, TITLED) == [(3,)]


@pytest.mark.usefixtures("filled")
def test_what_reads_the_same_is_not_read_twice(database: Database) -> None:
    again.reingest(database, Scope())
    with database.connect() as connection:
        connection.execute("update captures set ruleset = 'rules of old'")
    read: list[str] = []

    def counts(content: bytes, *, name: str, **more: Any) -> Record:
        read.append(name)
        return extract(content, name=name, **more)

    run = again.reingest(database, Scope(), extract=counts)
    assert (run.differences.captures, run.differences.changed, len(read)) == (3, 0, 3)
    assert rows(database, "select distinct ruleset from captures") == [(run.ruleset,)]


@pytest.mark.usefixtures("filled")
def test_other_workers_take_part_in_both_halves(database: Database) -> None:
    class Hires(again.Unwatched):
        patience = 60.0
        halves = 0

        def hire(self) -> None:
            self.halves += 1
            assert waiting_again(database, 99) == 3
            assert not work_again(database, seconds=60, batch=1)
            assert waiting_again(database, 99) == 0

    hires = Hires()
    run = again.reingest(database, Scope(), batch=1, watcher=hires)
    assert (hires.halves, run.differences.changed, run.left) == (2, 3, 0)
    assert rows(database, TITLED) == [(3,)]


@pytest.mark.usefixtures("filled")
def test_a_worker_alone_switches_nothing_over(database: Database) -> None:
    again.reingest(database, Scope(), dry=True)
    assert not work_again(database, seconds=60)
    assert rows(database, TITLED) == [(0,)]


@pytest.mark.usefixtures("filled")
def test_a_reading_is_made_anew_when_something_else_was_stored_meanwhile(
    database: Database, stored: Any
) -> None:
    again.reingest(database, Scope(), dry=True)
    stored(extract(page(2022), name="2022.txt"), page(2022))
    read: list[str] = []

    def counts(content: bytes, *, name: str, **more: Any) -> Record:
        read.append(name)
        return extract(content, name=name, **more)

    run = again.reingest(database, Scope(), dry=True, extract=counts)
    assert (read, run.differences.changed) == (["2022.txt"], 2)


@pytest.mark.usefixtures("filled")
def test_two_runs_at_once_are_one_too_many(fazhi: Any, database: Database) -> None:
    with database.connect() as other:
        assert alone(other)
        refused = fazhi("reingest")
    assert (refused.code, refused.out, refused.err.count("\n")) == (3, "", 1)
    assert "another 'fazhi reingest' is under way" in refused.err


@pytest.mark.usefixtures("filled")
def test_a_capture_that_breaks_the_chain_keeps_what_is_stored_of_it(
    fazhi: Any, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(content: bytes, *, name: str, **more: Any) -> Record:
        if name == "2022.txt":
            raise ValueError("a defect")
        return extract(content, name=name, **more)

    run = again.reingest(database, Scope(), extract=breaks)
    assert run.broken == ["capture 2 (2022.txt): ValueError"]
    assert (run.differences.captures, run.left) == (2, 1)
    assert rows(database, "select report_year from reports where title is null") == [(2022,)]
    assert again.reingest(database, Scope()).differences.captures == 1


@pytest.mark.usefixtures("filled")
def test_what_another_worker_holds_is_left_for_later(database: Database) -> None:
    with database.connect() as other:
        other.execute("select from captures where id = 2 for update")
        run = again.reingest(database, Scope())
    assert (run.differences.captures, run.left) == (2, 1)


@pytest.mark.usefixtures("filled")
def test_the_service_role_may_read_again(database: Database, monkeypatch: Any) -> None:
    connect = Database.connect

    def as_service(self: Database, **options: Any) -> Any:
        connection = connect(self, **options)
        connection.execute("set session role fazhi_service")
        connection.commit()
        return connection

    monkeypatch.setattr(Database, "connect", as_service)
    assert again.reingest(database, Scope()).differences.changed == 3


def test_jumps_are_judged_anew_although_nothing_is_read_differently(
    stored: Any, database: Database
) -> None:
    for year, penalties in ((2021, 2), (2022, 200)):
        stored(old_reading(year), page(year))
        record = make_record(year, penalties)

        def same(content: bytes, record: Record = record, **more: Any) -> Record:
            return record

        again.reingest(database, Scope(year=year), extract=same)
    marked = "select count(*) from indicator_values where jump is not null"
    assert rows(database, marked) == [(1,)]
    with database.connect() as connection:
        connection.execute("update indicator_values set jump = null")
    again.reingest(
        database,
        Scope(),
        again=True,
        extract=lambda content, name, **more: make_record(
            int(name[:4]), 2 if name[:4] == "2021" else 200
        ),
    )
    assert rows(database, marked) == [(1,)]


def test_the_rules_that_read_are_named(database: Database) -> None:
    assert again.reingest(database, Scope()).ruleset == Rules.load().version
