"""Where an export goes: under its final name only when it is whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.export.errors import ExportError


@contextmanager
def whole_file(path: Path, *, force: bool = False) -> Iterator[Path]:
    """A path beside ``path`` to write to. It takes the final name at the end of the block, and is
    removed if the block raises. Errors: ExportError where the name is taken, unless ``force``.
    """
    if path.is_dir():
        raise ExportError(f"{path} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise ExportError(f"{path.parent} is no folder: make it first, or name another place")
    _refuse_taken(path, force)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield unfinished
        _publish(unfinished, path, force)
    finally:
        unfinished.unlink(missing_ok=True)


def _publish(unfinished: Path, path: Path, force: bool) -> None:
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    if force:
        unfinished.replace(path)
        return
    try:
        # Unlike a rename, a link never takes a name that somebody took meanwhile.
        path.hardlink_to(unfinished)
    except FileExistsError:
        _refuse_taken(path, force)
    except OSError:
        _refuse_taken(path, force)  # a file system without links
        unfinished.replace(path)


def _refuse_taken(path: Path, force: bool) -> None:
    if not force and os.path.lexists(path):
        raise ExportError(f"{path} is there already: name another file, or give --force")
