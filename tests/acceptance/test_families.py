"""Every family's pretend portal, crawled from a known column and from the front page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from family_world import FamilyWorld, site

LOOKS: dict[str, dict[str, Any]] = {
    "jpaas": {"family": "hanweb_jpaas"},
    "jpaas-lower": {"family": "hanweb_jpaas", "attribute": "querydata"},
    "ucap": {"family": "kaipu_ucap"},
    "ucap-from-one": {"family": "kaipu_ucap", "second": 1},
    "ucap-json": {"family": "kaipu_ucap_json"},
    "vsb": {"family": "boda_vsb"},
    "gkmlpt": {"family": "gkmlpt"},
    "was5": {"family": "trs_was5"},
    "igs": {"family": "trs_igs"},
    "gov-feed": {"family": "gov_cn"},
    "gov-library": {"family": "gov_cn_library"},
    "anhui": {"family": "anhui_public"},
    "hebei": {"family": "hebei_uuid"},
    "intertid": {"family": "intertid"},
    "channel": {"family": "channel_x"},
    "class": {"family": "class8"},
    "jcms": {"family": "hanweb_jcms", "webid": 7, "page_size": 5},
    "wcm": {"family": "trs_wcm"},
    "hand-made": {"family": "generic", "layout": "numbered"},
}
"""A name for each way of listing, and the look that shows it."""
LEAST_PAGES = {"gov_cn": 2, "hanweb_jcms": 2}
"""Families that give a whole column, or several pages of it, in one answer."""
WAYS = {"known": True, "front": False}
PORTALS = [f"{look}-{way}" for look in LOOKS for way in WAYS]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FamilyWorld]:
    sites = [
        site(f"{name}-{way}", known_column=known, **look)
        for name, look in LOOKS.items()
        for way, known in WAYS.items()
    ]
    running = FamilyWorld(tmp_path_factory.mktemp("world"), sites)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def crawled(
    world: FamilyWorld, crawl: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Any:
    home = tmp_path_factory.mktemp("home")
    return crawl(PORTALS, world.address, home, FAZHI_SEEDS=str(world.seeds))


@pytest.mark.parametrize("portal", PORTALS)
def test_every_report_is_found_and_no_near_miss_is_taken(
    world: FamilyWorld, crawled: Any, portal: str
) -> None:
    reports = world.sites[portal].reports
    texts = Counter(crawled.body(about).decode() for about in crawled.captures(portal))
    found = [report for report in reports if any(report.paragraphs[0] in text for text in texts)]
    assert [report.title for report in found] == [report.title for report in reports]
    assert sum(texts.values()) == len(reports)


@pytest.mark.parametrize("portal", PORTALS)
def test_the_listing_is_read_to_its_end_by_the_family_and_nothing_fails(
    crawled: Any, portal: str
) -> None:
    outcome = crawled.outcomes[portal]
    missed = [failure for failure in outcome["failures"] if not failure["aside"]]
    assert (outcome["state"], outcome["reason"], missed) == ("succeeded", "completed", [])
    lines = [line for line in crawled.stderr.splitlines() if f"portal='{portal}'" in line]
    families = {line.split("family='")[1].split("'")[0] for line in lines if "family='" in line}
    look = LOOKS[portal.rpartition("-")[0]]["family"]
    assert families == {look.removesuffix("_json").removesuffix("_library")}
    assert outcome["listings"] >= LEAST_PAGES.get(look, 4)


def test_no_page_is_asked_for_twice(world: FamilyWorld, crawled: Any) -> None:
    lines = [line for line in world.server.log if line["method"] == "GET"]
    asked = Counter((line["host"], line["target"]) for line in lines)
    assert [request for request, times in asked.items() if times > 1] == []
