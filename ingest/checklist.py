"""The contents that the law asks a report for: which of them are there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crawler.errors import SeedError
from crawler.seeds import SEEDS
from ingest.outline import RoleRule
from ingest.records import Role, Section
from ingest.rules import read_toml

LONGEST_HEADING = 25
"""Characters of a line that may be a heading without a number."""
END = frozenset("。；！？;!?：:，,、")


@dataclass(frozen=True, slots=True)
class Content:
    """One content due: there if a section has the role, or if the body matches the pattern."""

    id: str
    role: Role | None
    pattern: re.Pattern[str]


@cache
def load_contents(kind: str, seeds: Path = SEEDS) -> tuple[Content, ...]:
    """Read seeds/kinds/<kind>/checklist.toml. Raises SeedError naming the entry."""
    path = seeds / "kinds" / kind / "checklist.toml"
    contents = []
    for entry in read_toml(path).get("content", []):
        try:
            role = Role(entry["role"]) if "role" in entry else None
            contents.append(Content(entry["id"], role, re.compile(entry["pattern"])))
        except (KeyError, ValueError, re.error) as error:
            raise SeedError(f"{path}: content {entry.get('id')!r}: {error!r}; correct it") from None
    return tuple(contents)


def checklist(
    paragraphs: Sequence[str],
    sections: Sequence[Section],
    roles: Sequence[RoleRule],
    contents: Sequence[Content],
) -> tuple[tuple[str, bool], ...]:
    """(id, whether it is there) of each content due, in file order.

    A section's role tells, or a heading without a number, or the words of the body.
    """
    seen = {section.role for section in sections}
    headings = [
        text for text in paragraphs if len(text) <= LONGEST_HEADING and text[-1:] not in END
    ]
    seen |= {
        rule.role
        for rule in roles
        if not rule.unheaded and any(rule.pattern.search(text) for text in headings)
    }
    body = "\n".join(paragraphs)
    return tuple(
        (content.id, content.role in seen - {None} or bool(content.pattern.search(body)))
        for content in contents
    )
