"""Figures and indicators: stored with their version, judged beside the year before, in a panel."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.records import Fact, Indicator, Record, Region
from ingest.store.captures import store_capture
from ingest.store.database import Database
from ingest.store.jumps import marking_jumps
from ingest.store.outcome import StoreOutcome
from ingest.store.reports import store_record

HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "indicators.md"
BODY = "全年办理行政处罚案件200余件,出庭应诉率98.5%。"


def indicator(code: str = "penalty_cases_total", value: float = 200, **changes: Any) -> Indicator:
    given: dict[str, Any] = {
        "unit": "件",
        "qualifier": None,
        "period": "this_year",
        "evidence": BODY[2:15],
        "start": 2,
        "end": 15,
        "rule": "penalty.handled",
        "section": 0,
    }
    return Indicator(code=code, value=value, **{**given, **changes})


TOWN = Region("130534", "油坊镇", ("河北省", "邢台市", "清河县", "油坊镇"), "township")
RATE = indicator("head_appearance_rate", 98.5, unit="%", evidence=BODY[16:26], start=16, end=26)
FACT = Fact(200, "件", "办理行政处罚案件", BODY[2:15], 2, 15, qualifier="余", section=0)


@pytest.fixture
def keep(connection: Any, capture: Any, record: Any) -> Any:
    """Stores a record as the worker does, in one transaction."""

    def store(path: str, *found: Indicator, ruleset: str = "rules-1", **changes: Any) -> str:
        page = capture(path, body=path.encode())
        capture_id, _ = store_capture(connection, page)
        made: Record = record(body=BODY, indicators=found, facts=(FACT,), **changes)
        with marking_jumps(connection, [capture_id]):
            outcome = store_record(connection, capture_id, page, made, ruleset)
        connection.commit()
        return outcome

    return store


def rows(connection: Any, query: str) -> list[Any]:
    return list(connection.execute(query).fetchall())


def doubts(connection: Any) -> dict[int, str | None]:
    return dict(
        rows(
            connection,
            "select report_year, doubtful from reports join indicator_values"
            " on version_id = current_version_id",
        )
    )


def panel(connection: Any, columns: str) -> list[Any]:
    return rows(connection, f"select {columns} from indicator_panel order by adcode, year, code")


def test_a_figure_is_kept_with_version_place_rule_and_rule_set(connection: Any, keep: Any) -> None:
    keep("a.html", indicator(qualifier="余"), RATE)
    assert rows(
        connection,
        "select kind, value, value_to, unit, qualifier, subject, evidence, start_offset,"
        " end_offset, section, ruleset from figures",
    ) == [("fazhi", 200, None, "件", "余", "办理行政处罚案件", BODY[2:15], 2, 15, 1, "rules-1")]
    assert rows(
        connection,
        "select position, code, value::text, unit, qualifier, period, subtype, evidence,"
        " section, doubtful from indicator_values order by position",
    ) == [
        (1, "penalty_cases_total", "200", "件", "余", "this_year", None, BODY[2:15], 1, None),
        (2, "head_appearance_rate", "98.5", "%", None, "this_year", None, BODY[16:26], 1, None),
    ]
    assert rows(connection, "select distinct kind, rule, ruleset from indicator_values") == [
        ("fazhi", "penalty.handled", "rules-1")
    ]
    assert rows(
        connection,
        "select substr(body, start_offset + 1, end_offset - start_offset) = evidence"
        " from indicator_values as found join report_versions on id = found.version_id",
    ) == [(True,), (True,)]


def test_another_reading_of_the_figures_replaces_them_and_makes_no_version(
    connection: Any, keep: Any
) -> None:
    keep("a.html", indicator(), RATE)
    again = keep("a.html", indicator(value=201), ruleset="rules-2")
    assert again is StoreOutcome.RE_EXTRACTED
    assert rows(connection, "select code, value, ruleset from indicator_values") == [
        ("penalty_cases_total", 201, "rules-2")
    ]
    assert rows(connection, "select count(*) from report_versions") == [(1,)]
    assert keep("a.html", indicator(value=201), ruleset="rules-3") is StoreOutcome.UNCHANGED


def test_figures_alone_are_no_change_of_the_document(connection: Any, keep: Any) -> None:
    keep("a.html", indicator())
    page_of_another_day = keep("a.html?", indicator(value=999))
    assert page_of_another_day is not StoreOutcome.NEW_VERSION


def test_what_speaks_against_a_value_in_its_report_is_kept_as_doubt(
    connection: Any, keep: Any
) -> None:
    keep("a.html", indicator(doubtful="parts: 3 + 4 are more than 5"))
    assert doubts(connection) == {2025: "parts: 3 + 4 are more than 5"}


@pytest.mark.parametrize("order", [(2024, 2025), (2025, 2024)])
def test_a_jump_is_found_in_whatever_order_the_years_come(
    connection: Any, keep: Any, order: tuple[int, int]
) -> None:
    found = {2024: indicator(value=200), 2025: indicator(value=2_000_000)}
    for year in order:
        keep(f"{year}.html", found[year], report_year=year)
    told = "jump: 2000000 is 10000 times the 200 of 2024"
    assert doubts(connection) == {2024: None, 2025: told}
    assert rows(connection, "select max(value) from indicator_values") == [(2_000_000,)]


def test_two_workers_that_store_neighbouring_years_at_once_see_each_other(
    connection: Any, keep: Any, capture: Any, record: Any, database: Database
) -> None:
    page = capture("2024.html", body=b"2024")
    capture_id, _ = store_capture(connection, page)
    connection.commit()
    before = record(body=BODY, indicators=(indicator(value=2),), report_year=2024)
    with ThreadPoolExecutor(1) as pool, database.connect() as other:
        with marking_jumps(other, [capture_id]):
            store_record(other, capture_id, page, before, "rules-1")
        later = pool.submit(keep, "2025.html", indicator(value=200), report_year=2025)
        waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        while not other.execute(waiting).fetchone()[0] and not later.done():  # type: ignore[index]
            time.sleep(0.01)
        other.commit()
        later.result()
    assert doubts(connection) == {2024: None, 2025: "jump: 200 is 100 times the 2 of 2024"}


def test_both_kinds_of_doubt_are_told(connection: Any, keep: Any) -> None:
    keep("2024.html", indicator(), report_year=2024)
    keep("2025.html", indicator(value=9e6, doubtful="parts"), report_year=2025)
    assert doubts(connection)[2025] == "parts; jump: 9000000 is 45000 times the 200 of 2024"


def test_a_jump_is_forgotten_when_the_yardstick_is_read_otherwise_or_goes(
    connection: Any, keep: Any
) -> None:
    keep("2024.html", indicator(value=2), report_year=2024)
    keep("2025.html", indicator(value=200), report_year=2025)
    assert doubts(connection)[2025]
    keep("2024.html", indicator(value=190), report_year=2024, ruleset="rules-2")
    assert doubts(connection) == {2024: None, 2025: None}
    keep("2024.html", indicator(value=2), report_year=2024, ruleset="rules-3")
    assert doubts(connection)[2025]
    keep("2024.html", indicator(value=2), report_year=2019, ruleset="rules-4")
    assert doubts(connection) == {2019: None, 2025: None}


def test_a_department_is_no_yardstick_for_its_government(connection: Any, keep: Any) -> None:
    keep("2024.html", indicator(value=2), report_year=2024, issuer="清河县司法局")
    keep("2025.html", indicator(value=200), report_year=2025, issuer="清河县政府")
    keep("2025b.html", indicator(value=3), report_year=2025, issuer="清河县司法局")
    assert set(doubts(connection).values()) == {None}
    keep("2025c.html", indicator(value=60), report_year=2025, issuer="清河县司法局")
    assert rows(connection, "select value from indicator_values where doubtful is not null") == [
        (60,)
    ]


def test_the_panel_has_one_row_for_a_division_year_and_indicator(
    connection: Any, keep: Any
) -> None:
    keep("2025.html", indicator(), indicator(value=210), RATE)
    keep("2024.html", indicator(value=180), report_year=2024)
    assert panel(
        connection,
        "adcode, name, level, year, code, value::float8, unit, values_found, values_differ",
    ) == [
        ("130534", "清河县", "county", 2024, "penalty_cases_total", 180, "件", 1, False),
        ("130534", "清河县", "county", 2025, "head_appearance_rate", 98.5, "%", 1, False),
        ("130534", "清河县", "county", 2025, "penalty_cases_total", 200, "件", 2, True),
    ]
    [(report, url, evidence)] = rows(
        connection,
        "select report_id, url, evidence from indicator_panel where code = 'head_appearance_rate'",
    )
    assert (report, url, evidence) == (1, "http://www.qinghe.gov.test/2025.html", BODY[16:26])


@pytest.mark.parametrize(
    ("loser", "winner"),
    [
        pytest.param({"period": "cumulative"}, {}, id="this year before a cumulative number"),
        pytest.param({"period": "cumulative"}, {"period": "months:54"}, id="months on end first"),
        pytest.param({"subtype": "strict"}, {}, id="the indicator itself before a subtype"),
        pytest.param(
            {"subtype": "strict"}, {"period": "cumulative"}, id="a subtype is another thing"
        ),
        pytest.param({"doubtful": "parts"}, {}, id="a value without doubt first"),
        pytest.param({"period": "event"}, {"doubtful": "parts"}, id="what it covers before doubt"),
    ],
)
def test_of_several_values_in_a_report_the_panel_shows(
    connection: Any, keep: Any, loser: dict[str, Any], winner: dict[str, Any]
) -> None:
    keep("a.html", indicator(value=1, **loser), indicator(value=2, **winner))
    assert panel(connection, "value, values_found") == [(2, 2)]


def test_the_governments_own_report_goes_before_a_departments(connection: Any, keep: Any) -> None:
    keep("a.html", indicator(value=1), issuer="清河县司法局")
    assert panel(connection, "value, by_government, issuer") == [(1, False, "清河县司法局")]
    keep("b.html", indicator(value=2, doubtful="parts"), published_at="2020-01-01")
    assert panel(connection, "value, by_government") == [(2, True)]


def test_of_two_reports_on_a_year_the_one_published_last_wins(connection: Any, keep: Any) -> None:
    keep("a.html", indicator(value=1), published_at="2026-03-01")
    keep("b.html", indicator(value=2), published_at="2026-01-01")
    keep("c.html", indicator(value=3), published_at=None)
    assert panel(connection, "value, values_differ") == [(1, True)]


def test_a_zone_and_a_township_are_not_the_division_whose_code_they_carry(
    connection: Any, keep: Any
) -> None:
    path = ("河北省", "邢台市", "清河县")
    zone = Region("130534", "清河经济开发区", (*path, "清河经济开发区"), "functional_zone", True)
    keep("a.html", indicator(value=2))
    keep("b.html", indicator(value=200), region=zone, report_year=2026)
    keep("c.html", indicator(value=300), region=TOWN, issuer="油坊镇人民政府")
    assert set(panel(connection, "year, name, value, doubtful")) == {
        (2025, "清河县", 2, None),
        (2025, "油坊镇", 300, None),
        (2026, "清河经济开发区", 200, None),
    }


def test_a_report_without_a_year_or_a_division_is_not_in_the_panel(
    connection: Any, keep: Any
) -> None:
    keep("a.html", indicator(), report_year=None)
    keep("b.html", indicator(), region=None)
    assert panel(connection, "*") == []
    assert rows(connection, "select count(*) from indicator_values") == [(2,)]


ISSUERS = {
    "清河县人民政府": True,
    "清河县政府": True,
    "福清高新区管委会": True,
    "甲开发区管理委员会": True,
    "东城区朝阳街道办事处": True,
    "国务院": True,
    "大兴安岭地区行政公署": True,
    "清河县司法局": False,
    "清河县人民政府办公室": False,
    "国家卫生健康委员会": False,
    "中共清河县委全面依法治县委员会办公室": False,
    "省人民政府驻北京办事处": False,
}
TITLES = {
    "东昌府区2023年度法治政府建设情况报告": True,
    "安康高新区2020年度法治政府建设工作总结": True,
    "关于会宁县二〇二一年法治政府建设情况的报告": True,
    "新会区法治政府建设年度报告(2022年)": True,
    "清河县人民政府关于2023年度法治政府建设情况的报告": True,
    "清河县司法局2023年度法治政府建设情况报告": False,
    "清河市应急管理局关于2023年法治政府建设情况的报告": False,
    "关于2023年度法治政府建设情况的报告": False,
    "2023年度法治政府建设情况报告": False,
    None: False,
}


def test_a_government_is_told_from_its_departments(connection: Any, keep: Any) -> None:
    for issuer in ISSUERS:
        keep(f"{issuer}.html", issuer=issuer)
    assert dict(rows(connection, "select issuer, by_government from reports")) == ISSUERS


def test_without_an_issuer_the_title_tells_whose_report_it_is(connection: Any, keep: Any) -> None:
    for title in TITLES:
        keep(f"{title}.html", issuer=None, title=title)
    assert dict(rows(connection, "select title, by_government from reports")) == TITLES


def test_the_definitions_are_in_the_database(connection: Any) -> None:
    assert rows(
        connection,
        "select count(*), count(*) filter (where tier = 'core'), min(position), max(position)"
        " from indicators where kind = 'fazhi'",
    ) == [(66, 41, 1, 66)]


def test_an_analyst_reads_figures_definitions_and_panel(connection: Any, keep: Any) -> None:
    keep("a.html", indicator())
    connection.execute("set role fazhi_reader")
    for table in ("indicators", "figures", "indicator_values", "indicator_panel"):
        assert rows(connection, f"select count(*) > 0 from {table}") == [(True,)]
    connection.rollback()


def test_the_documented_query_ranks_governments_with_the_proving_sentence(
    connection: Any, keep: Any
) -> None:
    """The value of each is stated in the middle of a body of several sentences."""
    other = Region("130535", "临西县", ("河北省", "邢台市", "临西县"), "county")
    keep("a.html", RATE, report_year=2024)
    keep("b.html", replace(RATE, value=100), report_year=2024, region=other)
    keep("c.html", replace(RATE, value=99), report_year=2024, issuer="清河县司法局")
    keep("d.html", replace(RATE, value=99, doubtful="parts"), report_year=2024, region=TOWN)
    keep("e.html", replace(RATE, value=99), report_year=2023)
    connection.execute("update report_versions set body = '开头。' || body || '结尾。'")
    connection.execute(
        "update indicator_values set start_offset = start_offset + 3, end_offset = end_offset + 3"
    )
    connection.execute("set role fazhi_reader")
    ranking = re.findall(r"```sql\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)[0]
    found = connection.execute(ranking).fetchall()
    assert [(row[0], row[1], float(row[3]), row[5], row[6][-6:]) for row in found] == [
        (1, "临西县", 100, BODY, "b.html"),
        (2, "清河县", 98.5, BODY, "a.html"),
    ]
    connection.rollback()


def test_the_sentence_around_a_place_is_found(connection: Any) -> None:
    for body, evidence, sentence in (
        ("前句。办理3件,审结2件。后句。", "审结2件", "办理3件,审结2件。"),
        ("一、标题\n办理3件;审结2件;维持1件", "审结2件", "审结2件;"),
        ("审结2件", "审结2件", "审结2件"),
        ("审结2件!又", "审结2件", "审结2件!"),
        ("前" * 1000 + "审结2件" + "后" * 1000, "审结2件", "前" * 300 + "审结2件" + "后" * 300),
    ):
        start = body.index(evidence)
        place = (body, start, start + len(evidence))
        found = connection.execute("select sentence_at(%s, %s, %s)", place).fetchone()
        assert found == (sentence,)
