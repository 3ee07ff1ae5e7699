"""What one process of the service has to work with, and has in hand."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from crawler.errors import FazhiError
from ingest.errors import StorageError
from ingest.store.database import Database
from scheduler.config import Settings

if TYPE_CHECKING:
    from procrastinate.jobs import Job

log = structlog.get_logger(__name__)


class TakenOverError(FazhiError):
    """This process stood still for so long that others took over its runs."""

    exit_code = 3


class Hands:
    """What a worker process has in hand. ``trouble`` is set when the database's trouble stops a
    job: the worker waits until it is over."""

    def __init__(self) -> None:
        self.jobs: dict[int, int | None] = {}
        """Jobs taken up by this process, each with the worker it was taken up as. They stay: one
        whose end could not be noted is given back once the database answers again."""
        self.ingesting = False
        self.error: StorageError | None = None
        self.trouble = asyncio.Event()

    @contextmanager
    def holding(self, job: Job, *, ingesting: bool = False) -> Iterator[None]:
        """While a job is done."""
        assert job.id is not None
        self.jobs[job.id] = job.worker_id
        self.ingesting = self.ingesting or ingesting
        try:
            yield
        except StorageError as error:
            self.error = error
            self.trouble.set()
            raise
        except TakenOverError as error:
            log.error("starting anew", why=str(error))
            os._exit(error.exit_code)  # none of its jobs is its own any more
        finally:
            self.ingesting = self.ingesting and not ingesting


@dataclass(frozen=True, slots=True)
class Work:
    """What tasks need of the process they run in."""

    settings: Settings
    database: Database
    hands: Hands = field(default_factory=Hands)
