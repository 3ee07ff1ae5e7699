"""Recomputes reports from their captures, offline, and says whether what is stored is the same.

Three things can be proved: that the bytes are those whose digest was noted when they came, that
the present program reads from them what is stored, and that a report shows what its current
version says. What is not the same is named, with the likeliest cause; nothing is changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

import structlog

from ingest.captured import Extract, read_capture, reading_of
from ingest.differences import Differences, Example, Tally
from ingest.extract import Rules
from ingest.extract import extract as extract_record
from ingest.records import Verdict
from ingest.store.again import stored_readings
from ingest.store.connection import Connection
from ingest.store.proof import (
    Proof,
    ShownOtherwise,
    known_reports,
    proofs_of,
    reports_after,
    shown_otherwise,
)
from ingest.store.versions import contents

log = structlog.get_logger(__name__)
BATCH = 20
"""Reports that are held in memory at once."""


class Finding(StrEnum):
    """What became of one proof."""

    SAME = "same"
    BYTES_MISSING = "bytes_missing"
    BYTES_ALTERED = "bytes_altered"
    RECORD_ALTERED = "record_altered"
    READ_OTHERWISE = "read_otherwise"
    SHOWN_OTHERWISE = "shown_otherwise"
    BREAKS_THE_CHAIN = "breaks_the_chain"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field, an indicator or the facts of a record: what is stored, and what was recomputed."""

    name: str
    stored: object
    recomputed: object


@dataclass(frozen=True, slots=True)
class Verified:
    """The result for one capture and the version made of it."""

    report_id: int
    version_number: int
    capture_id: int
    sha256: str
    finding: Finding
    because: str
    differences: tuple[Difference, ...] = ()


def verify(
    connection: Connection,
    rules: Rules,
    reports: Sequence[int],
    *,
    extract: Extract = extract_record,
) -> Iterator[Verified]:
    """All proofs of some reports, in the order of their numbers."""
    for start in range(0, len(reports), BATCH):
        part = reports[start : start + BATCH]
        for proof in proofs_of(connection, part):
            yield _proved(connection, proof, rules, extract)
        columns = shown_otherwise(connection, part)
        for _, of_report in groupby(columns, key=attrgetter("report_id")):
            yield _shown(list(of_report))


def every_report(connection: Connection) -> Iterator[list[int]]:
    """The numbers of all reports, some at a time."""
    after = 0
    while found := reports_after(connection, after, BATCH):
        yield found
        after = found[-1]


def unknown(connection: Connection, reports: Sequence[int]) -> list[int]:
    """Those of some numbers that are no reports."""
    known = known_reports(connection, reports)
    return [number for number in reports if number not in known]


def _proved(connection: Connection, proof: Proof, rules: Rules, extract: Extract) -> Verified:
    def found(finding: Finding, because: str, *differences: Difference) -> Verified:
        numbers = (proof.report_id, proof.version_number, proof.capture_id, proof.sha256)
        return Verified(*numbers, finding, because, differences)

    if proof.pending is None:
        return found(Finding.BYTES_MISSING, "its bytes are not in the database: restore a backup")
    digest = hashlib.sha256(proof.pending.capture.body).hexdigest()
    if digest != proof.sha256:
        because = f"its bytes have the digest {digest} now: restore a backup"
        return found(Finding.BYTES_ALTERED, because)
    try:
        record = read_capture(proof.pending, extract, rules)
    except Exception as error:
        log.exception("capture breaks the chain", capture=proof.capture_id)
        because = f"the present program fails on it ({type(error).__name__}): a fault of ours"
        return found(Finding.BREAKS_THE_CHAIN, because)
    total = Differences()
    stored = stored_readings(connection, [proof.capture_id])[proof.capture_id]
    total.compare(proof.capture_id, stored, reading_of(record))
    differences = _differences(total)
    same_digest = (
        record.verdict is Verdict.REPORT
        and contents(record).extraction_sha256 == proof.extraction_sha256
    )
    if differences and same_digest:
        because = f"rows were changed after they were stored: {_named(differences)}"
        return found(Finding.RECORD_ALTERED, because, *differences)
    if differences or not same_digest:
        because = _read_otherwise(proof, rules.version, differences)
        return found(Finding.READ_OTHERWISE, because, *differences)
    return found(Finding.SAME, "bytes, text, fields and figures are the same")


def _shown(columns: Sequence[ShownOtherwise]) -> Verified:
    first = columns[0]
    differences = tuple(Difference(each.column, each.shown, each.said) for each in columns)
    return Verified(
        *(first.report_id, first.version_number, first.capture_id, first.sha256),
        Finding.SHOWN_OTHERWISE,
        f"the report shows another value than its current version: {_named(differences)}",
        differences,
    )


def _read_otherwise(proof: Proof, ruleset: str, differences: Sequence[Difference]) -> str:
    what = _named(differences) or "how it was decided, or its digest"
    if proof.ruleset != ruleset:
        cause = f"it was read by rules {proof.ruleset}, these are {ruleset}"
    else:
        cause = (
            "the rules are the same, so another program stored it or rows and digest were changed"
        )
    return f"{what}: {cause}; 'fazhi reingest --report {proof.report_id} --again' reads it anew"


def _named(differences: Sequence[Difference]) -> str:
    return ", ".join(difference.name for difference in differences)


def _differences(total: Differences) -> tuple[Difference, ...]:
    verdicts = [
        Difference("verdict", *change.split(" -> ", maxsplit=1)) for change in total.verdicts
    ]
    tallies = [*total.fields.items(), *total.indicators.items()]
    if total.facts.examples:
        tallies.append(("facts", total.facts))
    return (*verdicts, *(_difference(name, tally) for name, tally in tallies))


def _difference(name: str, tally: Tally) -> Difference:
    example: Example = tally.examples[0]
    return Difference(name, example.before, example.after)
