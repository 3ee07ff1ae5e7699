from __future__ import annotations

import pytest

from crawler.outcome import CrawlOutcome, Reason, Tally

URL = "http://www.a.gov.cn/"


def outcome(tally: Tally) -> tuple[str, str]:
    ended = tally.conclude(requests=3)
    return ended.state, ended.reason


def test_reports_without_failures_are_a_completed_crawl() -> None:
    tally = Tally(listings=1, entries=2, articles=2, new_captures=1)
    assert outcome(tally) == ("succeeded", "completed")
    assert tally.conclude(7).message == "completed: 2 of 2 reports fetched"
    assert tally.conclude(7).requests == 7


def test_reports_and_failures_are_a_partial_crawl() -> None:
    tally = Tally(listings=1, entries=2, articles=1)
    tally.fail(URL, Reason.SOFT_404, "gone")
    assert outcome(tally) == ("succeeded", "partial")


def test_nothing_found_succeeds_only_where_a_listing_was_read_without_failure() -> None:
    assert outcome(Tally(listings=1)) == ("succeeded", "no_entries")
    assert outcome(Tally()) == ("failed", "no_column")
    tally = Tally(listings=1)
    tally.fail(URL, Reason.LISTING_STUB, "empty")
    assert outcome(tally) == ("failed", "listing_stub")


@pytest.mark.parametrize(
    "reason", [Reason.DNS, Reason.TIMEOUT, Reason.TLS, Reason.RESET, Reason.CONNECTION_REFUSED]
)
def test_a_host_that_cannot_be_talked_to_is_unreachable(reason: Reason) -> None:
    tally = Tally()
    tally.fail(URL, reason, "no answer")
    assert outcome(tally) == ("failed", "unreachable")


def test_what_ended_the_crawl_names_it_also_when_reports_were_found() -> None:
    tally = Tally(listings=1, entries=1, articles=1)
    tally.stop(URL, Reason.CHALLENGE, "ruishu")
    tally.stop(URL, Reason.INTERRUPTED, "closed")
    assert outcome(tally) == ("failed", "challenge")
    assert tally.conclude(1).message == f"challenge: ruishu ({URL})"


def test_a_detail_is_one_line_of_bearable_length() -> None:
    tally = Tally()
    tally.fail(URL, Reason.TLS, "a\nb" + "c" * 1000)
    detail = tally.failures[0].detail
    assert "\n" not in detail
    assert len(detail) == 500


def test_a_failed_outcome_without_failures_has_a_message_all_the_same() -> None:
    assert CrawlOutcome("failed", "no_column").message == "no_column: 0 of 0 reports fetched"
