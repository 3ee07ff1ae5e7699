"""Captures and records to store; all of it invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from stand_in import Chain

from crawler.capture import Capture, Finding
from crawler.portals import Column, Portal
from ingest.records import Attachment, Contact, Record, Region, Removal, Role, Section, Verdict
from ingest.store.database import Database
from ingest.store.portals import sync_portals

START = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
PORTAL = Portal(
    id="demo-qinghe",
    name="清河县人民政府",
    level="county",
    adcode="130534",
    base_url="http://www.qinghe.gov.test/",
    columns=(Column("http://www.qinghe.gov.test/fzzf/"),),
)
BODY = """2025年,清河县全面推进法治建设。
一、主要成效
办理行政复议案件12件。
二、下一步打算
继续努力。"""


def make_capture(
    path: str | None = "fzzf/1.html", body: bytes = b"<html>report</html>", days: float = 0
) -> Capture:
    """A response fetched some days after START; a file when ``path`` is None."""
    if path is None:
        return Capture(None, None, 200, (), body, START, file_name="report.txt")
    url = f"http://www.qinghe.gov.test/{path}"
    return Capture(
        url=url,
        requested_url=url,
        status=200,
        headers=(("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
        body=body,
        fetched_at=START + timedelta(days=days),
        portal_id=PORTAL.id,
        finding=Finding("http://www.qinghe.gov.test/fzzf/", "法治政府建设报告", "2026-01-20"),
    )


def make_record(**changes: Any) -> Record:
    """A report of the county, or what ``changes`` make of it."""
    offset = BODY.index("一、")
    fields: dict[str, Any] = {
        "input": "1.html",
        "url": "http://www.qinghe.gov.test/fzzf/1.html",
        "kind": "fazhi",
        "verdict": Verdict.REPORT,
        "verdict_reason": "title.yearly",
        "title": "清河县2025年度法治政府建设情况报告",
        "report_year": 2025,
        "issuer": "清河县人民政府",
        "region": Region("130534", "清河县", ("河北省", "邢台市", "清河县"), "county"),
        "published_at": "2026-01-20",
        "signed_on": "2026-01-18",
        "document_number": "清政发〔2026〕3号",
        "contacts": (Contact("范小明", "85112349"), Contact(None, "12345")),
        "attachments": (Attachment("报告全文.pdf", "/files/1.pdf"),),
        "body": BODY,
        "removed": (Removal("share-bar", "分享到"),),
        "sections": (
            Section(1, "一", "主要成效", Role.ACHIEVEMENTS, offset, offset + 19),
            Section(1, "二", "下一步打算", Role.PLAN, offset + 19, len(BODY)),
        ),
        "why": (("title", "the article"),),
    }
    return Record(**{**fields, **changes})


@pytest.fixture
def connection(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """A connection to an empty database that knows the portal of the captures."""
    with database.connect() as opened:
        sync_portals(opened, [PORTAL])
        opened.commit()
        yield opened


@pytest.fixture
def capture() -> Callable[..., Capture]:
    return make_capture


@pytest.fixture
def record() -> Callable[..., Record]:
    return make_record


@pytest.fixture
def portal() -> Portal:
    return PORTAL


@pytest.fixture
def chain(record: Any) -> Chain:
    return Chain(record)
