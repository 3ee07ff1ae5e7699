"""Logging, configured once: structlog and the standard library through the same processors.

Lines go to stderr: key=value with colours on a terminal, one JSON object a line otherwise.
``run_context`` puts run_id and portal on every line of a run, in any room.
"""

from __future__ import annotations

import logging
import sys
from contextlib import AbstractContextManager
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

NOISY = (
    "apscheduler",
    "asyncio",
    "filelock",
    "procrastinate",
    "psycopg",
    "scrapy",
    "twisted",
    "urllib3",
    "yoyo",
)
"""Libraries that tell their own inner life at INFO: heard from WARNING on, or all at DEBUG."""
TOLD_BY_US = ("psycopg", "apscheduler")
"""Of these only errors: that the database is away is told once, by scheduler/outage.py, and not at
every attempt to connect."""


def configure_logging(
    log: str, level: str, stream: TextIO | None = None, *, following: bool = False
) -> None:
    """Set up both logging systems. ``log``: auto, console or json; ``level``: debug to error.

    ``following``: the command itself tells how each visit ends, so the crawler need not.
    """
    stream = stream or sys.stderr
    on_terminal = log == "console" or (log == "auto" and stream.isatty())
    shared = _shared(on_terminal)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _run_of_spider],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(on_terminal, colors=stream.isatty()),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    quiet = logging.WARNING if level == "info" else logging.NOTSET
    for name in NOISY:
        logging.getLogger(name).setLevel(quiet)
    if quiet:
        for name in TOLD_BY_US:
            logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("crawler").setLevel(logging.CRITICAL if following else logging.NOTSET)
    logging.captureWarnings(True)


def run_context(run_id: int, portal: str) -> AbstractContextManager[None]:
    """Every line written within carries run_id and portal."""
    return structlog.contextvars.bound_contextvars(run_id=run_id, portal=portal)


def _shared(on_terminal: bool) -> list[Processor]:
    stamp = structlog.processors.TimeStamper(
        fmt="%H:%M:%S" if on_terminal else "iso", utc=not on_terminal
    )
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        stamp,
    ]


def _rendering(on_terminal: bool, *, colors: bool) -> list[Processor]:
    if on_terminal:
        return [structlog.dev.ConsoleRenderer(colors=colors)]
    return [
        structlog.processors.dict_tracebacks,
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    ]


def _run_of_spider(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Twisted shares timers between crawls, so a line's context may be another crawl's:
    where Scrapy names the spider that speaks, the spider is right."""
    spider = getattr(event.get("_record"), "spider", None)
    if spider is None:
        return event
    for key in ("run_id", "portal"):
        value = getattr(spider, key, None)
        if value is not None:
            event[key] = getattr(value, "id", value)
    return event
