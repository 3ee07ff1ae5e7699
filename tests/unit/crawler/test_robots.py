from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scrapy.http import Response

from crawler.failures import Refused
from crawler.robots import Rules, read_robots

URL = "http://www.a.gov.cn/x.html"
WHERE = "http://www.a.gov.cn/robots.txt"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def answer(status: int, body: str = "") -> Rules | Refused:
    return read_robots(Response(WHERE, status=status, body=body.encode()), WHERE)


def refusal(body: str, now: datetime = NOON) -> str | None:
    rules = answer(200, body)
    assert isinstance(rules, Rules)
    refused = rules.refusal(URL, now)
    return refused.reason.value if refused else None


FORBIDDING = "User-agent: *\nDisallow: /"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 412, 429, 468])
def test_a_refused_robots_txt_forbids_nothing(status: int) -> None:
    rules = answer(status, FORBIDDING)
    assert isinstance(rules, Rules)
    assert rules.refusal(URL, NOON) is None


@pytest.mark.parametrize(
    ("status", "name"),
    [(500, "robots_unavailable"), (503, "robots_unavailable"), (521, "challenge")],
)
def test_a_server_in_trouble_forbids_everything_and_a_challenge_has_its_own_name(
    status: int, name: str
) -> None:
    refused = answer(status)
    assert isinstance(refused, Refused)
    assert refused.reason == name


def test_rules_for_us_go_before_rules_for_all() -> None:
    assert refusal(FORBIDDING) == "robots_forbidden"
    assert refusal("User-agent: fazhi\nAllow: /\n\n" + FORBIDDING) is None
    assert refusal("User-agent: Baiduspider\nAllow: /\n\n" + FORBIDDING) == "robots_forbidden"


def test_pauses_are_read_and_an_absurd_one_is_as_good_as_forbidding() -> None:
    for text, pause in (("Crawl-delay: 7", 7), ("Request-rate: 1/30", 30), ("", 0)):
        rules = answer(200, f"User-agent: *\n{text}\nDisallow: /admin/\n")
        assert isinstance(rules, Rules)
        assert rules.pause == pause
    assert refusal("User-agent: *\nCrawl-delay: 3600\n") == "robots_forbidden"


def test_a_visit_time_is_kept_to_in_universal_time() -> None:
    text = "User-agent: *\nVisit-time: 1600-2200\nDisallow: /admin/\n"
    assert refusal(text) == "outside_hours"
    assert refusal(text, NOON.replace(hour=17)) is None


def test_only_the_first_half_megabyte_is_read() -> None:
    assert refusal("#" * 600_000 + "\n" + FORBIDDING) is None
