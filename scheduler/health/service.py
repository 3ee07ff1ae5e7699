"""The role ``health``: the endpoint, and the watch over sources that fall silent."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from scheduler.health.endpoint import endpoint
from scheduler.health.listener import shown
from scheduler.supervisor import StopSignal
from scheduler.watch.service import Watch
from scheduler.work import Work

CLOSE_WITHIN = 5.0
"""Seconds that questions under way get at a stop."""

log = structlog.get_logger(__name__)


async def tell_health(work: Work, listener: socket.socket | None, stop: StopSignal) -> None:
    """Answer at the listener (None: nowhere) and keep watch, until told to stop."""
    watch = Watch(work)
    async with _answering(work, listener):
        await watch.keep(stop)


@asynccontextmanager
async def _answering(work: Work, listener: socket.socket | None) -> AsyncIterator[None]:
    if listener is None:
        yield
        return
    runner = web.AppRunner(endpoint(work), access_log=None, shutdown_timeout=CLOSE_WITHIN)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        log.info("listening", address=shown(listener), trigger=work.settings.token is not None)
        yield
    finally:
        await runner.cleanup()
