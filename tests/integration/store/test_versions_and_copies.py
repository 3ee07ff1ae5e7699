"""What was altered after publication, which reports are one work, which paragraphs were copied."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from crawler.portals import Portal
from ingest.copies import Likeness, likeness
from ingest.records import Region
from ingest.store import comparing
from ingest.store.captures import store_capture
from ingest.store.comparing import compare_all, compare_due, link_copies
from ingest.store.database import Database
from ingest.store.portals import sync_portals
from ingest.store.reports import store_record

OTHER = Portal("demo-xt", "邢台市司法局", "department", "130500", "http://sfj.xingtai.gov.test/")
LONG = "\n".join(
    f"第{n}项,全县深入推进第{n * 37 % 101}类重点领域执法工作,共开展检查{n * 13}次,"
    f"整改问题{n * 7}个,培训执法人员{n * 5}人,群众满意度持续提升。"
    for n in range(1, 25)
)
Store = Callable[..., int]


@pytest.fixture
def store(connection: Any, capture: Any, record: Any) -> Store:
    """Stores a record of a page; the number of its report."""
    sync_portals(
        connection,
        [
            Portal(
                "demo-qinghe", "清河县人民政府", "county", "130534", "http://www.qinghe.gov.test/"
            ),
            OTHER,
        ],
    )

    def keep(
        path: str = "1.html",
        *,
        content: bytes = b"",
        days: float = 0,
        portal: str = "demo-qinghe",
        rules: str = "rules",
        **changes: Any,
    ) -> int:
        page = replace(capture(path, content or path.encode(), days), portal_id=portal)
        number, _ = store_capture(connection, page)
        store_record(connection, number, page, record(**changes), rules)
        (report,) = connection.execute(
            "select report_id from captures where id = %s", (number,)
        ).fetchone()
        connection.commit()
        return int(report)

    return keep


def judged(connection: Any) -> list[Any]:
    query = """select verdict, same_rules, fields_changed, sections_changed,
            characters_added, characters_removed
        from version_changes join report_versions on id = version_id order by captured_at"""
    return list(connection.execute(query).fetchall())


def test_an_alteration_is_judged_and_told_in_the_timeline(
    connection: Any, store: Store, record: Any
) -> None:
    body = record().body
    store()
    store(
        content=b"2",
        days=1,
        body=body.replace("2025年,", "2025 年\uff0c"),
        sections=record().sections,
    )
    store(content=b"3", days=2, body=body.replace("12", "21"), title="清河县报告", rules="other")
    assert compare_due(connection) == 1
    assert judged(connection) == [
        ("cosmetic", True, [], [], 0, 0),
        ("substantive", False, ["title"], ["一主要成效"], 1, 1),
    ]
    told = connection.execute(
        "select detail from report_timeline where event = 'changed' order by at"
    )
    assert [detail for (detail,) in told] == [
        "version 2, cosmetic",
        "version 3, substantive, title, 一主要成效",
    ]
    assert compare_due(connection) == 0


def test_a_version_that_comes_late_is_judged_between_its_neighbours(
    connection: Any, store: Store, record: Any
) -> None:
    body = record().body
    store()
    store(content=b"3", days=2, body=body.replace("12", "300"))
    compare_due(connection)
    store(content=b"2", days=1, body=body.replace("12", "30"))
    compare_due(connection)
    assert [row[4:] for row in judged(connection)] == [(2, 2), (1, 0)]


def test_the_same_report_on_two_sites_is_one_work(connection: Any, store: Store) -> None:
    first = store("1.html", body=LONG)
    second = store(
        "copy.html", body="来源说明\n" + LONG.replace("13", "\uff11\uff13"), portal=OTHER.id
    )
    store(
        "else.html",
        body=LONG.replace("整改", "处置").replace("检查", "走访").replace("群众", "市民"),
    )
    compare_due(connection)
    rows = connection.execute(
        "select report_id, work_id, copies, similarity from report_copies order by 1"
    ).fetchall()
    assert [row[:3] for row in rows] == [(first, first, 2), (second, first, 2)]
    assert all(0.98 < row[3] < 1 for row in rows)


def test_a_copy_that_was_rewritten_is_no_copy_any_more(connection: Any, store: Store) -> None:
    store("1.html", body=LONG)
    store("2.html", body=LONG)
    compare_due(connection)
    assert connection.execute("select count(*) from report_copies").fetchone() == (2,)
    store("2.html", content=b"new", days=1, body="全新的一篇报告。" * 40)
    compare_due(connection)
    assert connection.execute("select count(*) from report_copies").fetchone() == (0,)


def test_paragraphs_copied_from_last_year_and_from_a_neighbour_are_found(
    connection: Any, store: Store
) -> None:
    [shared, own, *_] = LONG.split("\n")
    before = store("2024.html", report_year=2024, body=f"甲{LONG[:60]}\n{shared}\n{own}")
    place = Region("130535", "临西县", ("河北省", "邢台市", "临西县"), "county")
    there = store(
        "there.html",
        issuer="临西县人民政府",
        region=place,
        body=f"{shared}\n乙。",
        published_at="2026-01-01",
    )
    here = store("2025.html", body=f"开头。\n{shared.replace(chr(44), chr(0xFF0C))}\n{own}\n短。")
    compare_due(connection)
    rows = connection.execute(
        "select source_report_id, copied_from, same_prefecture, reports_with_it, paragraph"
        " from copied_paragraphs where report_id = %s order by 1, start_offset",
        (here,),
    ).fetchall()
    printed = shared.replace(",", "\uff0c")
    assert rows == [
        (before, "own last year", True, 3, printed),
        (before, "own last year", True, 2, own),
        (there, "another body", True, 3, printed),
    ]


def test_what_was_stored_before_is_compared_when_asked(connection: Any, store: Store) -> None:
    store("1.html", body=LONG)
    store("2.html", body=LONG)
    connection.execute("delete from comparisons_due")
    connection.commit()
    assert compare_due(connection) == 0
    assert compare_all(connection) == 2
    assert compare_all(connection) == 2
    assert connection.execute("select count(*) from report_likenesses").fetchone() == (1,)


def test_a_report_that_is_withdrawn_leaves_nothing(connection: Any, store: Store) -> None:
    report = store("1.html", body=LONG)
    store("2.html", body=LONG)
    compare_due(connection)
    connection.execute("delete from reports where id = %s", (report,))
    connection.commit()
    assert compare_due(connection) == 0
    for table in ("report_likenesses", "comparisons_due"):
        assert connection.execute(f"select count(*) from {table}").fetchone() == (0,)


def test_of_two_workers_at_once_the_later_compares_only_what_came_meanwhile(
    connection: Any, database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, first, second = (store(f"{name}.html", body=LONG) for name in ("old", "1", "2"))
    link_copies(connection, [old])
    connection.commit()
    read: list[bool] = []

    def counted(one: frozenset[str], other: frozenset[str]) -> Likeness:
        read.append(True)
        return likeness(one, other)

    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with database.connect() as later, ThreadPoolExecutor(1) as beside:
        link_copies(connection, [first])
        monkeypatch.setattr(comparing, "likeness", counted)
        linking = beside.submit(link_copies, later, [second])
        until = time.monotonic() + 60
        while connection.execute(waiting).fetchone() == (0,) and time.monotonic() < until:
            time.sleep(0.01)
        assert len(read) == 1  # with the old one, while the other had its turn
        connection.commit()
        linking.result()
        later.commit()
    assert len(read) == 2
    pairs = connection.execute("select report_id, other_id from report_likenesses order by 1, 2")
    assert pairs.fetchall() == [(old, first), (old, second), (first, second)]


def test_a_copy_that_is_rewritten_while_another_waits_for_its_turn_is_not_linked(
    connection: Any, database: Database, store: Store
) -> None:
    first, second = (store(f"{name}.html", body=LONG) for name in ("1", "2"))
    compare_due(connection)
    with database.connect() as other, ThreadPoolExecutor(1) as beside:
        other.execute(comparing.SQL["link_alone"])
        linking = beside.submit(link_copies, connection, [first])
        waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        until = time.monotonic() + 60
        while other.execute(waiting).fetchone() == (0,) and time.monotonic() < until:
            time.sleep(0.01)
        body = "全新的一篇报告。" * 40
        other.execute(
            "update report_versions set body = %s from reports where reports.id = %s"
            " and report_versions.id = current_version_id",
            (body, second),
        )
        other.execute("delete from report_bands where report_id = %s", (second,))
        other.commit()
        linking.result()
        connection.commit()
    assert connection.execute("select count(*) from report_likenesses").fetchone() == (0,)
