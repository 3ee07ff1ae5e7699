"""What this program works with: the versions that the run ledger notes."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata

from crawler.seeds import SEEDS
from ingest.rules import ruleset_version
from ingest.store.runs import Maker
from scheduler.presence import PLACE

DICTIONARY = SEEDS / "dictionary.txt"


@cache
def maker() -> Maker:
    """This process and its versions, as they were when it first asked."""
    return Maker(PLACE, metadata.version("fazhi"), ruleset_version(), _dictionary())


def _dictionary() -> str | None:
    """A short hash of the tokenizer's words; None while there are none."""
    if not DICTIONARY.is_file():
        return None
    return hashlib.sha256(DICTIONARY.read_bytes()).hexdigest()[:12]
