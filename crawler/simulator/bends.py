"""Ways to bend a good reply. Bodies are our own; statuses and signs are those seen in the field."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace

from crawler.simulator.deliveries import Deliver
from crawler.simulator.faults import Bend, FaultyPortal, struck
from crawler.simulator.replies import GONE, PretendPortal, Reply, Request


def page(text: str, status: int = 200, *headers: tuple[str, str]) -> Reply:
    """A small answer."""
    return Reply(status, text.encode(), "text/html; charset=utf-8", headers)


def to(where: str, *headers: tuple[str, str]) -> Reply:
    """A redirect."""
    return Reply(302, b"", headers=(("Location", where), *headers))


def always(reply: Reply) -> Bend:
    """The same answer to everything."""
    return lambda portal, request, good: reply


def sent(deliver: Deliver) -> Bend:
    """The good answer for the victim, sent badly."""
    return struck(lambda portal, good: replace(good, deliver=deliver))


def instead(reply: Reply) -> Bend:
    """Another answer for the victim."""
    return struck(lambda portal, good: reply)


def packed(body: bytes) -> Bend:
    """A body for the victim that claims to be gzip."""
    return instead(Reply(200, body, headers=(("Content-Encoding", "gzip"),)))


def rewritten(pattern: str, by: str) -> Bend:
    """Every listing page, rewritten."""

    def bend(portal: FaultyPortal, request: Request, good: Reply) -> Reply:
        if request.target not in (portal.listing, portal.second_page):
            return good
        text = good.body.decode(portal.site.look["charset"])
        return replace(good, body=re.sub(pattern, by, text).encode(portal.site.look["charset"]))

    return bend


def gzip_cut(portal: FaultyPortal, good: Reply) -> Reply:
    """Half of the packed body, of the right length."""
    body = gzip.compress(good.body)
    return replace(good, body=body[: len(body) // 2], headers=(("Content-Encoding", "gzip"),))


def charset_lie(portal: FaultyPortal, request: Request, good: Reply) -> Reply:
    """A header that names another charset."""
    return replace(good, content_type="text/html; charset=iso-8859-1")


def duplicates(portal: FaultyPortal, request: Request, good: Reply) -> Reply:
    """The listing again under other addresses, each entry twice, its twin with https."""
    text = good.body.decode()
    if request.target in (portal.listing, portal.second_page):
        twins = "".join(re.findall(r"<li><span.*?</li>", text)).replace(
            'href="/', f'href="https://{portal.host}/'
        )
        text = text.replace('<ul class="list">', f'<ul class="list">{twins}')
    return replace(good, body=text.encode())


def column_moved(portal: FaultyPortal, request: Request, good: Reply) -> Reply:
    """The known address is gone; the front page leads to the new one."""
    if request.target.startswith("/xxgk/fzzfjsbg/index"):
        return page(GONE, 404)
    if request.target.startswith("/zwgk/fzzf/index"):
        moved = request.target.replace("/zwgk/fzzf/", "/xxgk/fzzfjsbg/")
        good = PretendPortal.reply(portal, replace(request, target=moved))
    body = good.body.replace(b"/xxgk/fzzfjsbg/index", b"/zwgk/fzzf/index")
    return replace(good, body=body)


def edited(portal: FaultyPortal, request: Request, good: Reply) -> Reply:
    """Another text, from the second visit on."""
    if request.target != portal.path or portal.visit < 2:
        return good
    return replace(good, body=good.body.replace("件，清理".encode(), "件（更正），清理".encode()))


def removed(portal: FaultyPortal, request: Request, good: Reply) -> Reply:
    """No such page, from the second visit on."""
    return page(GONE, 404) if request.target == portal.path and portal.visit > 1 else good


def robots_down(portal: FaultyPortal, request: Request, good: Reply) -> Reply:
    """robots.txt answers 503."""
    return page("", 503) if request.target == "/robots.txt" else good


def robots_forbid(portal: FaultyPortal, request: Request, good: Reply) -> Reply:
    """robots.txt forbids the victim."""
    rules = f"User-agent: *\nDisallow: {portal.path}\n"
    return Reply(200, rules.encode(), "text/plain") if request.target == "/robots.txt" else good


def stub(portal: FaultyPortal, request: Request, good: Reply) -> Reply:
    """The second page of the listing without its entries."""
    if request.target != portal.second_page:
        return good
    return page('<html><body><ul class="list"></ul></body></html>')


def unbent(portal: FaultyPortal, request: Request, good: Reply) -> Reply:
    """The good reply: what is odd lies elsewhere."""
    return good
