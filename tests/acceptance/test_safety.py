"""Attacks on the crawler over real HTTP: each must be refused by name, and nothing asked for."""

from __future__ import annotations

import gzip
import json
import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest

from crawler.simulator.replies import Reply

TITLE = "云岭县2023年度法治政府建设情况报告"
ARTICLE = "<html><title>报告</title><body>" + f"{TITLE}。" * 30 + "</body>"
CONTACT = {"FAZHI_CONTACT": "mailto:a@b.example", "FAZHI_DELAY": 1}


def html(text: str) -> Reply:
    return Reply(200, text.encode(), "text/html; charset=utf-8")


def listing(address: str) -> Reply:
    return html(f'<ul><li><a href="{address}">{TITLE}</a><span>2024-03-01</span></li></ul>')


class Trap:
    """A server on loopback that must not be reached; it counts who connects."""

    def __init__(self) -> None:
        self.caught = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.caught += 1
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
            connection.close()


@pytest.fixture
def trap() -> Iterator[Trap]:
    made = Trap()
    yield made
    made.socket.close()


SPELLINGS = (
    *("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1", "2130706433", "0x7f000001"),
    *("0177.0.0.1", "0x7f.0.0.1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"),
    *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "169.254.169.254", "100.100.100.200"),
    *("10.0.0.1", "192.168.0.1", "[fd00:ec2::254]"),
)


def test_a_portal_at_a_private_address_is_refused_in_every_spelling(
    crawl: Callable[..., Any], odd_world: Any, trap: Trap
) -> None:
    rows = [
        f"p{number},x,county,,http://{host}:{trap.port}/,http://{host}:{trap.port}/col/,,,"
        for number, host in enumerate(SPELLINGS)
    ]
    header = "id,name,level,adcode,base_url,columns,family_hint,quirks,disabled"
    file = odd_world.seeds / "portals" / "inside.csv"
    file.write_text("\n".join([header, *rows]), encoding="utf-8")
    portals = [f"p{number}" for number in range(len(SPELLINGS))]
    given = {"FAZHI_SEEDS": str(odd_world.seeds), **CONTACT}
    outcomes = crawl(portals, odd_world.address, odd_world.home, **given).outcomes
    met = {
        host: {failure["reason"] for failure in outcomes[portal]["failures"]}
        for host, portal in zip(SPELLINGS, portals, strict=True)
    }
    # A system without IPv6, or whose C library knows no octal numbers, resolves some to nothing.
    assert {
        host: names for host, names in met.items() if not names <= {"private_address", "dns"}
    } == {}
    assert met["127.0.0.1"] == met["2130706433"] == met["169.254.169.254"] == {"private_address"}
    assert trap.caught == 0


REDIRECTS = {
    "http://127.0.0.1:{port}/": "off_site",
    "http://169.254.169.254/latest/meta-data/": "off_site",
    "//127.0.0.1:{port}/": "off_site",
    "http://www.odd.gov.test@127.0.0.1:{port}/": "off_site",
    "http://www.odd.gov.test.evil.test:{port}/": "off_site",
    # Read as browsers read it: a path of the portal's own.
    "http://www.odd.gov.test\\@127.0.0.1:{port}/": "not_found",
    "http://127.0.0.1:{port}/#@www.odd.gov.test/": "off_site",
    "http://127.0.0.1:{port}?@www.odd.gov.test/": "off_site",
    "file:///etc/passwd": "bad_scheme",
    "ftp://www.odd.gov.test/": "bad_scheme",
    "data:text/html,x": "bad_scheme",
    "gopher://127.0.0.1:{port}/": "bad_scheme",
    "javascript:alert(1)": "bad_scheme",
}


def test_a_redirect_leads_nowhere_else(odd_world: Any, trap: Trap) -> None:
    wheres = [where.format(port=trap.port) for where in REDIRECTS]
    entries = "".join(
        f'<li><a href="/{n}.html">{TITLE}</a><span>2024-03-01</span></li>'
        for n in range(len(wheres))
    )
    answers = {
        f"/{n}.html": Reply(302, b"", headers=(("Location", where),))
        for n, where in enumerate(wheres)
    }
    odd_world.portal({"/col/": html(f"<ul>{entries}</ul>"), **answers})
    failures = odd_world.outcome()["failures"]
    met = {failure["url"].removeprefix("http://www.odd.gov.test"): failure for failure in failures}
    names = [met[f"/{n}.html"]["reason"] for n in range(len(wheres))]
    assert dict(zip(REDIRECTS, names, strict=True)) == REDIRECTS
    assert trap.caught == 0


def test_a_listing_leads_nowhere_else(odd_world: Any, trap: Trap) -> None:
    away = (f"http://127.0.0.1:{trap.port}/a.html", f"//127.0.0.1:{trap.port}/b.html")
    entries = "".join(
        f'<li><a href="{address}">{TITLE}</a><span>2024-03-01</span></li>'
        for address in (*away, "file:///etc/passwd", "javascript:x")
    )
    odd_world.portal({"/col/": html(f"<ul>{entries}</ul>")})
    outcome = odd_world.outcome()
    assert outcome["articles"] == 0
    assert {failure["reason"] for failure in outcome["failures"]} >= {"off_site"}
    assert trap.caught == 0


def raw_deflate(body: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(body) + machine.flush()


BOMB = bytes(24 * 1024 * 1024)
BOMBS = {
    "gzip": gzip.compress(BOMB),
    "deflate": zlib.compress(BOMB),
    "deflate ": raw_deflate(BOMB),
    "br": brotli.compress(BOMB, quality=1),
    "gzip, gzip": gzip.compress(gzip.compress(BOMB)),
    "gzip, br": brotli.compress(gzip.compress(BOMB)),
}
"""Each far below DOWNLOAD_MAXSIZE, packed and unpacked: it is the growth that gives them away."""


def test_a_small_body_that_grows_beyond_measure_is_refused_in_every_packing(odd_world: Any) -> None:
    entries = "".join(
        f'<li><a href="/{n}.html">{TITLE}</a><span>2024-03-01</span></li>'
        for n in range(len(BOMBS))
    )
    answers = {
        f"/{n}.html": Reply(200, body, headers=(("Content-Encoding", name),))
        for n, (name, body) in enumerate(BOMBS.items())
    }
    odd_world.portal({"/col/": html(f"<ul>{entries}</ul>"), **answers})
    failures = odd_world.outcome()["failures"]
    assert [failure["reason"] for failure in failures] == ["too_large"] * len(BOMBS)


def test_robots_txt_may_not_lead_us_inside_either(odd_world: Any, trap: Trap) -> None:
    away = Reply(302, b"", headers=(("Location", f"http://127.0.0.1:{trap.port}/robots.txt"),))
    odd_world.portal({"/robots.txt": away, "/col/": listing("/a.html"), "/a.html": html(ARTICLE)})
    outcome = odd_world.outcome()
    assert outcome["state"] == "failed"
    assert trap.caught == 0


REBINDING = """
import json, socket, sys
real, answers = socket.getaddrinfo, {"www.rebind.example": sys.argv[3].split(",")}
def getaddrinfo(host, port, *rest, **more):
    if host in answers:
        left = answers[host]
        host = left.pop(0) if len(left) > 1 else left[0]
    return real(host, port, *rest, **more)
socket.getaddrinfo = getaddrinfo
import crawler.resolver
from scrapy.resolver import dnscache
public = crawler.resolver.is_public
crawler.resolver.is_public = lambda address: address == "127.0.0.5" or public(address)
crawler.resolver.KEPT = 0
from crawler.crawl import crawl_portal, run_in_reactor
row, settings = json.loads(sys.argv[1]), json.loads(sys.argv[2])
settings["FAZHI_PORTAL"] = row
outcome = run_in_reactor(lambda: crawl_portal(row["id"], run_id=None, settings=settings))
print(json.dumps([failure.reason for failure in outcome.failures]))
"""


def test_a_name_that_turns_private_between_two_connections_is_refused_then(
    trap: Trap, tmp_path: Path
) -> None:
    """127.0.0.5 stands for a public address; each connection is closed, so each asks anew."""
    try:
        public = socket.create_server(("127.0.0.5", trap.port))
    except OSError:
        pytest.skip("this system has no second loopback address")
    asked: list[bytes] = []

    def answer() -> None:
        while True:
            try:
                connection, _ = public.accept()
            except OSError:
                return
            asked.append(connection.recv(4096).split()[1])
            body = (
                f'<ul><li><a href="/a.html">{TITLE}</a><span>2024-03-01</span></li></ul>'.encode()
            )
            head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)
            connection.close()

    threading.Thread(target=answer, daemon=True).start()
    base = f"http://www.rebind.example:{trap.port}/"
    row = {
        **{"id": "rebind", "name": "x", "level": "county", "adcode": "", "base_url": base},
        **{"columns": base + "col/", "family_hint": "", "quirks": "", "disabled": ""},
    }
    settings = {**CONTACT, "FAZHI_HOME": str(tmp_path), "LOG_ENABLED": False}
    # robots.txt and the column each look twice: for the machine, and for the connection.
    names = ",".join(["127.0.0.5"] * 4 + ["127.0.0.1"])
    done = subprocess.run(
        [sys.executable, "-c", REBINDING, json.dumps(row), json.dumps(settings), names],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    public.close()
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["private_address"]
    assert asked == [b"/robots.txt", b"/col/"]
    assert trap.caught == 0


def test_no_name_that_a_portal_gives_becomes_a_path(odd_world: Any) -> None:
    disposition = (("Content-Disposition", 'attachment; filename="../../../evil.pdf"'),)
    paths = (
        "/%2e%2e/%2e%2e/%2e%2e/etc/cron.d/evil",
        "/files/..%2f..%2f..%2fevil.html",
        "/download.jsp?name=../../../evil.pdf",
    )
    answers = {
        path: Reply(200, b"%PDF-1.4 " + path.encode(), "application/pdf", disposition)
        for path in paths
    }
    entries = "".join(
        f'<li><a href="{path}">{TITLE}</a><span>2024-03-01</span></li>' for path in paths
    )
    odd_world.portal({"/col/": html(f"<ul>{entries}</ul>"), **answers})
    outcome: Any = odd_world.outcome()
    assert outcome["articles"] == len(paths)
    kept = [each.name for each in (odd_world.home / "captures").iterdir()]
    assert len(kept) == 2 * len(paths)
    assert all(set(name) <= set("0123456789abcdef.json") for name in kept)
    assert not list(odd_world.home.parent.rglob("*evil*"))


def test_no_proxy_of_the_environment_is_asked(
    odd_world: Any, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{trap.port}")
    odd_world.portal({"/col/": listing("/a.html"), "/a.html": html(ARTICLE)})
    assert odd_world.outcome()["reason"] == "completed"
    assert trap.caught == 0


def test_five_redirects_are_followed_and_not_a_sixth(odd_world: Any) -> None:
    def chain(length: int) -> dict[str, Callable[..., Reply] | Reply]:
        steps = {
            f"/r{n}.html": Reply(302, b"", headers=(("Location", f"/r{n + 1}.html"),))
            for n in range(length)
        }
        return {"/col/": listing("/r0.html"), **steps, f"/r{length}.html": html(ARTICLE)}

    odd_world.portal(chain(5))
    assert odd_world.outcome()["reason"] == "completed"
    odd_world.portal(chain(6))
    assert odd_world.outcome()["reason"] == "redirect_loop"
