"""Text as PostgreSQL can hold it."""

from __future__ import annotations

import json
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


def storable_json(value: Any) -> Any:
    """As ``storable`` does with a large JSON value: it is gone through only where there is need."""
    try:
        told = json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return storable(value)
    return storable(value) if b"\\u0000" in told else value
