"""Who the embedded server runs as: ourselves, or as root an ordinary user.

PostgreSQL refuses to run as root. The chosen user may not be able to reach what root reaches, so
whoever places files for the server asks ``reaches`` first.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.errors import EmbeddedServerError

CANDIDATES = ("postgres", "nobody")
"""For root: PostgreSQL's own user where a package made one, else the user that owns nothing."""


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """An account of this machine. ``other`` is True when it is not the one we run as."""

    name: str
    uid: int
    gid: int
    other: bool

    def run(self, argv: list[str], *, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a program as this user to its end; its output is one text, its exit code not judged.

        It runs apart from our terminal (Ctrl-C does not reach it), without any ``PG*`` variable
        (they would change the server's settings) and in ``/`` (our directory may be closed to it).
        """
        return subprocess.run(
            argv,
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            timeout=seconds,
            check=False,
            **self._identity(),
        )

    def launch(self, argv: list[str], *, log: int, keep: int) -> None:
        """Start a daemon as this user, writing to ``log`` and inheriting only ``keep``.

        The shell in between ends at once, so that the daemon is the system's child and not ours:
        a dead child of ours would stay a zombie, whose number looks alive.
        """
        subprocess.run(
            ["/bin/sh", "-c", '"$@" &', "sh", *argv],
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=(keep,),
            check=True,
            **self._identity(),
        )

    def _identity(self) -> dict[str, Any]:
        if not self.other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, directory: Path) -> bool:
        """Whether this user can enter the directory, parents included."""
        if not self.other:
            return os.access(directory, os.X_OK)
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(directory)]).returncode == 0

    def owns(self, path: Path) -> None:
        """Give a path to this user."""
        if self.other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def choose_service_user(cluster: Path) -> ServiceUser:
    """Ourselves; as root the owner of the cluster that is there already, else a candidate."""
    if os.geteuid() != 0:
        return ServiceUser(_name(os.geteuid()), os.geteuid(), os.getegid(), other=False)
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return ServiceUser(_name(owner.st_uid), owner.st_uid, owner.st_gid, other=True)
    for name in CANDIDATES:
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServiceUser(name, account.pw_uid, account.pw_gid, other=True)
    raise EmbeddedServerError(
        "PostgreSQL does not run as root, and this machine has no user named "
        f"{' or '.join(CANDIDATES)}: add one, run as an ordinary user, or set FAZHI_DATABASE_URL"
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a container may run under a number without an account
        return str(uid)


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    # On macOS the server refuses to start under a locale it cannot resolve.
    return kept | {"LC_ALL": "C"}
