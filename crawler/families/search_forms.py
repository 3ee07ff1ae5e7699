"""A site's own search as its pages show it: a form with one box, or a script that adds the words.

Only what is sent with GET is used: such a search is a link with words in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from crawler.addresses import same_site
from crawler.families.addresses import absolute
from crawler.families.base import ListingRequest, Page

_BOXES = "searchword|searchkey|searchtext|keywords?|query|words?|wd|kw|key|q|qt|title|searchvalue"
_BOX = re.compile(rf"^({_BOXES})$", re.IGNORECASE)
_SCRIPT = re.compile(rf"""["']([^"'\s<>]{{1,300}}[?&](?:{_BOXES})=)["']\s*\+""", re.IGNORECASE)
_ADDED = re.compile(r"""=["']\s*\+""")
"""What every script that adds something has: found, or not, in a tenth of the time."""
_SEARCHES = re.compile(r"search|query|/so?(\?|$|/)|sousuo|jiansuo", re.IGNORECASE)


def form_search(page: Page, words: str) -> ListingRequest | None:
    """The first search of the page's own site that can be asked with GET; None if there is none."""
    found = (*_forms(page, words), *_scripts(page, words))
    return next((ListingRequest(url) for url in found if same_site(url, page.url)), None)


def _forms(page: Page, words: str) -> Iterator[str]:
    for form in page.tree.css("form"):
        method = (form.attributes.get("method") or "get").lower()
        action = absolute(page, form.attributes.get("action") or "")
        box = next(filter(None, map(_box, form.css("input"))), None)
        if method != "get" or not action or not box:
            continue
        hidden = [
            (each.attributes.get("name") or "", each.attributes.get("value") or "")
            for each in form.css("input[type=hidden][name]")
        ]
        parts = urlsplit(action)
        given = [f"{urlencode([pair])}" for pair in (*hidden, (box, words))]
        kept = [pair for pair in parts.query.split("&") if pair and not pair.startswith(f"{box}=")]
        yield urlunsplit(parts._replace(query="&".join([*kept, *given])))


def _box(field: LexborNode) -> str | None:
    name, kind = field.attributes.get("name"), field.attributes.get("type") or "text"
    return name if name and kind in ("text", "search") and _BOX.match(name) else None


def _scripts(page: Page, words: str) -> Iterator[str]:
    if not _ADDED.search(page.text):
        return
    for found in _SCRIPT.finditer(page.text):
        url = absolute(page, found[1])
        if url and _SEARCHES.search(urlsplit(url).path):
            yield url + quote(words)
