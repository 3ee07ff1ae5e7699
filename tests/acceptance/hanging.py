"""The ingester of the service, but reading a page that says so takes for ever: an entry of its own
for the tests of the time limit, for no page is known over which the chain hangs.

    python tests/acceptance/hanging.py ingester
"""

from __future__ import annotations

from ingest import captured
from ingest.extract import Rules
from ingest.records import Record
from ingest.store.captures import PendingCapture
from scheduler.member import main

read_capture = captured.read_capture


def read_or_hang(pending: PendingCapture, extract: captured.Extract, rules: Rules) -> Record:
    """As the real one, but for one word."""
    while b"loops-for-ever" in pending.capture.body:
        pass
    return read_capture(pending, extract, rules)


captured.read_capture = read_or_hang

if __name__ == "__main__":
    main()
