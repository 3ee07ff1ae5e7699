"""Making, starting and stopping one cluster. Callers hold the start lock."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from ingest.errors import EmbeddedServerError
from ingest.store import locks
from ingest.store.binaries import MAJOR, Engine
from ingest.store.presence import SUPERUSER, answering_server, running_server, wait_until_gone
from ingest.store.site import PORT, Site

LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
"""Any UTF-8 locale the system has; letters and order are PostgreSQL's own (builtin C.UTF-8)."""
START_SECONDS = 60
"""Long enough for the recovery after a crash; a plain start takes a tenth of a second."""
ATTEMPTS = 5
"""Starts tried: one killed on the way, or hindered by a dead one's traces, is tried again."""
STOP_SECONDS = 30
LOG_LIMIT = 8 * 2**20
"""Bytes of the server's log above which it is put aside (one old log is kept) at the next start."""

SETTINGS = {
    # Times are turned into local time on our side, so the server needs no time-zone data.
    "timezone": "UTC",
    "log_timezone": "UTC",
    # One machine, no replica: less WAL, and no processes that serve replicas.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "512MB",
    # Fewer processes to start and to end; reads come from the page cache here.
    "io_method": "sync",
    "log_checkpoints": "off",
    "unix_socket_permissions": "0700",
}
"""Written by initdb into postgresql.conf, where an owner may tune them; the rest is default."""


def initialise(site: Site, engine: Engine) -> None:
    """Make the cluster if it is not there: beside its place, then renamed, so never by halves."""
    _check_version(site)
    if (site.cluster / "PG_VERSION").exists():
        return
    for leftover in site.base.glob("postgres.new-*"):
        shutil.rmtree(leftover)
    fresh = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=site.base))
    try:
        site.user.owns(fresh)
        done = site.user.run(_initdb(engine, fresh), seconds=START_SECONDS)
        if done.returncode != 0:
            raise EmbeddedServerError(explain("cannot make", site, done.stdout))
        fresh.rename(site.cluster)
    except subprocess.TimeoutExpired as error:
        raise EmbeddedServerError(explain("cannot make", site, "initdb hangs")) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def start(site: Site, engine: Engine) -> None:
    """Start the server and wait until it takes connections. No process of it may be alive."""
    for _ in range(ATTEMPTS):
        since = _rotate(site.log)
        socket = site.socket_directory()
        _launch(site, engine, socket)
        if _becomes_ready(site):
            return
        output = _read(site.log, since)
        if re.search(r"lock file .* already exists", output):
            # Its number was given to another process; that none of its own is alive, we know.
            _forget_dead_server(site, socket)
        elif _complaints(output):
            break
        # Without a complaint of its own it was killed while it started.
    raise EmbeddedServerError(explain("cannot start", site, output))


def stop(site: Site) -> None:
    """Shut the server down and wait until its last process is gone."""
    for request in (signal.SIGINT, signal.SIGQUIT):  # fast; then immediate, which recovers later
        found = running_server(site)
        if found is not None:
            with suppress(ProcessLookupError):
                os.kill(found.pid, request)
        if wait_until_gone(site, STOP_SECONDS):
            break
    else:
        raise EmbeddedServerError(
            f"the embedded PostgreSQL in {site.cluster} does not stop: see {site.log}"
        )
    if found is not None and found.socket.parent != site.base:
        with suppress(OSError):  # a directory in the common temporary place; empty unless in use
            found.socket.rmdir()


def _initdb(engine: Engine, directory: Path) -> list[str]:
    settings = [f"--set={name}={value}" for name, value in SETTINGS.items()]
    return [
        engine.program("initdb"),
        f"--pgdata={directory}",
        f"--username={SUPERUSER}",
        "--auth=trust",  # who may enter the socket's directory is the one allowed
        "--encoding=UTF8",
        f"--locale={LOCALE}",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-sync",
        "--no-instructions",
        *settings,
    ]


def _launch(site: Site, engine: Engine, socket: Path) -> None:
    alive = locks.try_exclusive(site.lock("alive"))
    if alive is None:
        raise EmbeddedServerError(f"a process of the server in {site.cluster} is still alive")
    log = os.open(site.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        site.user.owns(site.log)
        argv = [engine.program("postgres"), "-D", str(site.cluster), "-k", str(socket)]
        argv += ["-c", "listen_addresses=", "-c", f"port={PORT}"]
        site.user.launch(argv, log=log, keep=alive)
    finally:
        os.close(log)
        os.close(alive)


def _becomes_ready(site: Site) -> bool:
    """True once it takes connections, False when it ended instead."""
    deadline = time.monotonic() + START_SECONDS
    while answering_server(site) is None:
        if locks.is_free(site.lock("alive")):
            return False
        if time.monotonic() > deadline:
            raise EmbeddedServerError(
                f"the embedded PostgreSQL in {site.cluster} has been starting for {START_SECONDS} "
                f"s, perhaps recovering after a crash: see {site.log} and try again later"
            )
        time.sleep(locks.POLL)
    return True


def _forget_dead_server(site: Site, socket: Path) -> None:
    (site.cluster / "postmaster.pid").unlink(missing_ok=True)
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (socket / name).unlink(missing_ok=True)


def _check_version(site: Site) -> None:
    if not site.cluster.exists():
        return
    version = site.cluster / "PG_VERSION"
    if version.exists():
        found = version.read_text(encoding="ascii").strip()
        if found != str(MAJOR):
            raise EmbeddedServerError(
                f"{site.cluster} was made by PostgreSQL {found}, this program brings {MAJOR}: dump "
                f"it with the program that made it and restore, or set FAZHI_HOME to a new place"
            )
    elif any(site.cluster.iterdir()):
        raise EmbeddedServerError(
            f"{site.cluster} is not a PostgreSQL data directory: move it away, "
            "or set FAZHI_HOME to another place"
        )


def _rotate(log: Path) -> int:
    """Keep the log from growing for years; the size it starts with now."""
    size = _size(log)
    if size > LOG_LIMIT:
        log.rename(log.with_suffix(".log.1"))
        return 0
    return size


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def _read(log: Path, since: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as stream:
        stream.seek(since)
        return stream.read(2**20).decode("utf-8", "replace")


def explain(failure: str, site: Site, output: str) -> str:
    """One line: what failed, where, the server's own first complaint, what to do."""
    complaints = _complaints(output)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    reason = complaints[0] if complaints else (lines[-1] if lines else "it said nothing")
    if "No space left on device" in output:
        advice = "free some space, or set FAZHI_HOME to a place on another disk"
    else:
        advice = f"see {site.log}" if site.log.exists() else "set FAZHI_HOME to another place"
    return f"{failure} the embedded PostgreSQL in {site.cluster} ({reason}): {advice}"


def _complaints(output: str) -> list[str]:
    """The server's words on what is wrong, but for those to clients that came too early."""
    found = re.findall(r"(?:FATAL|PANIC|ERROR|error):\s+(.+)", output)
    return [line for line in found if not line.startswith("the database system is")]
