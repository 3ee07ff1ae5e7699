"""Crawls over real HTTP. A reactor runs once in a process, so each crawl is a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from crawler.simulator import Simulator, start_simulator
from crawler.simulator.here import ServedHere
from crawler.simulator.replies import Reply, Request
from crawler.simulator.server import Server

ROOT = Path(__file__).resolve().parents[2]

CRAWLS = """
import dataclasses, json, sys
from crawler.crawl import crawl_portal, run_in_reactor
from crawler.errors import FazhiError
portals, settings = json.loads(sys.argv[1]), json.loads(sys.argv[2])
async def main():
    outcomes = {}
    for portal in portals:
        try:
            outcome = await crawl_portal(portal, run_id=7, settings=settings)
            outcomes[portal] = dataclasses.asdict(outcome) | {"message": outcome.message}
        except FazhiError as error:
            outcomes[portal] = {"error": type(error).__name__, "message": str(error)}
    return outcomes
import logging; logging.basicConfig(level=logging.INFO)
print(json.dumps(run_in_reactor(main)))
"""


@dataclass(frozen=True)
class Crawl:
    """What became of the crawls of one process: outcomes by portal, captures as stored."""

    outcomes: dict[str, dict[str, Any]]
    home: Path
    stderr: str

    def captures(self, portal: str | None = None) -> list[dict[str, Any]]:
        files = sorted((self.home / "captures").glob("*.json"))
        found = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        return [about for about in found if portal in (None, about["portal_id"])]

    def body(self, about: dict[str, Any]) -> bytes:
        return (self.home / "captures" / about["sha256"]).read_bytes()


def clean_environment(**variables: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FAZHI_")}
    return {**kept, "PYTHONPATH": str(ROOT), **variables}


def crawl_all(portals: list[str], address: str, home: Path, **settings: Any) -> Crawl:
    """Crawl some portals, one after the other, in one process."""
    given = {
        "FAZHI_SIMULATOR": address,
        "FAZHI_DELAY": 0.01,
        "FAZHI_HOME": str(home),
        **settings,
    }
    done = subprocess.run(
        [sys.executable, "-c", CRAWLS, json.dumps(portals), json.dumps(given)],
        capture_output=True,
        env=clean_environment(),
        cwd=home,
        timeout=120,
        check=False,
    )
    stderr = done.stderr.decode()
    assert done.returncode == 0, stderr
    return Crawl(json.loads(done.stdout), home, stderr)


@pytest.fixture(scope="session")
def scrapy() -> Callable[..., subprocess.CompletedProcess[str]]:
    """``python -m scrapy ...`` at the project's root, as a Scrapy user would type it."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "scrapy", *arguments],
            capture_output=True,
            text=True,
            env=clean_environment(**variables),
            cwd=ROOT,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def crawl() -> Callable[..., Crawl]:
    """``crawl(portals, address, home, **settings)``; see ``crawl_all``."""
    return crawl_all


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """The pretend portals of seeds/demo."""
    with start_simulator() as running:
        yield running


@dataclass
class OddPortal:
    """A host that answers what a test says. ``answers`` maps path to Reply or a function."""

    answers: dict[str, Reply | Callable[[Request], Reply]]
    asked: list[str] = field(default_factory=list)

    def reply(self, request: Request) -> Reply:
        self.asked.append(request.target)
        answer = self.answers.get(request.target, Reply(404, b"no"))
        return answer if isinstance(answer, Reply) else answer(request)


class OddWorld(ServedHere):
    """A server of odd portals, and a registry that knows them."""

    def __init__(self, folder: Path):
        self.seeds = folder / "seeds"
        self.home = folder / "home"
        self.home.mkdir()
        (self.seeds / "portals").mkdir(parents=True)
        (self.seeds / "kinds").symlink_to(ROOT / "seeds" / "kinds")
        self.portals: dict[str, Any] = {}
        self.rows: list[str] = []
        super().__init__(Server(self.portals))

    def portal(
        self,
        answers: dict[str, Any],
        *,
        columns: str = "http://www.odd.gov.test/col/",
        base: str = "http://www.odd.gov.test/",
    ) -> OddPortal:
        """Register the portal ``odd``, which answers so."""
        odd = self.portals["www.odd.gov.test"] = OddPortal(answers)
        header = "id,name,level,adcode,base_url,columns,family_hint,quirks,disabled\n"
        row = f"odd,odd,county,,{base},{columns},,,\n"
        (self.seeds / "portals" / "odd.csv").write_text(header + row, encoding="utf-8")
        return odd

    def crawl(self, **settings: Any) -> Crawl:
        """Crawl the portal ``odd``."""
        return crawl_all(["odd"], self.address, self.home, FAZHI_SEEDS=str(self.seeds), **settings)

    def outcome(self, **settings: Any) -> dict[str, Any]:
        return self.crawl(**settings).outcomes["odd"]


@pytest.fixture
def odd_world(tmp_path: Path) -> Iterator[OddWorld]:
    """A portal that misbehaves as a test wants it to."""
    world = OddWorld(tmp_path)
    yield world
    world.stop()


LASTING = """
import pickle
from pathlib import Path
from crawler.frontier import MemoryFrontier
class LastingFrontier(MemoryFrontier):
    @classmethod
    def from_settings(cls, settings, portal_id):
        made = cls()
        made.file = Path(settings["FAZHI_HOME"]) / f"{portal_id}.frontier"
        if made.file.exists():
            made.__dict__.update(pickle.loads(made.file.read_bytes()))
        return made
    async def close(self):
        self.file.write_bytes(pickle.dumps(self.__dict__))
"""


@pytest.fixture
def lasting_world(odd_world: OddWorld) -> OddWorld:
    """An odd world whose crawls remember: each is a process, so the memory is a file."""
    (odd_world.home / "lasting.py").write_text(LASTING, encoding="utf-8")
    return odd_world
