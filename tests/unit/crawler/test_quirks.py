from __future__ import annotations

from pathlib import Path

import pytest

from crawler.assignment import assign
from crawler.errors import CrawlError
from crawler.hours import Hours
from crawler.quirks import Quirks, read_quirks

SINCE = " 2026-05-01 seen so"


def assigned(tmp_path: Path, **row: str) -> object:
    from scrapy.settings import Settings

    portal = {
        **{"id": "odd", "name": "x", "level": "county", "adcode": "", "family_hint": ""},
        **{"base_url": "https://www.odd.gov.test/", "disabled": "", "quirks": ""},
        **{"columns": "https://www.odd.gov.test/a/ https://x.odd.gov.test:8443/b/"},
        **row,
    }
    names = ("CONTACT", "DELAY", "DAILY_PAGES", "BACK_OFF")
    settings = {f"FAZHI_{name}": None for name in names}
    where = {"FAZHI_SEEDS": str(tmp_path), "FAZHI_SIMULATOR": "127.0.0.1:1"}
    return assign(Settings({**settings, **where, "FAZHI_PORTAL": portal}), "odd")


def test_each_key_becomes_something_to_act_upon() -> None:
    given = {
        "access": "mobile_agent",
        "tls": "legacy+unverified",
        "delay": "12.5",
        "pages": "300",
        "hours": "22:00-06:00",
        "hosts": "101.230.193.164+WWW.other.cn",
    }
    assert read_quirks({key: value + SINCE for key, value in given.items()}) == Quirks(
        mobile_agent=True,
        legacy_tls=True,
        unverified_tls=True,
        delay=12.5,
        pages=300,
        hours=Hours.read("22:00-06:00"),
        hosts=frozenset({"101.230.193.164", "www.other.cn"}),
    )


@pytest.mark.parametrize("value", ["challenge", "unreachable", "unsteady"])
def test_what_is_noted_for_people_changes_nothing(value: str) -> None:
    assert read_quirks({"access": value + SINCE}) == Quirks()


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("speed", "fast", "quirk 'speed' is unknown; it is one of access, tls"),
        ("access", "slow", "'slow' is not one of other_scheme"),
        ("tls", "none", "'none' is not one of legacy"),
        ("delay", "-1", "is not a number of seconds"),
        ("delay", "0", "is not a number of seconds"),
        ("pages", "0", "is not a number of requests"),
        ("hours", "day", "is not HH:MM-HH:MM"),
        ("hosts", "a_b", "is not a host name"),
        ("hosts", "", "is not a host name"),
    ],
)
def test_what_nothing_would_act_upon_is_refused(key: str, value: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_quirks({key: value + SINCE})


def test_the_other_scheme_is_used_for_the_site_and_its_columns(tmp_path: Path) -> None:
    sent = assigned(tmp_path, quirks="access=other_scheme" + SINCE)
    assert sent.portal.base_url == "http://www.odd.gov.test/"
    columns = [column.url for column in sent.portal.columns]
    assert columns == ["http://www.odd.gov.test/a/", "https://x.odd.gov.test:8443/b/"]


def test_a_telephones_user_agent_says_who_we_are_all_the_same(tmp_path: Path) -> None:
    sent = assigned(tmp_path, quirks="access=mobile_agent" + SINCE)
    assert sent.user_agent == "Mozilla/5.0 (Linux; Android 14; Mobile; fazhi/0.1)"


def test_a_longer_delay_and_a_budget_of_pages_are_the_portals_own(tmp_path: Path) -> None:
    sent = assigned(tmp_path, quirks=f"delay=9{SINCE};pages=40{SINCE};hours=01:00-05:00{SINCE}")
    assert (sent.delay, sent.terms.pages) == (9, 40)
    assert sent.terms.hours == Hours.read("01:00-05:00")
    assert assigned(tmp_path).delay == 2


def test_a_portal_with_an_unknown_quirk_is_not_crawled(tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match="quirk 'speed' is unknown"):
        assigned(tmp_path, quirks="speed=fast" + SINCE)
