"""One visit of one portal, told to the run ledger from beginning to end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from crawler.errors import SeedError, SettingError
from crawler.outcome import CrawlOutcome, Reason
from crawler.portals import Portal, row_of
from ingest.errors import DatabaseUnavailableError, StorageError
from ingest.store import runs as ledger
from ingest.store.database import Database, storage_errors
from ingest.store.portals import read_portal
from scheduler.config import Settings
from scheduler.log import run_context
from scheduler.permission import obstacle
from scheduler.presence import PLACE
from scheduler.runs import Cause
from scheduler.sql import load
from scheduler.trouble import explained
from scheduler.versions import maker
from scheduler.work import TakenOverError

SINK = "ingest.store.captures.DatabaseSink"
MEMORY = "ingest.store.memory.DatabaseMemory"
FRONTIER = "ingest.store.frontier.DatabaseFrontier"
SQL = load("ledger")
STOPPED = ("interrupted", "the worker was told to stop; the job is queued again")

log = structlog.get_logger(__name__)


class NotWanted(Exception):  # noqa: N818  # it is no error
    """A visit that came due is not to be made."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be visited, and why: ``cause`` is how it came about, ``asked_by`` who asked,
    ``slot`` the due time, if any; ``sweep`` asks to look at everything.

    What the calendar asked for is checked again when its turn comes, for the operator may have
    decided otherwise since; a person at a keyboard is taken at their word.
    """

    portal: str
    cause: str
    slot: datetime | None
    job_id: int | None
    asked_by: str | None = None
    sweep: bool = False


async def crawl_and_record(database: Database, settings: Settings, order: Order) -> str:
    """Crawl in the running reactor. Returns the reason the run ended with.

    What goes wrong at a portal is an outcome; what is wrong on our side (FazhiError) is a failed
    run; anything else is recorded and raised, for it is a defect. StorageError is raised too: the
    visit is to be made again once the database is well.
    """
    try:
        portal, run_id = await asyncio.to_thread(_begin, database, settings, order)
    except DatabaseUnavailableError:
        raise
    except (StorageError, NotWanted) as error:
        log.warning("run not begun", portal=order.portal, slot=order.slot, detail=str(error))
        return "not_begun"
    with run_context(run_id, order.portal):
        log.info("run begins", cause=order.cause, slot=order.slot, job=order.job_id)
        try:
            outcome = await _crawl(database, settings, portal, run_id, sweep=order.sweep)
        except asyncio.CancelledError:
            _fail(database, run_id, STOPPED)
            raise
        except TakenOverError:
            raise
        except Exception as error:
            told = explained(error)
            await asyncio.to_thread(_fail, database, run_id, _as_failure(told or error))
            log.error("run failed", detail=str(told or error))
            if told is None or isinstance(told, StorageError):
                raise
            return type(told).__name__
        await asyncio.to_thread(_finish, database, run_id, outcome)
        log.info("run ends", state=outcome.state, reason=outcome.reason, new=outcome.new_captures)
        if outcome.reason == Reason.STORAGE:
            raise StorageError(outcome.message)
        return outcome.reason


async def _crawl(
    database: Database, settings: Settings, portal: Portal, run_id: int, *, sweep: bool
) -> CrawlOutcome:
    from crawler.crawl import crawl_portal  # Scrapy takes half a second to load

    async def tell(counted: CrawlOutcome) -> None:
        if not await asyncio.to_thread(_tell, database, run_id, counted):
            raise TakenOverError(
                f"run {run_id} was taken over by another worker while this process stood still"
            )

    given = scrapy_settings(settings, portal, sweep=sweep)
    return await crawl_portal(portal.id, run_id=run_id, settings=given, tell=tell)


def scrapy_settings(settings: Settings, portal: Portal, *, sweep: bool) -> dict[str, object]:
    """Our settings in Scrapy's terms: captures go to the database, and so the portal comes from
    it; whether a disabled one is visited has been decided by whoever ordered it."""
    row = row_of(replace(portal, disabled=None))
    rooms = {"FAZHI_SINK": SINK, "FAZHI_MEMORY": MEMORY, "FAZHI_FRONTIER": FRONTIER}
    return {**rooms, "FAZHI_PORTAL": row, "FAZHI_SWEEP": sweep, **settings.environment()}


def close_broken_runs(database: Database, portal: str) -> None:
    """End what the ledger still takes for running. Only for who holds the portal's lock: then it
    can only be the run of a worker that was killed."""
    with storage_errors(database), database.connect() as connection:
        connection.execute(SQL["close_broken_runs"], {"portal": portal, "now": _now()})


def _begin(database: Database, settings: Settings, order: Order) -> tuple[Portal, int]:
    close_broken_runs(database, order.portal)
    with storage_errors(database), database.connect() as connection:
        portal = read_portal(connection, order.portal)
        if portal is None:
            raise StorageError(f"the database knows no portal {order.portal!r}: run fazhi migrate")
        if order.cause == Cause.SCHEDULE:
            _check_still_wanted(portal, settings)
        return portal, ledger.begin_run(
            connection,
            order.portal,
            cause=order.cause,
            asked_by=order.asked_by,
            slot=order.slot,
            sweep=order.sweep,
            job_id=order.job_id,
            maker=maker(),
            now=_now(),
        )


def _check_still_wanted(portal: Portal, settings: Settings) -> None:
    if portal.disabled:
        raise NotWanted(f"disabled: {portal.disabled}")
    if hindrance := obstacle(settings, portal.host):
        raise NotWanted(hindrance)


def _tell(database: Database, run_id: int, counted: CrawlOutcome) -> bool:
    with storage_errors(database), database.connect() as connection:
        return ledger.tell_run(connection, run_id, counted, worker=PLACE, now=_now())


def _finish(database: Database, run_id: int, outcome: CrawlOutcome) -> None:
    with storage_errors(database), database.connect() as connection:
        ledger.finish_run(
            connection,
            run_id,
            state=outcome.state,
            reason=outcome.reason,
            detail=outcome.message,
            requests=outcome.requests,
            listings=outcome.listings,
            entries=outcome.entries,
            articles=outcome.articles,
            new_captures=outcome.new_captures,
            failures=outcome.failures,
            retries=outcome.retries,
            families=outcome.families,
            sweep=outcome.sweep,
            worker=PLACE,
            now=_now(),
        )


def _fail(database: Database, run_id: int, failure: tuple[str, str]) -> None:
    with storage_errors(database), database.connect() as connection:
        ledger.fail_run(connection, run_id, *failure, _now(), worker=PLACE)


def _as_failure(error: Exception) -> tuple[str, str]:
    kinds = ((SettingError, "setting"), (SeedError, "seed"), (StorageError, "storage"))
    reason = next((name for kind, name in kinds if isinstance(error, kind)), "internal_error")
    return reason, " ".join(f"{type(error).__name__}: {error}".split())


def _now() -> datetime:
    return datetime.now(UTC)
