"""Reports and their versions: a new one only when the document itself changed."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from ingest.records import Verdict
from ingest.store.captures import count_pending, store_capture
from ingest.store.outcome import StoreOutcome
from ingest.store.queries import get_report, list_rejects, list_reports
from ingest.store.reports import store_record

RULES = "rules-1"


def store(connection: Any, capture: Any, record: Any, ruleset: str = RULES) -> StoreOutcome:
    capture_id, _ = store_capture(connection, capture)
    return store_record(connection, capture_id, capture, record, ruleset)


def test_a_report_is_kept_with_all_its_parts(connection: Any, capture: Any, record: Any) -> None:
    assert store(connection, capture(), record()) is StoreOutcome.NEW_REPORT
    [row] = list_reports(connection)
    assert (row.title, row.report_year, row.issuer) == (
        "清河县2025年度法治政府建设情况报告",
        2025,
        "清河县人民政府",
    )
    assert (row.adcode, row.region_path) == ("130534", ["河北省", "邢台市", "清河县"])
    assert (row.published_at, row.published_time) == (date(2026, 1, 20), None)
    assert (row.portal_id, row.url) == ("demo-qinghe", "http://www.qinghe.gov.test/fzzf/1.html")
    detail = get_report(connection, row.id)
    assert detail is not None
    given = record()
    assert detail.report == row
    assert detail.versions[0].body == given.body
    assert detail.versions[0].why == {"title": "the article"}
    assert detail.sections == given.sections
    assert detail.removals == given.removed
    assert detail.attachments == given.attachments


def test_contacts_come_back_masked(connection: Any, capture: Any, record: Any) -> None:
    store(connection, capture(), record())
    [row] = list_reports(connection)
    detail = get_report(connection, row.id)
    assert detail is not None
    assert [(c.name, c.phone) for c in detail.contacts] == [("范**", "851****9"), (None, "****")]


def test_no_time_zone_moves_a_date_and_a_shown_time_is_china_time(
    connection: Any, capture: Any, record: Any
) -> None:
    connection.execute("set timezone to 'America/Los_Angeles'")
    shown = record(published_at="2026-01-20T23:59:00+08:00")
    store(connection, capture("a.html"), record())
    store(connection, capture("b.html"), shown)
    rows = list_reports(connection)
    assert [(row.published_at, row.published_time) for row in rows] == [
        (date(2026, 1, 20), None),
        (date(2026, 1, 20), time(23, 59)),
    ]


def test_the_same_capture_again_changes_nothing(connection: Any, capture: Any, record: Any) -> None:
    store(connection, capture(), record())
    before = connection.execute("table report_versions").fetchall()
    assert store(connection, capture(), record()) is StoreOutcome.UNCHANGED
    assert connection.execute("table report_versions").fetchall() == before


def test_a_page_that_changed_around_the_report_makes_no_new_version(
    connection: Any, capture: Any, record: Any
) -> None:
    store(connection, capture(), record())
    counter = record(removed=(), why=(("title", "meta"),))
    later = capture(body=b"<html>report, read 17 times</html>", days=1)
    assert store(connection, later, counter) is StoreOutcome.UNCHANGED
    assert list_reports(connection)[0].version == 1


def test_a_report_that_was_edited_gets_a_new_version(
    connection: Any, capture: Any, record: Any
) -> None:
    store(connection, capture(), record())
    edited = record(body="改过的正文", title="清河县2025年法治政府建设年度报告", sections=())
    later = capture(body=b"<html>edited</html>", days=1)
    assert store(connection, later, edited) is StoreOutcome.NEW_VERSION
    [row] = list_reports(connection)
    assert (row.title, row.version) == ("清河县2025年法治政府建设年度报告", 2)
    detail = get_report(connection, row.id)
    assert detail is not None
    assert [version.body for version in detail.versions] == ["改过的正文", record().body]
    assert detail.sections == ()


def test_a_page_that_goes_back_to_what_it_said_is_a_version_again(
    connection: Any, capture: Any, record: Any
) -> None:
    store(connection, capture(), record())
    store(connection, capture(body=b"<html>b</html>", days=1), record(body="改过"))
    assert count_pending(connection) == 0
    back = capture(days=2)
    store_capture(connection, back)
    assert count_pending(connection) == 1
    assert store(connection, back, record()) is StoreOutcome.NEW_VERSION
    [row] = list_reports(connection)
    detail = get_report(connection, row.id)
    assert detail is not None
    assert [version.body for version in detail.versions] == [record().body, "改过", record().body]


def test_an_older_capture_that_comes_late_does_not_become_current(
    connection: Any, capture: Any, record: Any
) -> None:
    store(connection, capture(body=b"<html>new</html>", days=5), record(body="新"))
    older = store(connection, capture(days=0), record(body="旧"))
    assert older is StoreOutcome.NEW_VERSION
    [row] = list_reports(connection)
    detail = get_report(connection, row.id)
    assert detail is not None
    assert detail.versions[0].body == "新"
    assert row.version == 1


def test_better_rules_replace_what_they_read_from_the_same_capture(
    connection: Any, capture: Any, record: Any
) -> None:
    store(connection, capture(), record(issuer=None))
    better = store(connection, capture(), record(), "rules-2")
    assert better is StoreOutcome.RE_EXTRACTED
    [row] = list_reports(connection)
    assert (row.issuer, row.version) == ("清河县人民政府", 1)
    assert connection.execute("select count(*) from sections").fetchone() == (2,)


def test_address_without_scheme_and_fragment_makes_the_report(
    connection: Any, capture: Any, record: Any
) -> None:
    plain = capture("a.html?id=1")
    store(connection, plain, record())
    for url in (
        "https://WWW.qinghe.gov.test/a.html?id=1",
        "http://www.qinghe.gov.test:80/a.html?id=1#top",
    ):
        twin = capture("x", body=url.encode(), days=1)
        object.__setattr__(twin, "url", url)
        assert store(connection, twin, record()) is StoreOutcome.UNCHANGED
    assert len(list_reports(connection)) == 1


def test_the_same_file_under_another_name_is_the_same_report(
    connection: Any, capture: Any, record: Any
) -> None:
    file = capture(None)
    assert store(connection, file, record(url=None)) is StoreOutcome.NEW_REPORT
    object.__setattr__(file, "file_name", "copy.txt")
    assert store(connection, file, record(url=None)) is StoreOutcome.UNCHANGED


def test_what_is_no_report_lands_in_rejects_with_its_reason(
    connection: Any, capture: Any, record: Any
) -> None:
    no = record(verdict=Verdict.NOT_REPORT, verdict_reason="near_miss.plan", title="工作要点")
    assert store(connection, capture(), no) is StoreOutcome.REJECTED
    [reject] = list_rejects(connection)
    assert (reject.verdict, reject.reason, reject.title) == (
        "not_report",
        "near_miss.plan",
        "工作要点",
    )
    assert reject.origin == "http://www.qinghe.gov.test/fzzf/1.html"
    assert list_reports(connection) == []


def test_a_reject_that_better_rules_take_for_a_report_is_no_reject_any_more(
    connection: Any, capture: Any, record: Any
) -> None:
    store(connection, capture(), record(verdict=Verdict.NOT_REPORT))
    assert store(connection, capture(), record(), "rules-2") is StoreOutcome.NEW_REPORT
    assert list_rejects(connection) == []


def test_a_report_that_better_rules_reject_goes_with_all_its_parts(
    connection: Any, capture: Any, record: Any
) -> None:
    store(connection, capture(), record())
    store(connection, capture(), record(verdict=Verdict.NOT_REPORT), "rules-2")
    for table in ("reports", "report_versions", "sections", "removals", "contacts", "attachments"):
        count = connection.execute(f"select count(*) from {table}").fetchone()
        assert count == (0,), table
    assert connection.execute("select count(*) from captures").fetchone() == (1,)


def test_rejecting_the_newest_version_brings_back_the_one_before(
    connection: Any, capture: Any, record: Any
) -> None:
    store(connection, capture(), record())
    later = capture(body=b"<html>404</html>", days=1)
    store(connection, later, record(body="页面不存在", title="404"))
    store(connection, later, record(verdict=Verdict.UNREADABLE), "rules-2")
    [row] = list_reports(connection)
    assert row.title == record().title


def test_a_record_without_any_field_can_be_kept(connection: Any, capture: Any, record: Any) -> None:
    nothing = dict.fromkeys(
        ("title", "report_year", "issuer", "region", "published_at", "signed_on", "body")
    )
    empty = record(**nothing, document_number=None, contacts=(), attachments=(), sections=())
    assert store(connection, capture(), empty) is StoreOutcome.NEW_REPORT
    [row] = list_reports(connection)
    assert (row.title, row.region_path, row.published_at) == (None, None, None)


def test_characters_that_postgresql_cannot_hold_keep_their_place(
    connection: Any, capture: Any, record: Any
) -> None:
    store(connection, capture(), record(body="一\x00二", title="\ud800"))
    [row] = list_reports(connection)
    detail = get_report(connection, row.id)
    assert detail is not None
    assert (row.title, detail.versions[0].body) == ("\ufffd", "一\ufffd二")
