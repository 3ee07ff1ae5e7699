"""What a response is: the page asked for, a fault with a name, or a capture to be kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qsl, urldefrag, urlsplit

from scrapy.http import Response

from crawler.capture import Capture, Finding
from crawler.challenges import challenge, login_wall, soft_404
from crawler.families import Page
from crawler.outcome import Reason
from crawler.reading import Answer
from crawler.text import decode

_FRONT = ("", "/", "/index.html", "/index.htm", "/index.shtml")
_READABLE = ("text/", "application/xhtml", "application/xml", "application/json")


def answer_of(response: Response) -> Answer:
    """A response as the reader takes it."""
    fault = None if response.status == 304 else fault_of(response)
    etag, modified = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
    return Answer(
        url=response.url,
        page=page_of(response) if is_text(response) else None,
        fault=fault,
        unchanged=response.status == 304,
        sent_home=sent_home(response),
        etag=etag.decode("latin-1") if etag else None,
        last_modified=modified.decode("latin-1") if modified else None,
    )


def headers_of(response: Response) -> tuple[tuple[str, str], ...]:
    """Header lines as text."""
    return tuple(_lines(response))


def _lines(response: Response) -> Iterator[tuple[str, str]]:
    for name, values in response.headers.items():
        for value in values:
            yield name.decode("latin-1"), value.decode("latin-1")


def challenge_in(response: Response) -> str | None:
    """The name of the challenge a response is, or None."""
    return challenge(response.status, _lines(response), response.body)


def fault_of(response: Response) -> tuple[Reason, str] | None:
    """Why a response is not the page asked for: (reason, one line); None if it may be."""
    if name := challenge_in(response):
        return Reason.CHALLENGE, f"{name}: answers {response.status} with a challenge"
    if response.status in (404, 410):
        return Reason.NOT_FOUND, f"answers {response.status}"
    if response.status == 429:
        return Reason.RATE_LIMITED, "answers 429: we ask too much"
    if response.status == 401:
        return Reason.LOGIN_WALL, "answers 401: only for those who log in"
    if response.status != 200:
        return Reason.HTTP_ERROR, f"answers {response.status}"
    if sent_home(response):
        return Reason.SOFT_404, "sends to the front page instead"
    if is_text(response):
        return _fault_of_page(response)
    return _fault_of_file(response)


def _fault_of_file(response: Response) -> tuple[Reason, str] | None:
    """A page that comes as a picture, a film or an archive. Documents are welcome anywhere."""
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
    is_page = re.search(r"(\.(s?html?|jsp|aspx?|php)|/|/[^./]*)$", urlsplit(response.url).path)
    if is_page and re.match(r"\s*(image|audio|video|font)/|\s*application/(zip|x-rar)", kind):
        return Reason.WRONG_TYPE, f"a page that comes as {kind.strip()[:60]}"
    return None


def _fault_of_page(response: Response) -> tuple[Reason, str] | None:
    text, path = decode(response.body), urlsplit(response.url).path
    # A notice that one must log in calls itself an error or "系统提示" as often as not.
    if login_wall(path, bool(response.meta.get("redirect_urls")), text):
        return Reason.LOGIN_WALL, "answers 200 and wants us to log in"
    if soft_404(text):
        return Reason.SOFT_404, "answers 200 and says there is no such page"
    return None


def is_text(response: Response) -> bool:
    """True unless the Content-Type names something that is not text."""
    kind = (response.headers.get("Content-Type") or b"text/html").decode("latin-1").lower()
    return kind.strip().startswith(_READABLE)


def page_of(response: Response) -> Page:
    """A response as text, with what was asked: the fragment of the address, the form."""
    request = response.request
    asked, body = (request.url, request.body) if request else (response.url, b"")
    fragment = urldefrag(asked).fragment
    url = f"{response.url}#{fragment}" if fragment else response.url
    return Page(url, decode(response.body), tuple(parse_qsl(body.decode("latin-1"))))


def sent_home(response: Response) -> bool:
    """True if a redirect ended at the site's front page, which is how moved columns often end."""
    asked = response.meta.get("redirect_urls") or []
    if not asked or urlsplit(response.url).path not in _FRONT:
        return False
    return urlsplit(asked[0]).path not in _FRONT


def capture_of(
    response: Response,
    *,
    now: datetime,
    portal_id: str,
    run_id: int | None,
    finding: Finding | None,
) -> Capture:
    """A response as a capture: its bytes untouched, with where and how it was found."""
    asked = response.meta.get("redirect_urls") or [response.url]
    return Capture(
        url=response.url,
        requested_url=asked[0],
        status=response.status,
        headers=headers_of(response),
        body=response.body,
        fetched_at=now,
        portal_id=portal_id,
        run_id=run_id,
        finding=finding,
    )
