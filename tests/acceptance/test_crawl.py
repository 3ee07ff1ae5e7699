"""The spider against the pretend portals, over real HTTP."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.screening import TitleRules
from crawler.simulator import Simulator, start_simulator
from crawler.simulator.content import load_sites
from crawler.simulator.replies import CHALLENGE, Reply

SITES = {site.portal.id: site for site in load_sites()}
WHOLE = [portal for portal, site in SITES.items() if not site.look.get("challenge")]
TITLE = "云岭县2023年度法治政府建设情况报告"
LISTING = f'<ul><li><a href="/a.html">{TITLE}</a><span>2024-03-01</span></li></ul>'
ARTICLE = "<html><title>报告</title><body>" + f"{TITLE}。" * 30 + "</body>"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """One of these tests' own: they read the log of all that it was asked."""
    with start_simulator() as running:
        yield running


@pytest.fixture(scope="module")
def demo(
    simulator: Simulator, crawl: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Any:
    return crawl(list(SITES), simulator.address, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def log(demo: Any, simulator: Simulator) -> list[dict[str, Any]]:
    """What the simulator was asked in the crawl of all portals."""
    return simulator.log()


def html(text: str) -> Reply:
    return Reply(200, text.encode(), "text/html; charset=utf-8")


# -- the pretend portals -------------------------------------------------------------------


@pytest.mark.parametrize("portal", WHOLE)
def test_every_report_of_a_portal_is_captured_once(demo: Any, portal: str) -> None:
    texts = [
        demo.body(about).decode(SITES[portal].look["charset"]) for about in demo.captures(portal)
    ]
    for report in SITES[portal].reports:
        assert sum(report.paragraphs[0][:40] in text for text in texts) == 1, report.key


@pytest.mark.parametrize("portal", SITES)
def test_no_near_miss_is_taken_where_its_title_is_shown_whole(demo: Any, portal: str) -> None:
    rules = TitleRules.load()
    taken = [about["title"] for about in demo.captures(portal) if about["title"]]
    assert [title for title in taken if rules.judge(title).kind == "near_miss"] == []


def test_a_title_cut_short_is_fetched_when_it_could_be_a_report(demo: Any) -> None:
    captured = {about["title"] for about in demo.captures("demo-qinghe")}
    assert {"清河市人民政府关于2022年度法治政府建..."} <= captured
    assert demo.outcomes["demo-qinghe"]["entries"] == len(SITES["demo-qinghe"].reports) + 1


@pytest.mark.parametrize("portal", WHOLE)
def test_the_family_is_recognised_from_the_page(demo: Any, portal: str) -> None:
    lines = [line for line in demo.stderr.splitlines() if f"portal='{portal}'" in line]
    families = {line.split("family='")[1].split("'")[0] for line in lines if "family='" in line}
    assert families == {SITES[portal].look["family"]}


@pytest.mark.parametrize("portal", WHOLE)
def test_a_whole_portal_succeeds_and_counts_its_reports(demo: Any, portal: str) -> None:
    outcome = demo.outcomes[portal]
    assert outcome["state"] == "succeeded"
    assert outcome["articles"] >= len(SITES[portal].reports)
    assert outcome["listings"] >= 2


def test_an_article_robots_forbids_is_named_and_not_asked_for(
    demo: Any, log: list[dict[str, Any]]
) -> None:
    outcome = demo.outcomes["demo-shifan"]
    assert [failure["reason"] for failure in outcome["failures"]] == ["robots_forbidden"]
    assert outcome["reason"] == "partial"
    assert not [line for line in log if line["target"].startswith("/lszl/")]


def test_a_soft_404_is_named(demo: Any) -> None:
    failures = demo.outcomes["demo-shifan-slt"]["failures"]
    assert [failure["reason"] for failure in failures] == ["soft_404"]


def test_a_challenge_is_kept_as_evidence_and_the_host_left_alone(
    demo: Any, log: list[dict[str, Any]]
) -> None:
    outcome = demo.outcomes["demo-linhu"]
    assert (outcome["state"], outcome["reason"]) == ("failed", "challenge")
    assert [about["status"] for about in demo.captures("demo-linhu")] == [412]
    assert [line["target"] for line in log if line["host"] == "www.linhu.gov.test"] == [
        "/robots.txt",
        "/",
    ]


def test_one_request_at_a_time_reaches_a_host_and_robots_txt_is_the_first(
    log: list[dict[str, Any]],
) -> None:
    assert {line["in_hand"] for line in log} == {1}
    first = {}
    for line in log:
        first.setdefault(line["host"], line["target"])
    assert set(first.values()) == {"/robots.txt"}
    assert len(first) == len(SITES)


def test_nothing_is_asked_for_twice_and_twins_are_one_page(log: list[dict[str, Any]]) -> None:
    asked = Counter((line["host"], line["method"], line["target"]) for line in log)
    assert [request for request, times in asked.items() if times > 1] == []
    assert not [line for line in log if "_wap" in line["target"]]


def test_the_user_agent_tells_who_we_are(log: list[dict[str, Any]]) -> None:
    assert {line["user_agent"] for line in log} == {"fazhi/0.1"}


def test_the_user_agent_carries_the_contact_where_one_is_set(
    simulator: Simulator, crawl: Callable[..., Any], tmp_path: Path
) -> None:
    crawl(["demo-linhu"], simulator.address, tmp_path, FAZHI_CONTACT="mailto:a@b.example")
    assert simulator.log()[-1]["user_agent"] == "fazhi/0.1 (+mailto:a@b.example)"


def test_a_second_crawl_stores_nothing_new(
    demo: Any, simulator: Simulator, crawl: Callable[..., Any]
) -> None:
    again = crawl(["demo-yunling"], simulator.address, demo.home).outcomes["demo-yunling"]
    assert (again["articles"], again["new_captures"]) == (5, 0)


def test_a_capture_tells_where_it_was_found(demo: Any) -> None:
    about = next(a for a in demo.captures("demo-yunling") if "2023年度" in (a["title"] or ""))
    assert about["listing_url"] == "http://www.yunling.gov.test/col/col30215/index.html"
    assert about["date"] == "2024-03-15"
    assert about["run_id"] == 7
    assert ["Content-Type", "text/html"] in about["headers"]


# -- odd portals ---------------------------------------------------------------------------


def test_a_listing_with_no_report_succeeds_with_its_reason(odd_world: Any) -> None:
    other = LISTING.replace("法治政府建设情况报告", "旅游工作总结")
    odd_world.portal({"/col/": html(other)})
    outcome = odd_world.outcome()
    assert (outcome["state"], outcome["reason"]) == ("succeeded", "no_entries")


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"/col/": Reply(404, b"gone")}, "column_moved"),
        (
            {"/col/": Reply(302, b"", headers=(("Location", "/"),)), "/": html(LISTING)},
            "column_moved",
        ),
        ({"/col/": html("<div id=app></div><script>draw()</script>")}, "unknown_family"),
        ({"/col/": Reply(200, b"%PDF", "application/pdf")}, "wrong_type"),
        ({"/col/": Reply(302, b"", headers=(("Location", "/col/"),))}, "redirect_loop"),
        (
            {"/col/": Reply(302, b"", headers=(("Location", "/col/"), ("Set-Cookie", "CT6T=1")))},
            "challenge",
        ),
        (
            {"/col/": Reply(302, b"", headers=(("Location", "http://169.254.169.254/"),))},
            "off_site",
        ),
        ({"/col/": Reply(302, b"", headers=(("Location", "ftp://x.gov.test/"),))}, "bad_scheme"),
        ({"/col/": Reply(521, b"")}, "challenge"),
        ({"/col/": html(CHALLENGE)}, "challenge"),
        ({"/robots.txt": Reply(200, b"User-agent: fazhi\nDisallow: /")}, "robots_forbidden"),
        ({"/robots.txt": Reply(503, b"")}, "robots_unavailable"),
    ],
)
def test_what_keeps_a_column_from_us_is_named(
    odd_world: Any, answers: dict[str, Any], reason: str
) -> None:
    odd_world.portal(answers)
    outcome = odd_world.outcome()
    assert (outcome["state"], outcome["reason"]) == ("failed", reason)
    assert "\n" not in outcome["message"]


@pytest.mark.parametrize("status", [403, 404, 412])
def test_a_robots_txt_that_is_refused_forbids_nothing(odd_world: Any, status: int) -> None:
    forbidding = Reply(status, b"User-agent: *\nDisallow: /")
    odd_world.portal({"/robots.txt": forbidding, "/col/": html(LISTING), "/a.html": html(ARTICLE)})
    assert odd_world.outcome()["reason"] == "completed"


def test_a_challenge_is_never_asked_for_again_and_ends_the_crawl(odd_world: Any) -> None:
    two = LISTING + LISTING.replace("a.html", "b.html")
    odd = odd_world.portal({"/col/": html(two), "/a.html": Reply(412, CHALLENGE.encode())})
    outcome = odd_world.outcome()
    assert (outcome["reason"], outcome["new_captures"]) == ("challenge", 1)
    assert odd.asked == ["/robots.txt", "/col/", "/a.html"]


def test_a_server_error_is_tried_three_times_in_all(odd_world: Any) -> None:
    odd = odd_world.portal({"/col/": html(LISTING), "/a.html": Reply(503, b"")})
    outcome = odd_world.outcome()
    assert (outcome["state"], outcome["reason"]) == ("failed", "http_error")
    assert odd.asked.count("/a.html") == 3


def test_later_pages_that_come_empty_are_failures_not_the_end(odd_world: Any) -> None:
    pager = '<script>createPageHTML(3, 0, "index", "html");</script>'
    odd_world.portal(
        {
            "/col/": html(LISTING + pager),
            "/col/index_1.html": html("<script>createPageHTML(3, 1, 'index', 'html')</script>"),
            "/a.html": html(ARTICLE),
        }
    )
    outcome = odd_world.outcome()
    assert outcome["reason"] == "partial"
    assert {f["url"][-12:]: f["reason"] for f in outcome["failures"]} == {
        "index_1.html": "listing_stub",
        "index_2.html": "not_found",
    }


@pytest.mark.parametrize("packed", [False, True])
def test_a_page_over_the_size_limit_is_named(odd_world: Any, packed: bool) -> None:
    body = b"0" * 300_000
    headers = (("Content-Encoding", "gzip"),) if packed else ()
    huge = Reply(200, gzip.compress(body) if packed else body, headers=headers)
    odd_world.portal({"/col/": html(LISTING), "/a.html": huge})
    outcome = odd_world.outcome(DOWNLOAD_MAXSIZE=100_000)
    assert outcome["reason"] == "too_large"


def test_an_entry_on_another_site_is_not_followed(odd_world: Any) -> None:
    away = LISTING.replace("/a.html", "http://www.other.gov.test/a.html")
    odd_world.portal({"/col/": html(away)})
    assert odd_world.outcome()["reason"] == "off_site"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "[::ffff:7f00:1]"]
)
def test_a_private_address_is_refused_by_name(odd_world: Any, host: str) -> None:
    port = odd_world.address.rpartition(":")[2]
    url = f"http://{host}:{port}/"
    odd_world.portal({}, base=url, columns=url + "col/")
    outcome = odd_world.outcome(FAZHI_CONTACT="mailto:a@b.example", FAZHI_DELAY=1)
    assert (outcome["state"], outcome["reason"]) == ("failed", "private_address")


def test_a_public_host_is_not_crawled_without_a_contact_or_in_haste(odd_world: Any) -> None:
    url = "http://www.public.example/"
    odd_world.portal({}, base=url, columns=url)
    nobody = odd_world.outcome(FAZHI_DELAY=2)
    assert nobody["error"] == "SettingError"
    assert "FAZHI_CONTACT is not set" in nobody["message"]
    hasty = odd_world.outcome(FAZHI_CONTACT="mailto:a@b.example", FAZHI_DELAY=0.05)
    assert "FAZHI_DELAY=0.05 is for pretend portals" in hasty["message"]


def test_a_sink_that_cannot_write_ends_the_crawl_with_one_line(odd_world: Any) -> None:
    (odd_world.home / "captures").write_text("in the way")
    odd = odd_world.portal({"/col/": html(LISTING), "/a.html": html(ARTICLE)})
    outcome = odd_world.outcome()
    assert (outcome["state"], outcome["reason"]) == ("failed", "storage")
    assert "captures cannot be written to" in outcome["message"]
    assert odd.asked == []


# -- as a Scrapy user types it -------------------------------------------------------------


def test_scrapy_lists_the_one_spider(scrapy: Callable[..., Any]) -> None:
    done = scrapy("list")
    assert (done.returncode, done.stdout) == (0, "portal\n")


def test_scrapy_crawls_a_portal_into_a_feed(
    scrapy: Callable[..., Any], simulator: Simulator, tmp_path: Path
) -> None:
    feed = tmp_path / "out.jsonl"
    done = scrapy(
        *("crawl", "portal", "-a", "portal=demo-baishi", "-O", str(feed)),
        FAZHI_SIMULATOR=simulator.address,
        FAZHI_DELAY="0.01",
        FAZHI_HOME=str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    items = [json.loads(line) for line in feed.read_text(encoding="utf-8").splitlines()]
    assert len(items) == 3
    assert set(items[0]) == {"url", "status", "bytes", "sha256", "title", "new"}
    for item in items:
        assert len((tmp_path / "captures" / item["sha256"]).read_bytes()) == item["bytes"]


@pytest.mark.parametrize(
    ("arguments", "line", "code"),
    [
        (["-a", "portal=demo-yunlin"], "did you mean demo-yunling", 2),
        ([], "no portal is named", 1),
        (["-a", "portal=demo-yunling", "-a", "run_id=x"], "run_id='x' is not a number", 1),
    ],
)
def test_scrapy_refuses_a_wrong_argument_in_one_line(
    scrapy: Callable[..., Any], arguments: list[str], line: str, code: int
) -> None:
    done = scrapy("crawl", "portal", *arguments)
    assert done.returncode == code
    assert done.stderr.startswith("fazhi: ")
    assert line in done.stderr
    assert done.stderr.count("\n") == 1


def test_scrapy_without_a_simulator_says_how_to_start_it(
    scrapy: Callable[..., Any], tmp_path: Path
) -> None:
    done = scrapy(
        *("crawl", "portal", "-a", "portal=demo-yunling"),
        FAZHI_SIMULATOR="127.0.0.1:1",
        FAZHI_HOME=str(tmp_path),
    )
    assert done.returncode == 1
    assert "start it with: fazhi simulator" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_scrapy_exits_with_an_error_when_the_crawl_failed(
    scrapy: Callable[..., Any], simulator: Simulator, tmp_path: Path
) -> None:
    done = scrapy(
        *("crawl", "portal", "-a", "portal=demo-linhu"),
        FAZHI_SIMULATOR=simulator.address,
        FAZHI_HOME=str(tmp_path),
        FAZHI_DELAY="0.01",
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("fazhi: challenge: ruishu")


def test_a_redirected_request_keeps_the_listing_that_sent_us_as_its_referer(odd_world: Any) -> None:
    met = []

    def article(request: Any) -> Reply:
        met.append(request.headers.get("referer"))
        return html(ARTICLE)

    moved = Reply(302, b"", headers=(("Location", "/b.html"),))
    odd_world.portal({"/col/": html(LISTING), "/a.html": moved, "/b.html": article})
    assert odd_world.outcome()["reason"] == "completed"
    assert met == ["http://www.odd.gov.test/col/"]
