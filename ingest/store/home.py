"""FAZHI_HOME: the directory that holds everything this machine keeps for the service."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs

STATE = Path("/var/lib/fazhi")
"""Where root keeps state; every user may traverse it (Filesystem Hierarchy Standard, /var/lib)."""


def find_home(home: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The absolute data directory: the argument, else ``FAZHI_HOME``, else the user's default.

    The default is the platform's user data directory, and for root ``/var/lib/fazhi``: the server
    runs as another user then, who could not reach a home below ``/root``. Nothing is created.
    """
    chosen = home or (Path(environ["FAZHI_HOME"]) if environ.get("FAZHI_HOME") else None)
    if chosen is None:
        chosen = STATE if os.geteuid() == 0 else platformdirs.user_data_path("fazhi")
    return chosen.expanduser().absolute()


def make_public_directory(path: Path) -> None:
    """Make a directory and its missing parents so that every user may enter, whatever the umask."""
    for missing in reversed([step for step in (path, *path.parents) if not step.exists()]):
        missing.mkdir(exist_ok=True)
        missing.chmod(0o755)
