"""Signs: patterns that are looked for only where a word stands that every match of them has.

Most pages have none of the dozens of things that are looked for on each. To look for a word takes a
hundredth of what a pattern takes that begins with any quotation mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import AnyStr, Generic


@dataclass(frozen=True, slots=True)
class Sign(Generic[AnyStr]):
    """A pattern, and words of which every match has one."""

    pattern: re.Pattern[AnyStr]
    words: tuple[AnyStr, ...]

    def search(self, text: AnyStr) -> re.Match[AnyStr] | None:
        """The first match, as a pattern gives it."""
        return self.pattern.search(text) if self.may_be_in(text) else None

    def finditer(self, text: AnyStr) -> Iterator[re.Match[AnyStr]]:
        """All matches, as a pattern gives them."""
        return self.pattern.finditer(text) if self.may_be_in(text) else iter(())

    def may_be_in(self, text: AnyStr) -> bool:
        """Whether one of the words is there."""
        return any(word in text for word in self.words)


def sign(pattern: AnyStr, *words: AnyStr, flags: int = 0) -> Sign[AnyStr]:
    """A Sign from the pattern's text."""
    return Sign(re.compile(pattern, flags), words)
