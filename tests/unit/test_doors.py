"""The doors between the rooms, as docs/decisions/0001 draws them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("crawler", "ingest", "scheduler")
INGEST_MAY_TAKE = {
    "capture",
    "portals",
    "errors",
    "seeds",
    "screening",
    "challenges",
    "frontier",
    "memory",
    "task",
}
"""Modules of crawler that ingest may import: contracts, and rules that both rooms judge by."""
GUARDED = {
    "scrapy": ("crawler/",),
    "twisted": ("crawler/", "scheduler/crawling.py", "scheduler/workers.py"),
    "apscheduler": ("scheduler/service.py", "scheduler/calendar.py", "scheduler/schedule_file.py"),
    "psycopg": ("ingest/store/", "scheduler/tasks.py"),
    "procrastinate": ("scheduler/",),
    "aiohttp": ("scheduler/health/", "scheduler/watch/"),
    "prometheus_client": ("scheduler/health/",),
    "ahocorasick_rs": ("ingest/figures/words.py",),
    "jieba": ("ingest/tokens.py",),
    "rjieba": ("ingest/tokens.py",),
    "lxml": (),
}
"""Where a library may be imported. Anywhere else it would tie a room to a choice not its own."""
IMPURE = (
    "ingest/store/",
    "ingest/captured.py",
    "ingest/worker.py",
    "ingest/files.py",
    "ingest/reingest.py",
    "ingest/rereading.py",
    "ingest/verifying.py",
)


def _modules() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", list(_modules()), ids=_name)
def test_a_room_imports_only_through_its_doors(path: Path) -> None:
    room = _name(path).split("/")[0]
    for module in _imports(path):
        top, _, rest = module.partition(".")
        if top not in ROOMS or top == room:
            continue
        assert top != "scheduler", f"{_name(path)} imports {module}: nobody imports scheduler"
        assert room != "crawler", f"{_name(path)} imports {module}: crawler knows no other room"
        if room == "ingest":
            taken = rest.split(".")[0]
            assert taken in INGEST_MAY_TAKE, f"{_name(path)} imports {module}"


@pytest.mark.parametrize("path", list(_modules()), ids=_name)
def test_a_library_is_imported_only_where_it_belongs(path: Path) -> None:
    for module in _imports(path):
        allowed = GUARDED.get(module.split(".")[0])
        if allowed is not None:
            assert _name(path).startswith(allowed), f"{_name(path)} imports {module}"


@pytest.mark.parametrize(
    "path", [p for p in _modules() if _name(p).startswith("ingest/")], ids=_name
)
def test_everything_before_the_worker_and_the_store_is_pure(path: Path) -> None:
    if _name(path).startswith(IMPURE):
        return
    taken = [module for module in _imports(path) if module.startswith("ingest.store")]
    assert not taken, f"{_name(path)} imports {taken}"


def test_structlog_is_configured_in_one_place_only() -> None:
    configuring = [
        _name(path)
        for path in _modules()
        if "structlog.configure" in path.read_text(encoding="utf-8")
    ]
    assert configuring == ["scheduler/log.py"]


def test_no_code_knows_the_name_of_a_kind() -> None:
    """A kind of report is a folder of data. (The product bears the first kind's name.)"""
    kinds = [folder.name for folder in (ROOT / "seeds" / "kinds").iterdir()]
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                constants = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
                assert not set(kinds) & set(constants), f"{_name(path)}:{node.lineno}"
