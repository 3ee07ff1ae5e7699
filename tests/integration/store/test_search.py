"""Search from plain SQL: the demo's reports, stored as the worker stores them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingest.files import ingest_files
from ingest.records import Region, Role, Section
from ingest.store.captures import store_capture
from ingest.store.database import Database
from ingest.store.entries import load_vocabulary, reindex
from ingest.store.reports import store_record
from ingest.store.search import QueryError, search
from ingest.tokens import fold, segment

REPORTS = sorted((Path(__file__).parents[3] / "seeds" / "demo" / "reports").glob("*.txt"))
PLACES = {
    "石狮市": Region("350581", "石狮市", ("福建省", "泉州市", "石狮市"), "county"),
    "福州市": Region("350100", "福州市", ("福建省", "福州市"), "prefecture"),
    "山东省": Region("370000", "山东省", ("山东省",), "province"),
}


@pytest.fixture
def stored(connection: Any, capture: Any, record: Any) -> Any:
    """``stored(body, ...)`` keeps a report with one section for each line; its number."""
    counter = iter(range(1000))

    def store(body: str, *, place: str = "石狮市", role: Role | None = None, **changes: Any) -> int:
        taken = capture(f"{next(counter)}.html")
        capture_id, _ = store_capture(connection, taken)
        sections = (Section(1, "一、", "办案", role, 0, len(body)),) if body else ()
        fields = {"body": body, "sections": sections, "region": PLACES[place], "title": "年报"}
        store_record(connection, capture_id, taken, record(**(fields | changes)), "rules")
        row = connection.execute("select max(id) from reports").fetchone()
        return int(row[0])

    return store


@pytest.fixture
def demo(database: Database) -> Iterator[Any]:
    """A connection to a database with the demo's reports."""
    ingest_files(database, REPORTS)
    with database.connect() as opened:
        yield opened


def found(connection: Any, query: str, **filters: Any) -> list[int]:
    return [hit.report_id for hit in search(connection, query, **filters)]


def test_a_word_is_found_with_report_section_and_snippet(connection: Any, stored: Any) -> None:
    number = stored("全年收到申请。办理行政复议案件12件，无一败诉。", role=Role.ACHIEVEMENTS)
    [hit] = search(connection, "行政复议")
    assert (hit.report_id, hit.title, hit.report_year) == (number, "年报", 2025)
    assert (hit.section, hit.section_role) == ("一、办案", "achievements")
    assert hit.snippet == "…办理«行政复议»案件12件，无一败诉。"


def test_all_terms_must_be_there_and_what_is_excluded_must_not(
    connection: Any, stored: Any
) -> None:
    both = stored("行政复议案件的败诉率下降。")
    one = stored("行政复议案件增加。")
    assert found(connection, "行政复议 败诉率") == [both]
    assert found(connection, "行政复议败诉率") == [both]
    assert found(connection, "行政复议 -败诉率") == [one]
    assert found(connection, '行政复议 -"案件的"') == [one]


def test_a_quoted_phrase_is_found_as_it_stands(connection: Any, stored: Any) -> None:
    together = stored("推进行政复议体制改革。")
    stored("改革推进，行政复议有体制。")
    assert found(connection, '"行政复议体制改革"') == [together]
    assert found(connection, "“行政复议体制改革”") == [together]
    assert len(found(connection, "行政复议 体制 改革")) == 2


def test_a_word_is_not_found_in_the_middle_of_others_before_it_is_found_as_a_word(
    connection: Any, stored: Any
) -> None:
    across = stored("司法院校共三所。")
    word = stored("法院判决已经生效。")
    hits = search(connection, "法院")
    assert [hit.report_id for hit in hits] == [word, across]
    assert hits[0].rank > 1 > hits[1].rank > 0


def test_title_and_headings_weigh_more_than_body(connection: Any, stored: Any) -> None:
    once = stored("信访工作。")
    often = stored("信访。信访，信访；信访！")
    heading = stored("按要求办理信访。", sections=(Section(1, "一", "信访", None, 0, 8),))
    title = stored("一切正常。", title="石狮市信访工作年报")
    hits = search(connection, "信访")
    assert {hit.report_id for hit in hits[:2]} == {heading, title}
    assert [hit.report_id for hit in hits[2:]] == [often, once]
    in_title = next(hit for hit in hits if hit.report_id == title)
    assert in_title.snippet == "石狮市«信访»工作年报"
    assert not in_title.section


def test_a_report_without_a_text_is_found_by_its_title(connection: Any, stored: Any) -> None:
    number = stored("", title="石狮市信访工作年报")
    connection.execute("update report_versions set body = null")
    assert found(connection, "信访") == [number]
    assert found(connection, '"信访工作"') == [number]


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({"region": "350000"}, "ab"),
        ({"region": "350100"}, "b"),
        ({"region": "350581"}, "a"),
        ({"region": "福建"}, "ab"),
        ({"region": "石狮市"}, "a"),
        ({"region": "000000"}, "abc"),
        ({"level": "province"}, "c"),
        ({"level": "township"}, ""),
        ({"year": 2024}, "b"),
        ({"year": 1999}, ""),
        ({"role": "problems"}, "c"),
        ({"region": "350000", "year": 2024, "level": "prefecture"}, "b"),
    ],
)
def test_hits_are_filtered(connection: Any, stored: Any, filters: Any, wanted: str) -> None:
    connection.execute(
        "insert into regions (adcode, name, level, path, zone) values "
        "('350000', '福建省', 'province', '{福建省}', false)"
    )
    numbers = {
        "a": stored("执法检查。", role=Role.PLAN),
        "b": stored("执法检查。", place="福州市", report_year=2024),
        "c": stored("执法检查。", place="山东省", role=Role.PROBLEMS),
    }
    assert sorted(found(connection, "执法", **filters)) == sorted(numbers[name] for name in wanted)


def test_only_sections_of_the_role_count(connection: Any, stored: Any) -> None:
    body = "执法有成效。人员不足。"
    parts = (
        Section(1, "一", None, Role.ACHIEVEMENTS, 0, 6),
        Section(1, "二", None, Role.PROBLEMS, 6, len(body)),
    )
    number = stored(body, sections=parts)
    assert found(connection, "人员", role="problems") == [number]
    assert found(connection, "执法", role="problems") == []
    [hit] = search(connection, "人员", role="problems")
    assert (hit.section, hit.section_role) == ("二", "problems")


def test_pages_follow_each_other(connection: Any, stored: Any) -> None:
    numbers = [
        stored(f"执法检查{number}次。", report_year=2000 + number) for number in range(15, 24)
    ]
    pages = [found(connection, "执法", limit=4, skip=skip) for skip in (0, 4, 8, 12)]
    assert [len(page) for page in pages] == [4, 4, 1, 0]
    assert [number for page in pages for number in page] == numbers[::-1], "the newest year first"


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("行政復議", "行政复议案件。"),
        ("行政复议", "行政復議案件。"),
        ("２０２３年", "2023年立案。"),
        ("2023年", "２０２３年立案。"),
        ("ＰＰＰ项目", "ppp项目。"),
        ("App", "推广APP。"),
        ("立案　检查", "检查后立案。"),
        ("没有，标点", "没有，标点"),
        ("😀执法", "执法检查。"),
        ("'; drop table reports; -- 执法", "drop table reports; 执法"),
        ("100%_", "100%_"),
        ('执法 "', "执法检查"),
        ('"执法', "执法检查"),
        ("- 执法", "执法检查"),
    ],
)
def test_what_is_written_otherwise_is_found(
    connection: Any, stored: Any, query: str, body: str
) -> None:
    number = stored(body)
    stored("别的事。")
    assert found(connection, query) == [number]


@pytest.mark.parametrize(
    ("query", "filters", "message"),
    [
        ("", {}, "there is nothing to look for"),
        (" \t　", {}, "there is nothing to look for"),
        ('"', {}, "there is nothing to look for"),
        ('""', {}, "there is nothing to look for"),
        ("😀", {}, "there is nothing to look for"),
        ("-执法", {}, "there is nothing to look for"),
        ("法", {}, "法 is too short"),
        ("执法" * 5000, {}, "the query has 10000 characters, more than 500"),
        ("执法", {"region": "Atlantis"}, "no region is named Atlantis"),
        ("执法", {"level": "village"}, "no level is named village"),
        ("执法", {"role": "x"}, "no role is named x"),
    ],
)
def test_what_cannot_be_looked_for_is_one_clear_message(
    connection: Any, query: str, filters: Any, message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        search(connection, query, **filters)


def test_a_word_that_no_report_has_gives_no_hit(connection: Any, stored: Any) -> None:
    stored("执法检查。")
    assert found(connection, "恐龙") == []
    assert found(connection, '"检查执法"') == []


def test_a_report_that_only_has_the_same_hash_is_no_hit(connection: Any, stored: Any) -> None:
    real = stored("执法检查。")
    stored("别的事。")
    connection.execute(
        "update search_entries set terms = (select terms from search_entries where report_id = %s)",
        (real,),
    )
    assert found(connection, "执法") == [real]


def test_a_phrase_is_found_behind_many_reports_that_only_have_its_words(
    connection: Any, stored: Any
) -> None:
    phrase = stored("执法检查。", report_year=2012)
    for _ in range(25):
        stored("检查执法。", report_year=2025)
    assert found(connection, '"执法检查"', limit=1) == [phrase]


def test_it_is_said_when_texts_were_left_unread(connection: Any, stored: Any) -> None:
    said: list[str] = []
    only = stored("投诉8.8。", report_year=2025)
    for _ in range(21):
        stored("投诉8.9。", report_year=2024)
    assert found(connection, '"投诉8.8"', limit=1, warn=said.append) == [only]
    assert said == [], "the page is full"
    assert found(connection, '"投诉8.8"', limit=2, warn=said.append) == [only]
    assert ["more reports may hold this" in line for line in said] == [True]
    said.clear()
    assert found(connection, '"投诉8.8"', limit=3, warn=said.append) == [only]
    assert said == [], "all texts were read"


def test_the_database_cuts_queries_as_the_program_does(demo: Any) -> None:
    texts = [path.read_text(encoding="utf-8") for path in REPORTS]
    chance = random.Random(7)
    queries = []
    while len(queries) < 2000:
        text = chance.choice(texts)
        begin = chance.randrange(len(text) - 12)
        queries.append(text[begin : begin + chance.randint(2, 12)])
    rows = demo.execute(
        "select query, search_fold(query), search_segment(search_fold(query)) "
        "from unnest(%s::text[]) as query",
        (queries,),
    ).fetchall()
    assert len(rows) == 2000
    differ = [
        query for query, folded, cut in rows if cut != segment(fold(query)) or folded != fold(query)
    ]
    assert len(differ) <= 10, differ


def test_any_run_of_characters_in_a_report_is_found(demo: Any) -> None:
    rows = demo.execute(
        "select reports.id, body from reports join report_versions as version "
        "on version.id = current_version_id where body is not null"
    ).fetchall()
    assert len(rows) > 15
    chance = random.Random(11)
    tried = 0
    while tried < 150:
        number, body = chance.choice(rows)
        begin = chance.randrange(len(body) - 6)
        run = body[begin : begin + chance.randint(2, 6)]
        if not run.isalnum():
            continue
        tried += 1
        assert number in found(demo, f'"{run}"', limit=100), run
        assert number in found(demo, run, limit=100), run


def test_an_entry_follows_its_report(connection: Any, capture: Any, record: Any) -> None:
    first = capture("a.html")
    store_record(
        connection, store_capture(connection, first)[0], first, record(body="旧的检查。"), "r"
    )
    later = capture("a.html", b"<html>later</html>", days=3)
    changed = record(body="新的检查。", report_year=2019)
    store_record(connection, store_capture(connection, later)[0], later, changed, "r")
    assert found(connection, "旧的") == []
    assert len(found(connection, "新的", year=2019)) == 1
    assert found(connection, "新的", year=2025) == []
    assert connection.execute("select count(*) from search_entries").fetchone() == (1,)


def test_a_report_that_is_withdrawn_is_not_found_any_more(
    connection: Any, capture: Any, record: Any
) -> None:
    taken = capture("a.html")
    capture_id, _ = store_capture(connection, taken)
    store_record(connection, capture_id, taken, record(body="执法检查。"), "r")
    store_record(connection, capture_id, taken, record(verdict="not_report"), "r2")
    assert found(connection, "执法") == []
    assert connection.execute("select count(*) from search_entries").fetchone() == (0,)


def test_entries_of_another_dictionary_or_missing_ones_are_renewed(
    database: Database, connection: Any, stored: Any
) -> None:
    for number in range(3):
        stored(f"执法检查{number}。")
    connection.execute("delete from search_entries where report_id = (select min(id) from reports)")
    connection.execute(
        "update search_entries set dictionary = 'old', terms = '{}' "
        "where report_id = (select max(id) from reports)"
    )
    connection.commit()
    assert len(found(connection, "执法")) == 1
    assert reindex(database) == 2
    assert len(found(connection, "执法")) == 3
    assert reindex(database) == 0
    assert reindex(database, everything=True) == 3


def test_a_vocabulary_that_is_loaded_is_not_loaded_again(connection: Any) -> None:
    [(before,)] = connection.execute("select loaded_at from search_dictionary").fetchall()
    load_vocabulary(connection)
    assert connection.execute("select loaded_at from search_dictionary").fetchone() == (before,)
    connection.execute("update search_dictionary set version = 'old'")
    load_vocabulary(connection)
    assert connection.execute("select version <> 'old' from search_dictionary").fetchone() == (
        True,
    )


def test_a_reader_can_search_and_change_nothing(connection: Any, stored: Any) -> None:
    stored("执法检查。")
    connection.commit()
    connection.execute("set role fazhi_reader")
    assert len(found(connection, "执法")) == 1
    for forbidden in (
        "delete from search_entries",
        "update search_vocabulary set words = '{}'",
        "insert into search_dictionary (version) values ('x')",
        "select * from contacts",
        "update reports set title = null",
        "create table mine (a integer)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(forbidden)


def test_the_plain_sql_of_the_documentation_works_in_psql(
    database: Database, stored: Any, connection: Any
) -> None:
    stored("行政复议案件的败诉率下降。")
    connection.commit()
    row = connection.execute("select snippet from search('行政复议 败诉率')").fetchone()
    assert row == ("«行政复议»案件的«败诉率»下降。",)
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="search: there is nothing"):
        connection.execute("select * from search('')")
