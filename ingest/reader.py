"""The reader of one page's lines: what it is asked, and that it is asked only once.

A line is read to tell furniture from paragraphs, as a cell of an index table, and for facts around
the article: four times in all, if it were not remembered. It is forgotten with the page.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol

from ingest.lines import Item
from ingest.rules import LineRule


class Reader(Protocol):
    """What reads a page's lines."""

    def label(self, text: str) -> LineRule | None: ...
    def read(self, text: str) -> tuple[Item, ...]: ...
    def facts(self, text: str) -> tuple[Item, ...]: ...
    def unglue(self, text: str) -> tuple[str, str, str]: ...


class PageReader:
    """A reader for one page, which reads a line once."""

    def __init__(self, reader: Reader) -> None:
        self.label = cache(reader.label)
        self.read = cache(reader.read)
        self.facts = reader.facts
        self.unglue = reader.unglue
