"""When a report has a new version, and what makes it the same report again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.capture import Capture
from ingest.records import Contact, Record, Removal, Verdict
from ingest.store.versions import Contents, Decision, Stored, contents, decide, identity

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
RECORD = Record("1.html", "http://a.test/1.html", "fazhi", Verdict.REPORT, "rule", body="正文")


def stored(
    number: int, content: Contents, *, own: bool = False, current: bool = False, days: int = 0
) -> Stored:
    return Stored(
        id=number,
        of_this_capture=own,
        current=current,
        captured_at=NOW + days * DAY,
        content_sha256=content.content_sha256,
        extraction_sha256=content.extraction_sha256,
    )


A, B = contents(RECORD), contents(replace(RECORD, body="改过的正文"))


@pytest.mark.parametrize(
    ("versions", "seen", "content", "decision"),
    [
        pytest.param([], 0, A, (Decision.ADD, None), id="a report without versions"),
        pytest.param(
            [stored(1, A, own=True, current=True)], 0, A, (Decision.KEEP, None), id="the same again"
        ),
        pytest.param(
            [stored(1, A, own=True, current=True)], 0, B, (Decision.REPLACE, 1), id="better rules"
        ),
        pytest.param(
            [stored(1, A, current=True)], 1, A, (Decision.KEEP, None), id="another capture, same"
        ),
        pytest.param(
            [stored(1, A, current=True)], 1, B, (Decision.ADD, None), id="another capture, edited"
        ),
        pytest.param(
            [stored(1, A, own=True), stored(2, B, current=True, days=1)],
            0,
            B,
            (Decision.REPLACE, 1),
            id="better rules on an old capture",
        ),
        pytest.param(
            [stored(1, A, own=True), stored(2, B, current=True, days=1)],
            2,
            A,
            (Decision.ADD, None),
            id="the page went back",
        ),
        pytest.param(
            [stored(1, A, own=True), stored(3, B, own=True, current=True, days=2)],
            2,
            A,
            (Decision.REPLACE, 3),
            id="better rules on a capture with two versions",
        ),
    ],
)
def test_a_version_stands_for_a_change_of_the_document(
    versions: list[Stored], seen: int, content: Contents, decision: tuple[Decision, int | None]
) -> None:
    assert decide(versions, NOW + seen * DAY, content) == decision


def test_what_stands_around_the_document_is_not_its_content() -> None:
    around = replace(
        RECORD, removed=(Removal("counter", "阅读17次"),), why=(("title", "meta"),), input="2.html"
    )
    assert contents(around).content_sha256 == A.content_sha256
    assert contents(around).extraction_sha256 != A.extraction_sha256


@pytest.mark.parametrize(
    "change",
    [{"title": "题"}, {"body": "文"}, {"published_at": "2026-01-01"}, {"icp": "备1号"}],
)
def test_every_field_is_content(change: dict[str, str]) -> None:
    assert contents(replace(RECORD, **change)).content_sha256 != A.content_sha256  # type: ignore[arg-type]


def test_fields_hold_no_personal_data() -> None:
    assert "contacts" not in contents(replace(RECORD, contacts=(Contact("范", "1"),))).fields


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("http://www.a.test/x.html", "www.a.test/x.html"),
        ("https://www.a.test/x.html#top", "www.a.test/x.html"),
        ("http://WWW.A.test:80/x.html", "www.a.test/x.html"),
        ("https://www.a.test:443/x.html", "www.a.test/x.html"),
        ("http://www.a.test:8080/x.html", "www.a.test:8080/x.html"),
        ("http://www.a.test", "www.a.test/"),
        ("http://www.a.test/X.html?id=1&b=2", "www.a.test/X.html?id=1&b=2"),
    ],
)
def test_an_address_is_known_without_scheme_and_fragment(url: str, same: str) -> None:
    assert identity(Capture(url, url, 200, (), b"", NOW)) == same


def test_a_file_is_known_by_its_bytes() -> None:
    one = Capture(None, None, 200, (), b"a", NOW, file_name="1.txt")
    other = Capture(None, None, 200, (), b"a", NOW, file_name="2.txt")
    assert identity(one) == identity(other) == f"sha256:{one.sha256}"
