"""Blocks: the lines of a page in reading order, as a browser would show them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_ORDINARY = " \t\r\n\f\v"
_SPACE = re.compile(rf"[{_ORDINARY}]+")
_SOURCE_BREAK = re.compile(r"(?<![ \t])[ \t]*+\r?\n[ \t\r\n]*+")
_CJK_BREAK = re.compile(r"(?<=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])\n(?=[\u2e80-\u9fff])")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f]")


class Block(NamedTuple):
    """One line of the page. ``element``, ``row`` and ``cell`` index the page's elements.

    ``row`` and ``cell`` are -1 outside of tables.
    ``linked`` counts the characters inside links. ``seamed`` is the text with a space wherever one
    inline element ends and another begins: what stands apart on the screen by style alone.
    ``prose`` counts the characters that are running text (see prose.py), told once for all.
    """

    text: str
    tag: str
    element: int
    row: int
    cell: int
    linked: int
    seamed: str = ""
    prose: int = 0


def fold(text: str) -> str:
    """Characters as printed, with the source's line breaks and indents folded as a browser does.

    A line break of the source between two ideographs is no space: nobody sees one there.
    """
    plain = text.strip()
    if plain.isprintable() and "  " not in plain:  # so are most lines, and this is quick to see
        return plain
    text = _INVISIBLE.sub("", text)
    if "\n" in text:
        text = _CJK_BREAK.sub("", _SOURCE_BREAK.sub("\n", text))
    return fold_spaces(text.replace("\xa0", " ")).strip()


def fold_spaces(text: str) -> str:
    """Runs of ordinary white space made one space; ideographic spaces stay."""
    return _SPACE.sub(" ", text)


def fold_seams(pieces: Sequence[str]) -> str:
    """The pieces of a line folded, with a space at each seam between them."""
    shown = [stripped for piece in pieces if (stripped := piece.strip(_ORDINARY))]
    text = " ".join(shown).strip()
    if text.isprintable() and "  " not in text:  # as in ``fold``
        return text
    return fold(fold_spaces(" ".join(pieces)))
