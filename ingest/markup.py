"""The facts of seeds/rules/page.toml: what markup means on portal pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from selectolax.lexbor import LexborNode

from crawler.errors import SeedError
from crawler.seeds import SEEDS
from ingest.rules import read_toml


@dataclass(frozen=True, slots=True)
class Markup:
    """Element names by what they do to lines, and the containers that hold articles."""

    skipped: frozenset[str]
    block: frozenset[str]
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
            skipped=frozenset(markup["skipped"]),
            block=frozenset(markup["block"]),
            leaves=frozenset(markup["leaves"]),
            ids=frozenset(containers["ids"]),
            id_prefixes=tuple(containers["id_prefixes"]),
            classes=frozenset(containers["classes"]),
        )
    except (KeyError, TypeError) as error:
        raise SeedError(f"{path}: {error!r}; correct the file") from None
