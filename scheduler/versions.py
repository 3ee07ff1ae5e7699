"""What this program works with: the versions that the run ledger notes."""

from __future__ import annotations

from functools import cache
from importlib import metadata

from ingest.rules import ruleset_version
from ingest.store.runs import Maker
from ingest.tokens import dictionary_version
from scheduler.presence import PLACE


@cache
def maker() -> Maker:
    """This process and its versions, as they were when it first asked."""
    return Maker(PLACE, metadata.version("fazhi"), ruleset_version(), dictionary_version())
