"""The account of a crawl: what happened is counted and told to the log in one place."""

from __future__ import annotations

from crawler.capture import Capture
from crawler.events import teller
from crawler.frontier import Note
from crawler.outcome import CrawlOutcome, Reason, Tally


class Account:
    """Tells every event as it happens; ``close`` sums up. Lines carry portal and run_id."""

    def __init__(self, portal_id: str, run_id: int | None):
        self.tally = Tally()
        self.requests = 0
        """Everything sent in this crawl, robots.txt and retries included."""
        self._tell = teller(__name__, portal=portal_id, run_id=run_id)

    @property
    def stopped(self) -> Reason | None:
        """What ended the crawl before its work was done, if anything did."""
        return self.tally.stopped

    def begin(self, columns: int) -> None:
        """The crawl begins, with so many known columns."""
        self._tell.info("crawl begins", columns=columns)

    def entry(self) -> None:
        """A listed entry promises a report."""
        self.tally.entries += 1

    def listing(self, url: str, family: str, entries: int) -> None:
        """A listing page was read."""
        self.tally.listings += 1
        self.tally.families.add(family)
        self._tell.info("listing read", url=url, family=family, entries=entries)

    def article(self) -> None:
        """An article came and goes to the sink."""
        self.tally.articles += 1

    def unchanged(self, url: str) -> None:
        """A page is as it was when it was last fetched."""
        self.tally.unchanged += 1
        self._tell.info("unchanged", url=url)

    def resume(self, note: Note) -> None:
        """Take over what a crawl that broke off had counted."""
        self.tally.listings += note.listing and not note.unchanged
        self.tally.unchanged += note.unchanged
        self.tally.entries += note.entries
        self.tally.articles += note.captured
        for url, reason, detail, aside in note.failures:
            self.tally.fail(url, Reason(reason), detail, aside=aside)

    def capture(self, capture: Capture, new: bool) -> None:
        """The sink has kept a capture."""
        self.tally.new_captures += new
        self._tell.info("captured", url=capture.url, bytes=len(capture.body), new=new)

    def fail(self, url: str, reason: Reason, detail: str, *, aside: bool = False) -> None:
        """Something cannot be had; the crawl goes on."""
        tell = self._tell.info if aside else self._tell.warning
        tell("cannot be had", url=url, reason=reason.value, detail=detail)
        self.tally.fail(url, reason, detail, aside=aside)

    def retry(self, url: str, reason: Reason, detail: str) -> None:
        """A try failed, and another follows."""
        self._tell.info("tried again", url=url, reason=reason.value, detail=detail)
        self.tally.retries[reason.value] += 1

    def stop(self, url: str, reason: Reason, detail: str) -> None:
        """Something decides how the crawl ends, whatever else it brought."""
        self._tell.warning("crawl stops", url=url, reason=reason.value, detail=detail)
        self.tally.stop(url, reason, detail)

    def close(self, *, sweep: bool = False) -> CrawlOutcome:
        """The outcome."""
        outcome = self.tally.conclude(self.requests, sweep=sweep)
        tell = self._tell.info if outcome.state == "succeeded" else self._tell.error
        tell("crawl ends", state=outcome.state, outcome=outcome.message)
        return outcome
