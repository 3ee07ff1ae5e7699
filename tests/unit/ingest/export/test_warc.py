"""Captures as a WARC archive, read back by warcio's own reader and, byte for byte, by hand."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from crawler.capture import Capture
from ingest.export.warc import write_warc

BODY = "<html>清河县2025年度法治政府建设情况报告</html>".encode("gb18030")
CAPTURE = Capture(
    url="http://www.qinghe.gov.test/fzzf/1.html",
    requested_url="http://www.qinghe.gov.test/fzzf/1.html",
    status=200,
    headers=(
        ("Content-Type", "text/html;charset=gbk"),
        ("Content-Encoding", "gzip"),
        ("Content-Length", "44"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    ),
    body=BODY,
    fetched_at=datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
    portal_id="demo-qinghe",
)
CHALLENGE = Capture(
    **{**{f: getattr(CAPTURE, f) for f in ("url", "requested_url", "fetched_at")}},
    status=521,
    headers=(),
    body=b"",
)


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_an_archive_gives_back_bytes_headers_and_time(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write_warc(path, [(7, CAPTURE), (8, CHALLENGE)], gzip=name.endswith("gz")) == 2
    with path.open("rb") as file:
        records = [
            (record, record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
            if record.rec_type == "response"
        ]
    (first, body), (second, nothing) = records
    assert body == BODY and nothing == b""
    assert first.rec_headers.get_header("WARC-Target-URI") == CAPTURE.url
    assert first.rec_headers.get_header("WARC-Date") == "2026-03-01T08:30:00.000000Z"
    assert first.rec_headers.get_header("WARC-Fazhi-Sha256") == CAPTURE.sha256
    assert "gzip" in first.rec_headers.get_header("WARC-Fazhi-Wire-Headers")
    cookies = [value for name, value in first.http_headers.headers if name == "Set-Cookie"]
    assert cookies == ["a=1", "b=2"]
    assert first.http_headers.get_header("Content-Length") == str(len(BODY))
    assert second.http_headers.get_statuscode() == "521"


def test_the_bytes_stand_in_the_archive_as_they_were_captured(tmp_path: Path) -> None:
    write_warc(tmp_path / "a.warc.gz", [(7, CAPTURE)], gzip=True)
    assert BODY in gzip.decompress((tmp_path / "a.warc.gz").read_bytes())


def test_the_archives_digests_are_right(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    write_warc(path, [(7, CAPTURE)], gzip=True)

    class Arguments:
        inputs = (str(path),)
        verbose = False

    checker = Checker(Arguments())
    checker.process_all()
    assert checker.exit_value == 0
