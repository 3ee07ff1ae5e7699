"""The rule set: all that the chain needs to know about one kind of report, and its version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crawler.screening import TitleRules
from crawler.seeds import SEEDS
from ingest.checklist import Content, load_contents
from ingest.figures.reader import FigureReader
from ingest.lines import LineReader, load_reader
from ingest.outline import RoleRule, load_roles
from ingest.regions import Gazetteer
from ingest.rules import ruleset_version
from ingest.verdict import BodySigns, load_signs


@dataclass(frozen=True, slots=True)
class Rules:
    """All that the chain needs to know about one kind of report, and its version."""

    kind: str
    version: str
    titles: TitleRules
    reader: LineReader
    roles: tuple[RoleRule, ...]
    signs: BodySigns
    contents: tuple[Content, ...]
    gazetteer: Gazetteer
    figures: FigureReader

    @classmethod
    def load(cls, seeds: Path = SEEDS, kind: str | None = None) -> Rules:
        """The rules of a kind; it need not be named while there is only one. Cached."""
        return _load_rules(seeds, kind)


@cache
def _load_rules(seeds: Path, kind: str | None) -> Rules:
    titles = TitleRules.load(seeds, kind)
    return Rules(
        kind=titles.kind,
        version=ruleset_version(seeds),
        titles=titles,
        reader=load_reader(seeds),
        roles=load_roles(titles.kind, seeds),
        signs=load_signs(titles.kind, seeds),
        contents=load_contents(titles.kind, seeds),
        gazetteer=Gazetteer.load(seeds),
        figures=FigureReader(titles.kind, seeds),
    )
