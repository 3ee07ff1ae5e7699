"""The faults there are; crawler.simulator.faults says what a fault is."""

from __future__ import annotations

import gzip

from crawler.simulator import deliveries, enclosed
from crawler.simulator.bends import (
    always,
    charset_lie,
    column_moved,
    duplicates,
    edited,
    gzip_cut,
    instead,
    packed,
    page,
    removed,
    rewritten,
    robots_down,
    robots_forbid,
    sent,
    stub,
    to,
    unbent,
)
from crawler.simulator.faults import Fault, FaultyPortal, site_of, struck
from crawler.simulator.replies import CHALLENGE, SOFT_GONE, Reply

BOMB = 16 * 1024 * 1024
TODAY = "2026-05-01"
JIASULE = (
    '<script>document.cookie="__jsl_clearance_s=pretend";location.href=location.pathname</script>'
)
SHELL = '<html><head><script src="/_guard/auto.js"></script></head><body></body></html>'
LOGIN = """<html><head><title>统一身份认证登录</title></head><body><form>
<input name="user"><input type="password" name="word"></form></body></html>"""


FAULTS = (
    Fault(
        *("burst-5xx", "5xx for a try or two", ("http_error",)),
        *(instead(page("busy", 503)), True),
    ),
    Fault("server-error", "500 for good", ("http_error",), instead(page("broken", 500))),
    Fault("reset-once", "connection reset, a try or two", ("reset",), sent(deliveries.reset), True),
    Fault("reset", "connection reset for good", ("reset",), sent(deliveries.reset)),
    Fault("slow-drip", "a byte every 0.2 s", ("timeout",), sent(deliveries.dripping)),
    Fault("silent", "no answer at all", ("timeout",), sent(deliveries.silent)),
    Fault("cut-once", "body cut off, a try or two", ("truncated",), sent(deliveries.cut_off), True),
    Fault("cut-off", "body cut off", ("truncated",), sent(deliveries.cut_off)),
    Fault(
        "cut-chunks", "chunks without an end", ("truncated",), sent(deliveries.cut_off_in_chunks)
    ),
    Fault(
        *("length-long", "Content-Length too long", ("truncated",)),
        sent(deliveries.announced_too_long),
    ),
    Fault(
        *("length-short", "Content-Length too short", ("truncated",)),
        sent(deliveries.announced_too_short),
    ),
    Fault("head-endless", "headers without end", ("too_large",), sent(deliveries.endless_head)),
    Fault("body-endless", "body without end", ("too_large",), sent(deliveries.endless_body)),
    Fault(
        "gzip-bomb", "16 MB in 16 KB of gzip", ("too_large",), packed(gzip.compress(bytes(BOMB)))
    ),
    Fault("gzip-cut", "gzip cut off, length right", ("garbled",), struck(gzip_cut)),
    Fault("gzip-not", "says gzip and is not", ("garbled",), packed(b"<html>plain</html>")),
    Fault(
        *("redirect-loop", "redirects in a circle", ("redirect_loop",)),
        struck(lambda portal, good: to(portal.path)),
    ),
    Fault(
        *("redirect-far", "a chain of redirects without end", ("redirect_loop",)),
        lambda portal, request, good: (
            to(f"{portal.path}?{portal.times.total()}")
            if request.target.startswith(portal.path)
            else good
        ),
    ),
    Fault(
        *("redirect-private", "redirect to 127.0.0.1", ("off_site",)),
        instead(to("http://127.0.0.1:8017/")),
    ),
    Fault(
        *("redirect-private-own", "the same, as a host of its own", ("private_address",)),
        instead(to("http://127.0.0.1:8017/")),
        quirks=f"hosts=127.0.0.1 {TODAY} to show that a quirk opens no door",
    ),
    Fault(
        *("redirect-metadata", "redirect to 169.254.169.254", ("off_site",)),
        instead(to("http://169.254.169.254/latest/meta-data/")),
    ),
    Fault("redirect-file", "redirect to file:", ("bad_scheme",), instead(to("file:///etc/passwd"))),
    Fault(
        "redirect-away", "redirect to another site", ("off_site",), instead(to("http://x.test/"))
    ),
    Fault("redirect-home", "redirect to the front page", ("soft_404",), instead(to("/"))),
    Fault("cover-note", "the report is a file that its page links to", (), enclosed.cover()),
    Fault("viewer", "the report is a file that its page shows in a viewer", (), enclosed.viewer()),
    Fault("charset-lie", "declares a wrong charset", (), charset_lie),
    Fault(
        *("charset-lie-gb", "GB18030 that declares UTF-8", (), unbent),
        look={"charset": "gb18030", "declared": "utf-8"},
    ),
    Fault("duplicates", "each entry twice, with a twin", (), duplicates),
    Fault(
        "date-missing",
        "every other entry without a date",
        (),
        rewritten(r"<span class=.date.>[^<]*</span>(.*?</li><li>)", r"\1"),
    ),
    Fault(
        "dates-missing",
        "no entry with a date",
        ("unknown_family",),
        rewritten(r"<span class=.date.>.*?</span>", ""),
        whole=True,
    ),
    Fault(
        *("date-split", "dates split over lines", ()),
        rewritten(r"(\d{4}-)(\d\d-)(\d\d)</span>", r"\1\n\2\n\3</span>"),
    ),
    Fault(
        *("cookies", "cookies required", ("challenge",)),
        lambda portal, request, good: to(request.target, ("Set-Cookie", "CT6T=1; path=/")),
        whole=True,
    ),
    Fault(
        *("cookie-script", "cookies required, by a script", ("challenge",)),
        always(page("<script>document.cookie='a=1';location.reload()</script>")),
        whole=True,
    ),
    Fault("ruishu", "瑞数: 412", ("challenge",), always(page(CHALLENGE, 412)), whole=True),
    Fault("jiasule", "加速乐: 521", ("challenge",), always(page(JIASULE, 521)), whole=True),
    Fault("waf-468", "468", ("challenge",), always(page("", 468)), whole=True),
    Fault(
        "waf-shell", "a shell of script with 200", ("challenge",), always(page(SHELL)), whole=True
    ),
    Fault("too-many", "429", ("rate_limited",), always(page("slow down", 429)), whole=True),
    Fault("login", "a form for logging in, with 200", ("login_wall",), instead(page(LOGIN))),
    Fault("gone-softly", "no such page, with 200", ("soft_404",), instead(page(SOFT_GONE))),
    Fault(
        "wrong-type",
        "a page that is a picture",
        ("wrong_type",),
        instead(Reply(200, b"\x89PNG", "image/png")),
    ),
    Fault(
        "robots-down", "robots.txt answers 503", ("robots_unavailable",), robots_down, whole=True
    ),
    Fault("robots-forbid", "robots.txt forbids one", ("robots_forbidden",), robots_forbid),
    Fault("listing-stub", "a later page without entries", ("listing_stub",), stub, whole=False),
    Fault(
        *("listing-short", "claims more entries than it lists", ("listing_short",)),
        rewritten('class="pages">', 'class="pages">共90条 '),
    ),
    Fault("column-moved", "the column moved", ("column_moved",), column_moved),
    Fault("edited", "an article edited between visits", (), edited, visits=2),
    Fault("removed", "an article removed between visits", ("not_found",), removed, visits=2),
    Fault("tls-unvouched", "certificate of nobody's", ("tls",), unbent, whole=True, scheme="https"),
    Fault(
        *("tls-unvouched-known", "the same, with its quirk", (), unbent),
        scheme="https",
        quirks=f"tls=unverified {TODAY} signed by itself",
    ),
    Fault("tls-old", "TLS 1.1 and a short key", ("tls",), unbent, whole=True, scheme="https"),
    Fault(
        *("tls-old-known", "the same, with its quirk", (), unbent),
        scheme="https",
        quirks=f"tls=legacy+unverified {TODAY} TLS 1.1, 1024 bits",
    ),
    Fault(
        *("tls-without-renegotiation", "no secure renegotiation", ("tls",), unbent),
        whole=True,
        scheme="https",
    ),
    Fault(
        *("other-scheme", "answers http alone, with its quirk", (), unbent),
        scheme="https",
        quirks=f"access=other_scheme {TODAY} no TLS at all",
    ),
    Fault(
        *("telephone", "answers telephones alone, with its quirk", ()),
        lambda portal, request, good: (
            good if "Mobile" in request.headers.get("user-agent", "") else page("", 403)
        ),
        quirks=f"access=mobile_agent {TODAY} answers 403 to others",
    ),
)


def pretend(seed: int) -> dict[str, FaultyPortal]:
    """Every faulty portal, by host."""
    portals = [FaultyPortal(site_of(fault), fault, seed) for fault in FAULTS]
    return {portal.host: portal for portal in portals}
