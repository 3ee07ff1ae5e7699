"""What became of an article: its pieces, each body, field or removal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from ingest.lines import Item


class Place(StrEnum):
    """What became of a piece of the article."""

    BODY = "body"
    FIELD = "field"
    REMOVED = "removed"


class Piece(NamedTuple):
    """A run of the article. ``name`` is the field, or the rule that removed it ("" for body)."""

    text: str
    place: Place
    name: str = ""
    value: str | None = None


@dataclass(frozen=True)
class Cleaned:
    """The article taken apart. ``items`` are the labelled facts read in it, in page order."""

    pieces: tuple[Piece, ...]
    items: tuple[Item, ...]

    @cached_property
    def paragraphs(self) -> tuple[str, ...]:
        """The body's paragraphs, in order."""
        return tuple(piece.text for piece in self.pieces if piece.place is Place.BODY)

    def field(self, name: str) -> str | None:
        """The first value of a field that a line of its own gives."""
        for piece in self.pieces:
            if piece.place is Place.FIELD and piece.name == name:
                return piece.value
        return None
