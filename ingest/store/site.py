"""Where one embedded cluster lies: its data directory, its socket and its locks.

    FAZHI_HOME/locks/          start, users, alive
    FAZHI_HOME/postgres/       the cluster, or a link to /var/lib/fazhi/clusters/<name>/postgres
    <beside the cluster>/socket/

As root the server runs as another user. Where that user cannot reach FAZHI_HOME (a home below
/root), the cluster lies in a public place and the link in FAZHI_HOME says where; the link alone
decides, so that a FAZHI_HOME that was deleted never comes back with old data.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import EmbeddedServerError
from ingest.store.home import STATE, make_public_directory
from ingest.store.locks import open_lock
from ingest.store.service_user import ServiceUser, choose_service_user

SOCKET_LIMIT = 100
"""Bytes of a socket's path: the kernel's limit is 104 (macOS) or 108 (Linux)."""
PORT = 5432
"""Names the socket file only; the server listens on no network address."""


@dataclass(frozen=True, slots=True)
class Site:
    """A home prepared for one service user."""

    home: Path
    base: Path
    user: ServiceUser

    @property
    def cluster(self) -> Path:
        """The data directory itself, links resolved."""
        return self.base / "postgres"

    @property
    def log(self) -> Path:
        """The server's log, beside the data it speaks of."""
        return self.cluster / "server.log"

    @property
    def note(self) -> str | None:
        """What is unusual about the place, for ``describe``."""
        if self.base == self.home:
            return None
        return (
            f"the data lie in {self.cluster}, because user {self.user.name} "
            f"cannot reach {self.home}; {self.home / 'postgres'} links to it"
        )

    def lock(self, name: str) -> Path:
        """Path of one of the lock files."""
        return self.home / "locks" / name

    def socket_directory(self) -> Path:
        """Make the private directory of the socket; a short one where the home's path is long."""
        digest = hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:12]
        near = self.base / "socket"
        far = (Path(tempfile.gettempdir()), Path("/tmp"))
        for directory in (near, *(place / f"fazhi-{self.user.uid}-{digest}" for place in far)):
            if _can_hold_socket(directory) and self._make_private(directory):
                return directory
        raise EmbeddedServerError(
            f"no directory for the socket of the embedded PostgreSQL can be made: {near} is too "
            f"long or closed, and so is {far[0]}: set FAZHI_HOME or TMPDIR to a shorter path"
        )

    def _make_private(self, directory: Path) -> bool:
        """Own the directory alone. A stranger's directory or a link of that name is not used."""
        try:
            directory.mkdir(mode=0o700)
        except FileExistsError:
            found = directory.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), self.user.uid):
                return False
        except OSError:
            return False
        directory.chmod(0o700)
        self.user.owns(directory)
        return self.user.reaches(directory)


def _can_hold_socket(directory: Path) -> bool:
    """Short enough, and without a comma, which parts several hosts in an address."""
    length = len(os.fsencode(directory / f".s.PGSQL.{PORT}"))
    return length < SOCKET_LIMIT and "," not in str(directory)


def make_home(home: Path) -> None:
    """Make the home and the directory of its locks; EmbeddedServerError when that cannot be."""
    try:
        if not home.exists():
            if os.geteuid() == 0:
                make_public_directory(home)
            else:
                home.mkdir(parents=True, exist_ok=True)
                home.chmod(0o700)
        (home / "locks").mkdir(mode=0o700, exist_ok=True)
        # Tried by opening: mkdir of what is there passes on a read-only file system.
        os.close(open_lock(home / "locks" / "start"))
    except OSError as error:
        raise EmbeddedServerError(
            f"cannot write in FAZHI_HOME {home} ({error.strerror or error}): set FAZHI_HOME to a "
            "directory you may write in, or FAZHI_DATABASE_URL to a server of your own"
        ) from error


def find_site(home: Path, *, state: Path = STATE) -> Site:
    """Choose the user and decide where the cluster lies. Callers hold the start lock.

    Errors: EmbeddedServerError when there is no place the server's user can reach.
    """
    link = home / "postgres"
    user = choose_service_user(link)
    if link.is_symlink():
        return Site(home, _follow(link), user)
    if not user.other or _open_to(home, user):
        return Site(home, home, user)
    if link.exists():
        raise EmbeddedServerError(
            f"the server's user {user.name} cannot reach {home} any more: "
            "make it and the directories above it enterable (chmod o+x)"
        )
    try:
        return Site(home, _place_elsewhere(home, link, state), user)
    except OSError as error:
        raise EmbeddedServerError(
            f"the server's user {user.name} cannot reach {home}, and {state} cannot be used "
            f"({error.strerror or error}): set FAZHI_HOME to a directory that every user may enter"
        ) from error


def _open_to(home: Path, user: ServiceUser) -> bool:
    """Let the user through our own directory if need be; its parents are not ours to open."""
    if user.reaches(home):
        return True
    found = home.stat()
    if found.st_uid != os.geteuid():
        return False
    home.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)
    return user.reaches(home)


def _place_elsewhere(home: Path, link: Path, state: Path) -> Path:
    make_public_directory(state / "clusters")
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    base = Path(tempfile.mkdtemp(prefix=f"{digest}-", dir=state / "clusters"))
    base.chmod(0o711)
    link.symlink_to(base / "postgres")
    return base


def _follow(link: Path) -> Path:
    base = link.readlink().parent
    if not base.is_dir():
        raise EmbeddedServerError(
            f"{link} points to {base}, which is gone: bring it back, "
            f"or remove {link} to begin with an empty database"
        )
    return base
