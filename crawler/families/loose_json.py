"""JSON as portals write it, read leniently and never run.

Answers and scripts use single quotes, names without quotes, Python's None, trailing commas,
comments, raw line breaks in strings and placeholders such as ``###py###``. What is no string,
number or known word is kept as the text it is.
"""

from __future__ import annotations

import json
import re
from typing import Any

DEEPEST = 60
"""Levels of nesting. Trees of columns have a dozen; this many is an attack."""

_TOKEN = re.compile(
    r"""(?:\s|/\*(?:[^*]|\*(?!/))*+\*/|//[^\n]*+)*+(?:
      (?P<mark>[{}\[\]:,])
    | "(?P<double>[^"\\]*+(?:\\.[^"\\]*+)*+)"
    | '(?P<single>[^'\\]*+(?:\\.[^'\\]*+)*+)'
    | (?P<word>[^\s{}\[\]:,"']++))""",
    re.DOTALL | re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS = {
    **{"true": True, "True": True, "false": False, "False": False},
    **dict.fromkeys(("null", "None", "undefined", "NaN")),
}


def parse(text: str) -> Any:
    """The value a whole answer is; None if it is no object or list."""
    text = text.strip()
    if text[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        try:
            return read(text)
        except ValueError:
            return None


def read(text: str, start: int = 0) -> Any:
    """The value that begins at ``start``, whatever follows it. ValueError if there is none."""
    return _Reader(text, start).value(DEEPEST)


class _Reader:
    """One reading of one text, token by token."""

    def __init__(self, text: str, start: int):
        self.text = text
        self.at = start

    def value(self, depth: int) -> Any:
        token = self._take()
        if token["mark"] in ("{", "[") and not depth:
            raise ValueError("nested too deep")
        if token["mark"] == "{":
            return self._object(depth - 1)
        if token["mark"] == "[":
            return self._list(depth - 1)
        if token["mark"]:
            raise ValueError(f"{token['mark']!r} where a value should be")
        return _plain(token)

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not self._passed("}"):
            name = self._take()
            if name["mark"] or not self._passed(":"):
                raise ValueError("an object's name without its value")
            key = str(_plain(name))
            found[key] = self.value(depth)
            if not self._passed(",") and not self._next_is("}"):
                raise ValueError("an object that does not end")
        return found

    def _list(self, depth: int) -> list[Any]:
        found: list[Any] = []
        while not self._passed("]"):
            found.append(self.value(depth))
            if not self._passed(",") and not self._next_is("]"):
                raise ValueError("a list that does not end")
        return found

    def _take(self) -> re.Match[str]:
        token = _TOKEN.match(self.text, self.at)
        if not token:
            raise ValueError("the text ends before the value does")
        self.at = token.end()
        return token

    def _next_is(self, mark: str) -> bool:
        token = _TOKEN.match(self.text, self.at)
        return bool(token) and token["mark"] == mark  # type: ignore[index]

    def _passed(self, mark: str) -> bool:
        if not self._next_is(mark):
            return False
        self._take()
        return True


def _plain(token: re.Match[str]) -> Any:
    if token["word"] is None:
        raw = token["double"] if token["double"] is not None else token["single"]
        text = _ESCAPE.sub(_unescaped, raw)
        # Characters beyond \uFFFF are written as two halves; a half alone is no character.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    word = token["word"]
    if _NUMBER.fullmatch(word):
        return float(word) if "." in word else int(word)
    return _WORDS.get(word, word)


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _LETTERS.get(code, code)
