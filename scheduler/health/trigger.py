"""The HTTP trigger: ``POST /crawl/PORTAL`` queues a visit as the calendar and `fazhi crawl` do."""

from __future__ import annotations

import asyncio
import hmac

import structlog
from aiohttp import web

from crawler.portals import Portal
from ingest.store.database import storage_errors
from ingest.store.portals import read_registry
from scheduler.permission import obstacle
from scheduler.runs import Cause, Request, Visit, request_crawl
from scheduler.work import Work

HOLDER = "holder of FAZHI_TOKEN"
"""Whoever asks: there is one token."""
SCHEME = "Bearer "
OFF = "the trigger is off: set FAZHI_TOKEN and restart the service"

log = structlog.get_logger(__name__)


class Trigger:
    """Answers 202 for a visit that was queued, 200 where one is queued or under way already."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._one_at_a_time = asyncio.Lock()

    async def asked(self, request: web.Request) -> web.Response:
        """403 without a token in our settings, 401 with another one than ours, 404 for a portal
        that nobody knows, 409 for one that is not crawled."""
        self._check(request)
        portal = await asyncio.to_thread(self._portal, request.match_info["portal"])
        if portal.disabled:
            raise web.HTTPConflict(text=f"portal {portal.id} is disabled: {portal.disabled}")
        if hindrance := obstacle(self.work.settings, portal.host):
            raise web.HTTPConflict(text=hindrance)
        answer = await self._queue(portal.id)
        log.info("asked by HTTP", portal=portal.id, **{k: answer[k] for k in ("job", "state")})
        return web.json_response(answer, status=202 if answer["state"] == "queued" else 200)

    def _check(self, request: web.Request) -> None:
        token = self.work.settings.token
        if token is None:
            raise web.HTTPForbidden(text=OFF)
        given = request.headers.get("Authorization", "")
        expected = SCHEME + token
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode()):
            log.warning("wrong token", asker=request.remote, path=request.path)
            raise web.HTTPUnauthorized(
                text="wrong token", headers={"WWW-Authenticate": SCHEME.strip()}
            )

    def _portal(self, name: str) -> Portal:
        database = self.work.database
        with storage_errors(database), database.connect(autocommit=True) as connection:
            portal = read_registry(connection).get(name)
        if portal is None:
            raise web.HTTPNotFound(text="no portal has this id: 'fazhi portals' lists them")
        return portal

    async def _queue(self, portal: str) -> dict[str, object]:
        async with self._one_at_a_time:
            request = await asyncio.to_thread(self._ask, portal)
        return {
            "portal": portal,
            "job": request.job_id,
            "state": request.state.value,
            "run": request.run_id,
            "cause": request.cause,
            "asked_by": request.asked_by,
        }

    def _ask(self, portal: str) -> Request:
        visit = Visit(portal, Cause.HTTP, HOLDER)
        database = self.work.database
        with storage_errors(database), database.connect(autocommit=True) as connection:
            return request_crawl(connection, visit)
