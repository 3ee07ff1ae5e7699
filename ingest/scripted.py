"""Articles kept as a string inside a script, which the page's own script would set into place.

The provincial platform of Guangdong (gkmlpt) serves its articles so, and others keep the state of
their front end in the page: ``"content":"\\u003Cp\\u003E…"``. Nothing is run; the string is read.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

_KEY = re.compile(
    r"""(?:content|body|html|txt|text|detail)["']?\s*[:=]\s*(?=["'])""",
    re.IGNORECASE,
)
_BARE = re.compile(r"""[,(\[]\s*(?=["'])""")
"""Where a string without a name may begin: an argument of the call that makes a state."""
_STRING = {
    '"': re.compile(r'"((?:[^"\\\n]++|\\.)*+)"'),
    "'": re.compile(r"'((?:[^'\\\n]++|\\.)*+)'"),
}
_TAG = re.compile(r"<(?:p|div|span|table|br|section|h[1-6])\b[^<>]*>", re.IGNORECASE)
_HINTS = ("\\u003c", "\\u003C", "\\x3c", "\\x3C", "<p", "<P", "<div", "<DIV", "&lt;p")
_STOPS = ("。", "3002", "12290")
"""The full stop as itself, as an escape or as an entity: one is in each script with an article,
and in hardly any other, and it is looked for much faster than the string is."""
FEWEST_STOPS = 2
"""Full stops that a string must hold to be an article; the markup of a tool bar has none."""
SHORTEST = 60
"""Characters from which a string can be an article with its markup."""


_STATE = re.compile(r"(?:\A|=|\()\s*(?=\{)")
"""Where a script's data may begin: the whole of it, after an assignment, in a call."""
FEW_TRIES = 4
_FACTS = {
    "title": ("title", "articletitle", "infotitle", "doctitle", "contenttitle", "name"),
    "date": (
        "publishtime", "publishdate", "publishedat", "publisheddate", "pubtime", "pubdate",
        "releasetime", "releasedate", "firstpublishtime", "displaypublishtime", "docreltime",
    ),
    "source": ("source", "docsource", "infosource", "contentsource", "sourcename"),
}  # fmt: skip
"""Names under which a state keeps the facts of its article, lower case and without underscores."""
_CHINA = timezone(timedelta(hours=8))


def scripted_article(script: str) -> str | None:
    """The longest string of a script that holds an article's markup, unescaped; None if none."""
    if not any(stop in script for stop in _STOPS):
        return None
    if not any(hint in script for hint in _HINTS):
        return None
    return _longest(script, _KEY) or _longest(script, _BARE)


def _longest(script: str, opening: re.Pattern[str]) -> str | None:
    """The longest article among the strings before which the opening stands."""
    best = ""
    position = 0
    while (key := opening.search(script, position)) is not None:
        match = _STRING[script[key.end()]].match(script, key.end())
        if match is None:
            position = key.end() + 1
            continue
        position = match.end()
        if len(match[1]) >= max(SHORTEST, len(best)):
            text = _unescape(match[1])
            if len(text) > len(best) and _is_article(text):
                best = text
    return best or None


def scripted_facts(script: str, article: str) -> dict[str, str]:
    """What the object that holds the article says of it: ``title``, ``date`` and ``source``.

    Only where the data is JSON, so that it is certain which values belong to the article.
    """
    for begin in list(_STATE.finditer(script))[:FEW_TRIES]:
        try:
            state, _ = json.JSONDecoder(strict=False).raw_decode(script, begin.end())
        except (ValueError, RecursionError):
            continue
        holder = _holder(state, article)
        if holder is not None:
            return _facts_of(holder)
    return {}


def _holder(state: object, article: str) -> Mapping[str, object] | None:
    """The object one of whose values is the article."""
    waiting = [state]
    while waiting:
        value = waiting.pop()
        inner = list(value.values()) if isinstance(value, dict) else value
        if not isinstance(inner, list):
            continue
        texts = (text for text in inner if isinstance(text, str) and len(text) >= SHORTEST)
        if isinstance(value, dict) and any(article in (t, html.unescape(t)) for t in texts):
            return value
        waiting += [part for part in inner if isinstance(part, dict | list)]
    return None


def _facts_of(holder: Mapping[str, object]) -> dict[str, str]:
    named = {key.lower().replace("_", ""): value for key, value in holder.items()}
    facts = {}
    for fact, names in _FACTS.items():
        values = (_text(named.get(name), fact) for name in names)
        if (value := next((text for text in values if text), None)) is not None:
            facts[fact] = value
    return facts


def _text(value: object, fact: str) -> str | None:
    """A value as text; a point of time in seconds or milliseconds as its day in China."""
    if isinstance(value, str):
        return " ".join(value.split()) or None
    if fact != "date" or not isinstance(value, int) or not 10**9 <= value < 10**13:
        return None
    return datetime.fromtimestamp(value if value < 10**11 else value / 1000, _CHINA).isoformat(" ")


def _is_article(text: str) -> bool:
    return _TAG.search(text) is not None and text.count("。") >= FEWEST_STOPS


def _unescape(literal: str) -> str:
    """A script's string literal as text; what is malformed stays as it is written."""
    plain = re.sub(r"\\x([0-9a-fA-F]{2})", r"\\u00\1", literal.replace("\\'", "'"))
    try:
        text = json.loads(f'"{plain}"', strict=False)
    except ValueError:
        try:
            text = json.loads('"' + re.sub(r'(?<!\\)"', r"\"", plain) + '"', strict=False)
        except ValueError:
            text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), plain)
    whole = str(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole if _TAG.search(whole) else html.unescape(whole)
