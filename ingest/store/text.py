"""Text as PostgreSQL can hold it."""

from __future__ import annotations

import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value: Any) -> Any:
    """The value with every character PostgreSQL refuses (NUL, half of a surrogate pair) replaced
    by U+FFFD, one for one, so that offsets stay right. Lists, tuples and dicts are gone through.
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    return value
