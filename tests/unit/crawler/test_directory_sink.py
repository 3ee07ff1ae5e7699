from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.capture import Capture, Finding
from crawler.errors import CrawlError
from crawler.pipelines import DirectorySink


def capture(url: str = "http://www.a.gov.cn/a.html", body: bytes = b"\xff\x00raw") -> Capture:
    return Capture(
        url=url,
        requested_url=url,
        status=200,
        headers=(("Set-Cookie", "a"), ("Set-Cookie", "b")),
        body=body,
        fetched_at=datetime(2026, 3, 1, tzinfo=UTC),
        portal_id="a",
        finding=Finding("http://www.a.gov.cn/", "标题", "2026-02-28"),
    )


@pytest.fixture
def sink(tmp_path: Path) -> DirectorySink:
    made = DirectorySink.from_settings(Settings({"FAZHI_HOME": str(tmp_path)}))
    made.open()
    return made


def test_bytes_are_kept_as_they_came_with_one_line_about_them(sink: DirectorySink) -> None:
    kept = capture()
    assert asyncio.run(sink.store(kept))
    assert (sink.folder / kept.sha256).read_bytes() == b"\xff\x00raw"
    (about,) = sink.folder.glob("*.json")
    line = about.read_text(encoding="utf-8")
    assert line.count("\n") == 1
    facts = json.loads(line)
    assert facts["headers"] == [["Set-Cookie", "a"], ["Set-Cookie", "b"]]
    assert (facts["title"], facts["date"]) == ("标题", "2026-02-28")
    assert facts["fetched_at"] == "2026-03-01T00:00:00+00:00"


def test_the_same_capture_is_new_once_and_another_address_is_another_capture(
    sink: DirectorySink,
) -> None:
    assert [asyncio.run(sink.store(capture())) for _ in range(2)] == [True, False]
    assert asyncio.run(sink.store(capture("http://www.a.gov.cn/b.html")))
    assert len(list(sink.folder.iterdir())) == 3


def test_a_place_that_cannot_be_written_to_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "captures").write_text("a file")
    with pytest.raises(CrawlError, match=r"cannot be written to .*; set FAZHI_HOME elsewhere"):
        DirectorySink(tmp_path / "captures").open()


def test_a_write_that_fails_leaves_nothing_behind(
    sink: DirectorySink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CrawlError, match="No space left on device"):
        asyncio.run(sink.store(capture()))
    assert list(sink.folder.iterdir()) == []
