"""The crawler's log lines: structlog events, handed to the standard library's logging.

The service configures both systems. Without it (plain ``scrapy crawl``) events become short
lines in Scrapy's own log.
"""

from __future__ import annotations

import logging
from typing import Any

import structlog
from structlog.typing import Processor


def teller(name: str, **bound: object) -> Any:
    """A bound structlog logger; ``bound`` is on every line of it."""
    logger = logging.getLogger(name)
    if structlog.is_configured():
        return structlog.wrap_logger(logger).bind(**bound)
    plain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.KeyValueRenderer(key_order=["event"], drop_missing=True),
    ]
    return structlog.wrap_logger(logger, processors=plain).bind(**bound)
