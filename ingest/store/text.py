"""Text as PostgreSQL can hold it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
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


def storable_fields(fields: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Large fields as ``storable`` makes them, and the JSON text of each; they are gone through
    only where there is need."""
    texts = {key: json_text(value) for key, value in fields.items()}
    try:
        told = "".join(texts.values()).encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        told = b"\\u0000"
    if b"\\u0000" not in told:
        return fields, texts
    plain = storable(fields)
    return plain, {key: json_text(value) for key, value in plain.items()}


def json_text(value: Any) -> str:
    """The one JSON text of a value: keys in order, no spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def json_object(texts: Mapping[str, str]) -> str:
    """The ``json_text`` of an object, from those of its values; keys are plain names."""
    return "{" + ",".join([f'"{key}":{texts[key]}' for key in sorted(texts)]) + "}"
