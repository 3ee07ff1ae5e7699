"""The embedded PostgreSQL: one server for all processes that use one FAZHI_HOME.

Three locks in FAZHI_HOME/locks hold it together, and the kernel frees each when its holder dies:

    start   exclusive   whoever starts, stops or looks whether the server is alive
    users   shared      every process that uses the server, for as long as it does
    alive   exclusive   the server's own processes, by inheritance (cluster.py)

The last user out stops the server. A server whose last user was killed with -9 stays until the
next user leaves.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from ingest.errors import EmbeddedServerError
from ingest.store import cluster, locks, presence
from ingest.store.binaries import Engine, find_engine
from ingest.store.home import STATE
from ingest.store.site import Site, find_site, make_home
from ingest.store.sql import load_queries

SQL = load_queries("database")
DATABASE = "fazhi"
TURN_SECONDS = 150
"""How long to wait for the start lock: longer than a start with recovery and a stop together."""


class EmbeddedServer:
    """A process's share in the embedded server: ``join`` before use, ``leave`` after.

    ``state`` is the public place for what the server's user must reach (root only), ``engine``
    the installation to run; both are for tests. All methods raise EmbeddedServerError.
    """

    def __init__(self, home: Path, *, state: Path = STATE, engine: Engine | None = None) -> None:
        self.home = home
        self._state = state
        self._engine = engine
        self._users: int | None = None
        self._site: Site | None = None
        self._socket: Path | None = None

    @property
    def site(self) -> Site:
        """Where the cluster lies; known once joined."""
        if self._site is None:
            raise EmbeddedServerError("the embedded PostgreSQL is not in use: join it first")
        return self._site

    def url(self, database: str = DATABASE) -> str:
        """A libpq URI of a database of this server. It may change when the server starts again."""
        if self._socket is None:
            raise EmbeddedServerError("the embedded PostgreSQL is not in use: join it first")
        return presence.server_url(self._socket, database)

    def join(self) -> None:
        """Count this process as a user and see that the server runs."""
        make_home(self.home)
        with self._turn():
            self._site = find_site(self.home, state=self._state)
            if self._users is None:
                self._users = locks.take_shared(self.site.lock("users"))
            try:
                self._see_that_it_runs()
            except BaseException:
                self._leave()
                raise

    @classmethod
    def taken_over(cls, home: Path, share: int, *, state: Path = STATE) -> EmbeddedServer:
        """The share that was handed over: to leave, and no more than that."""
        server = cls(home, state=state)
        server._site, server._users = find_site(home, state=state), share
        return server

    def hand_over(self) -> int:
        """Keep the share beyond ``exec``: a descriptor, which the program that follows gives to
        ``taken_over``. This object has none any more."""
        if self._users is None:
            raise EmbeddedServerError("the embedded PostgreSQL is not in use: join it first")
        share, self._users = self._users, None
        os.set_inheritable(share, True)
        return share

    def ensure_running(self) -> None:
        """Start the server again if it died."""
        with self._turn():
            self._see_that_it_runs()

    def leave(self) -> None:
        """Stop using the server; the last user stops it. A home deleted meanwhile is no error."""
        if self._users is None:
            return
        if not self.site.lock("start").exists():
            os.close(self._users)
            self._users = None
            return
        with self._turn():
            self._leave()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        try:
            with locks.exclusive(self.home / "locks" / "start", seconds=TURN_SECONDS):
                yield
        except OSError as error:
            raise EmbeddedServerError(
                f"cannot use FAZHI_HOME {self.home} for the embedded PostgreSQL ({error}): set it "
                "to a directory of your own on a local disk with some space"
            ) from error

    def _leave(self) -> None:
        users, self._users = self._users, None
        if users is not None:
            # Closed, not unlocked: a forked child that shares the descriptor still counts.
            os.close(users)
        alone = locks.is_free(self.site.lock("users"))
        if alone and not locks.is_free(self.site.lock("alive")):
            cluster.stop(self.site)

    def _see_that_it_runs(self) -> None:
        deadline = time.monotonic() + cluster.START_SECONDS
        while not locks.is_free(self.site.lock("alive")):
            if self._answers():
                return
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"the embedded PostgreSQL in {self.site.cluster} runs but does not answer: "
                    f"see {self.site.log}, end its processes and try again"
                )
            time.sleep(locks.POLL)
        self._start()

    def _answers(self) -> bool:
        found = presence.answering_server(self.site)
        if found is not None:
            self._socket = found.socket
        return found is not None

    def _start(self) -> None:
        engine = (self._engine or find_engine()).readable_for(self.site.user, state=self._state)
        cluster.initialise(self.site, engine)
        cluster.start(self.site, engine)
        if not self._answers():
            raise EmbeddedServerError(
                f"the embedded PostgreSQL in {self.site.cluster} ended at once: see {self.site.log}"
            )
        try:
            self._make_database()
        except psycopg.Error as error:
            raise EmbeddedServerError(
                cluster.explain("cannot make the database of", self.site, f"ERROR: {error}")
            ) from error

    def _make_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute(SQL["find_database"], {"name": DATABASE}).fetchone()
            if found is None:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
