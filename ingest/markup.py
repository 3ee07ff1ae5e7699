"""The facts of seeds/rules/page.toml: what markup means on portal pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

from selectolax.lexbor import LexborNode

from crawler.errors import SeedError
from crawler.seeds import SEEDS
from ingest.rules import read_toml


class Deed(IntEnum):
    """What a node does to the lines of a page. From INLINE on it is entered, from BLOCK on it
    begins and ends lines."""

    TEXT = 0
    SKIP = 1
    BREAK = 2
    SCRIPT = 3
    FRAME = 4
    INLINE = 5
    LINK = 6
    BLOCK = 7
    ROW = 8
    CELL = 9


@dataclass(frozen=True, slots=True)
class Markup:
    """Names of nodes by what they do (others are inline), and the containers of articles."""

    deeds: Mapping[str, Deed]
    leaves: frozenset[str]
    ids: frozenset[str]
    id_prefixes: tuple[str, ...]
    classes: frozenset[str]

    def is_container(self, node: LexborNode) -> bool:
        """Whether a content system keeps articles in an element of this id or class."""
        attributes = node.attributes
        identity = attributes.get("id") or ""
        if identity in self.ids or (identity and identity.startswith(self.id_prefixes)):
            return True
        names = attributes.get("class") or ""
        return not self.classes.isdisjoint(names.split())


@cache
def load_markup(seeds: Path = SEEDS) -> Markup:
    """Read seeds/rules/page.toml. Raises SeedError when a list is missing."""
    path = seeds / "rules" / "page.toml"
    data = read_toml(path)
    try:
        markup, containers = data["markup"], data["containers"]
        return Markup(
            deeds=_deeds(markup["skipped"], markup["block"]),
            leaves=frozenset(markup["leaves"]),
            ids=frozenset(containers["ids"]),
            id_prefixes=tuple(containers["id_prefixes"]),
            classes=frozenset(containers["classes"]),
        )
    except (KeyError, TypeError) as error:
        raise SeedError(f"{path}: {error!r}; correct the file") from None


def _deeds(skipped: Iterable[str], block: Iterable[str]) -> dict[str, Deed]:
    deeds = dict.fromkeys(("-comment", "-doctype", "!doctype", "-undef"), Deed.SKIP)
    deeds |= dict.fromkeys(skipped, Deed.SKIP) | dict.fromkeys(block, Deed.BLOCK)
    deeds |= dict.fromkeys(("iframe", "embed", "object", "img"), Deed.FRAME)  # may show a document
    deeds |= {"-text": Deed.TEXT, "br": Deed.BREAK, "script": Deed.SCRIPT, "a": Deed.LINK}
    deeds |= dict.fromkeys(("tr", "dl"), Deed.ROW)
    return deeds | dict.fromkeys(("td", "th", "dt", "dd"), Deed.CELL)
