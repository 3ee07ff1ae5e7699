"""Logging: one stream, one form, for structlog and the standard library."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

from scheduler.log import configure_logging, run_context


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)
    structlog.reset_defaults()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_both_logging_systems_write_json_lines_with_the_run_on_them() -> None:
    stream = io.StringIO()
    configure_logging("auto", "info", stream)
    with run_context(7, "demo-qinghe"):
        structlog.get_logger("ingest.worker").info("stored", 标题="报告")
        logging.getLogger("crawler.spiders.portal").info("fetched %d pages", 3)
    first, second = lines(stream)
    assert first["event"] == "stored"
    assert first["标题"] == "报告"
    assert second["event"] == "fetched 3 pages"
    for line in (first, second):
        assert line["run_id"] == 7
        assert line["portal"] == "demo-qinghe"
        assert line["level"] == "info"
        assert line["timestamp"].endswith("Z")
    assert "标题" in stream.getvalue()


def test_lines_after_a_run_do_not_carry_it() -> None:
    stream = io.StringIO()
    configure_logging("json", "info", stream)
    with run_context(7, "demo-qinghe"):
        pass
    structlog.get_logger().info("idle")
    assert "run_id" not in lines(stream)[0]


def test_a_terminal_gets_key_value_lines() -> None:
    stream = Terminal()
    configure_logging("auto", "info", stream)
    structlog.get_logger().info("stored", count=3)
    assert "count" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_libraries_are_quiet_at_info_and_heard_at_warning_and_at_debug() -> None:
    stream = io.StringIO()
    configure_logging("json", "info", stream)
    for name in ("scrapy.core.engine", "procrastinate.worker", "yoyo", "twisted"):
        logging.getLogger(name).info("inner life")
        logging.getLogger(name).warning("trouble")
    assert [line["event"] for line in lines(stream)] == ["trouble"] * 4
    stream = io.StringIO()
    configure_logging("json", "debug", stream)
    logging.getLogger("scrapy.core.engine").info("inner life")
    assert lines(stream)[0]["event"] == "inner life"


def test_an_exception_is_one_json_line() -> None:
    stream = io.StringIO()
    configure_logging("json", "info", stream)
    try:
        raise ValueError("bad page")
    except ValueError:
        logging.getLogger("x").exception("failed")
    (line,) = lines(stream)
    assert line["exception"][0]["exc_type"] == "ValueError"


def test_a_line_that_names_its_spider_carries_the_spiders_run() -> None:
    stream = io.StringIO()
    configure_logging("json", "info", stream)
    spider = SimpleNamespace(run_id=9, portal=SimpleNamespace(id="demo-b"))
    with run_context(7, "demo-a"):
        logging.getLogger("scrapy.core").warning("slow", extra={"spider": spider})
    (line,) = lines(stream)
    assert (line["run_id"], line["portal"]) == (9, "demo-b")
