"""The panel is kept beforehand: never behind, and nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ingest.records import Indicator, Verdict
from ingest.store.captures import store_capture
from ingest.store.database import Database
from ingest.store.jumps import marking_jumps
from ingest.store.panel import SQL, choose_all, keep_panel
from ingest.store.reports import store_record
from ingest.worker import ingest_pending

COLUMNS = "adcode, name, year, code, value, issuer, values_found, values_differ, doubtful, url"
Keep = Callable[..., None]


def value(code: str, number: float) -> Indicator:
    return Indicator(code, number, "件", None, "this_year", "办理12件", 3, 8, rule="made-up")


def stored(connection: Any, page: Any, made: Any) -> None:
    capture_id, _ = store_capture(connection, page)
    with marking_jumps(connection, [capture_id]):
        store_record(connection, capture_id, page, made, "rules-1")
    connection.commit()


@pytest.fixture
def keep(connection: Any, capture: Any, record: Any) -> Keep:
    """Stores a report that states some values, as the worker does."""

    def store(path: str, *numbers: float, days: float = 0, **changes: Any) -> None:
        codes = ("penalty_cases_total", "litigation_cases_total")
        found = tuple(value(code, number) for code, number in zip(codes, numbers, strict=False))
        page = capture(path, body=f"{path}{numbers}{changes}".encode(), days=days)
        stored(connection, page, record(indicators=found, **changes))

    return store


def shown(connection: Any, view: str = "indicator_panel") -> list[Any]:
    return list(connection.execute(f"select {COLUMNS} from {view} order by 1, 2, 3, 4").fetchall())


def waiting(connection: Any) -> int:
    return int(connection.execute("select count(*) from panel_due").fetchone()[0])


def withdraw(connection: Any, capture: Any, record: Any) -> None:
    page = capture("a.html", body=b"a.html(12,){}")
    stored(connection, page, record(verdict=Verdict.NOT_REPORT, verdict_reason="title:notice"))


CHANGES: dict[str, Callable[[Keep], None]] = {
    "a first report": lambda keep: keep("b.html", 7, 3, report_year=2024),
    "a department's beside the government's": lambda keep: keep("b.html", 9, issuer="清河县司法局"),
    "a later page of another year": lambda keep: keep("a.html", 13, days=9, report_year=2023),
    "a later page without a division": lambda keep: keep("a.html", 13, days=9, region=None),
    "a later page without values": lambda keep: keep("a.html", days=9, body="无数据。"),
    "a year after that jumps": lambda keep: keep("b.html", 900000, report_year=2026),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_panel_is_never_behind(connection: Any, keep: Keep, change: str) -> None:
    keep("a.html", 12)
    keep_panel(connection)
    CHANGES[change](keep)
    assert waiting(connection) > 0
    now = shown(connection, "indicator_panel_now")
    assert shown(connection) == now
    keep_panel(connection)
    assert waiting(connection) == 0
    assert shown(connection) == now == shown(connection, "panel_cells")


def test_a_report_that_is_withdrawn_leaves_the_panel(
    connection: Any, keep: Keep, capture: Any, record: Any
) -> None:
    keep("a.html", 12)
    keep_panel(connection)
    assert [row[4] for row in shown(connection)] == [12]
    withdraw(connection, capture, record)
    assert shown(connection) == []
    keep_panel(connection)
    assert shown(connection) == shown(connection, "panel_cells") == []


def test_the_sentence_is_shown_of_a_cell_that_waits_and_of_one_that_is_kept(
    connection: Any, keep: Keep
) -> None:
    keep("a.html", 12, body="开头。办理12件案件。")
    query = "select sentence from indicator_panel"
    before = connection.execute(query).fetchall()
    keep_panel(connection)
    assert connection.execute(query).fetchall() == before == [("办理12件案件。",)]


def test_readers_and_writers_go_on_while_cells_are_kept(
    database: Database, connection: Any, keep: Keep
) -> None:
    keep("a.html", 12)
    keep_panel(connection)
    keep("b.html", 9, report_year=2024)
    with database.connect() as keeper, database.connect() as reader:
        cells = {"kinds": ["fazhi"], "adcodes": ["130534"], "names": ["清河县"], "years": [2024]}
        keeper.execute(SQL["take_due"], {"limit": 10})
        for query in ("hold_cells", "drop_cells", "keep_cells"):
            keeper.execute(SQL[query], cells)
        reader.execute("set lock_timeout = '1s'; set role fazhi_reader")
        assert [row[4] for row in shown(reader)] == [9, 12]
        connection.execute("set lock_timeout = '1s'")
        keep("c.html", 5, report_year=2024, issuer="清河县司法局")
        assert keep_panel(connection, most=0) == 0
        keeper.commit()
        reader.commit()
        assert [(row[4], row[6]) for row in shown(reader)] == [(9, 2), (12, 1)]
        keep_panel(connection)
        assert shown(connection, "panel_cells") == shown(reader)


def test_what_a_keeper_that_was_cut_short_took_waits_again(
    database: Database, connection: Any, keep: Keep
) -> None:
    keep("a.html", 12)
    with database.connect() as keeper:
        assert keeper.execute(SQL["take_due"], {"limit": 10}).fetchall()
        keeper.rollback()
    assert waiting(connection) == 1
    assert keep_panel(connection) == 1
    assert shown(connection, "panel_cells") == shown(connection, "indicator_panel_now")


def test_workers_that_keep_the_same_cells_at_once_agree(
    database: Database, connection: Any, keep: Keep
) -> None:
    def keeping(_: int) -> None:
        with database.connect() as own:
            keep_panel(own)

    with ThreadPoolExecutor(4) as pool:
        for number in range(12):
            issuer = "清河县人民政府" if number % 2 else f"清河县第{number}局"
            keep(f"{number}.html", number, number + 1, issuer=issuer)
            running = [pool.submit(keeping, one) for one in range(4)]
            for one in running:
                one.result()
    assert waiting(connection) == 0
    assert shown(connection, "panel_cells") == shown(connection, "indicator_panel_now")
    assert {row[6] for row in shown(connection)} == {12}


def test_nothing_waits_after_an_ingest(database: Database, connection: Any, capture: Any) -> None:
    paragraphs = ("2025年，清河县推进法治建设。", "一、成效", "办理行政处罚案件213件。", "二、问题")
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    page = f"<h1>清河县2025年度法治政府建设情况报告</h1><div>{text * 3}</div>".encode()
    store_capture(connection, capture("a.html", body=page))
    connection.commit()
    assert ingest_pending(database).reports == 1
    assert waiting(connection) == 0
    assert [row[4] for row in shown(connection, "panel_cells")] == [213]


def test_all_is_chosen_anew_when_asked(connection: Any, keep: Keep) -> None:
    keep("a.html", 12)
    keep("b.html", 9, report_year=2024)
    keep_panel(connection)
    connection.execute("update panel_cells set value = -1, year = 1999 where year = 2024")
    connection.commit()
    choose_all(connection)
    assert shown(connection, "panel_cells") == shown(connection, "indicator_panel_now")


def test_an_analyst_asks_the_panel_and_may_not_change_it(connection: Any, keep: Keep) -> None:
    keep("a.html", 12)
    connection.execute("set role fazhi_reader")
    assert len(shown(connection)) == len(shown(connection, "indicator_panel_now")) == 1
    with pytest.raises(Exception, match="permission denied"):
        connection.execute("delete from panel_cells")
