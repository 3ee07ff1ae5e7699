"""The HTTP endpoint of the service (aiohttp; docs/decisions/0017-health-endpoint.md).

    GET  /livez            200 while this process answers at all
    GET  /readyz           200 when the database answers and its schema is ours, else 503
    GET  /metrics          for Prometheus
    POST /crawl/PORTAL     the HTTP trigger; Authorization: Bearer FAZHI_TOKEN

Every question has its own short connection to the database, taken in a thread: a database that
is away or slow can neither stop this process nor keep it from answering.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from aiohttp import web

from scheduler.health.metrics import CONTENT_TYPE, Exposition
from scheduler.health.readiness import ready
from scheduler.health.trigger import Trigger
from scheduler.trouble import explained
from scheduler.work import Work

BIGGEST_QUESTION = 4096
"""Bytes of a request's body: nothing here reads one."""
ANSWER_WITHIN = 30
"""Seconds for a question to the database."""

KEPT = ("Allow", "WWW-Authenticate")
"""Headers that belong to a refusal."""

log = structlog.get_logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def endpoint(work: Work) -> web.Application:
    """The application; it keeps no state but the last metrics."""
    application = web.Application(middlewares=[_in_one_line], client_max_size=BIGGEST_QUESTION)
    exposition, trigger = Exposition(work.database), Trigger(work)
    application.add_routes(
        [
            web.get("/livez", _alive),
            web.get("/readyz", partial(_ready, work)),
            web.get("/metrics", partial(_metrics, exposition)),
            web.post("/crawl/{portal}", trigger.asked),
        ]
    )
    return application


async def _alive(_request: web.Request) -> web.Response:
    return web.Response(text="alive\n")


async def _ready(work: Work, _request: web.Request) -> web.Response:
    found = await asyncio.wait_for(asyncio.to_thread(ready, work.database), ANSWER_WITHIN)
    return web.json_response(
        {"ready": found.good, "database": found.database, "processes": found.processes},
        status=200 if found.good else 503,
    )


async def _metrics(exposition: Exposition, _request: web.Request) -> web.Response:
    text = await asyncio.wait_for(exposition.text(), ANSWER_WITHIN)
    return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE})


@web.middleware
async def _in_one_line(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong is told to the asker in one line, and never ends the process."""
    try:
        answer = await handler(request)
        answer.headers["Server"] = "fazhi"  # whose version is nobody's business
        return answer
    except web.HTTPException as refusal:
        kept = {name: refusal.headers[name] for name in KEPT if name in refusal.headers}
        return _error(refusal.text or refusal.reason, refusal.status, **kept)
    except TimeoutError:
        return _error("the database did not answer in time", 503)
    except Exception as error:
        if told := explained(error):
            return _error(str(told), 503)
        log.exception("a question could not be answered", path=request.path)
        return _error("a fault of the service; see its log", 500)


def _error(line: str, status: int, **headers: str) -> web.Response:
    return web.json_response({"error": line}, status=status, headers={"Server": "fazhi", **headers})
