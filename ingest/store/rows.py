"""What the queries give back: one frozen row class for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from ingest.records import Attachment, Contact, Removal, Section


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report with the fields of its current version, as in the table of that name.

    ``published_time`` is China time; ``version`` is the current version's number.
    """

    id: int
    kind: str
    title: str | None
    report_year: int | None
    issuer: str | None
    adcode: str | None
    region_name: str | None
    region_path: list[str] | None
    region_level: str | None
    region_zone: bool | None
    published_at: date | None
    published_time: time | None
    signed_on: date | None
    document_number: str | None
    index_number: str | None
    subject: str | None
    addressee: str | None
    source: str | None
    disclosure: str | None
    site_code: str | None
    icp: str | None
    url: str | None
    portal_id: str | None
    first_seen_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class VersionRow:
    """What a report said at one time, and how it was found out."""

    id: int
    version_number: int
    capture_id: int
    captured_at: datetime
    extracted_at: datetime
    ruleset: str
    verdict_reason: str
    body: str | None
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReportDetail:
    """A report with its versions, newest first, and the parts of the newest; contacts masked."""

    report: ReportRow
    versions: tuple[VersionRow, ...]
    sections: tuple[Section, ...]
    removals: tuple[Removal, ...]
    attachments: tuple[Attachment, ...]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class RunRow:
    """A line of the run ledger; ``failures`` counts what could not be fetched.

    ``worker`` is the process that made it (host:process), with the versions it worked with.
    """

    id: int
    portal_id: str
    cause: str
    asked_by: str | None
    slot: datetime | None
    sweep: bool
    job_id: int | None
    attempt: int
    worker: str | None
    code_version: str | None
    ruleset: str | None
    dictionary: str | None
    state: str
    reason: str | None
    detail: str | None
    families: list[str]
    requests: int
    listings: int
    entries: int
    articles: int
    new_captures: int
    failures: int
    failures_by_name: Mapping[str, int]
    """Addresses that could not be had, by the name of what kept them from us."""
    retries_by_name: Mapping[str, int]
    """Tries that failed and were made again."""
    started_at: datetime
    alive_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class FailureRow:
    """An address that a run could not fetch."""

    url: str
    reason: str
    detail: str | None


@dataclass(frozen=True, slots=True)
class PortalRow:
    """A portal with what it gave, how its last run ended, and how it fares.

    ``disabled`` is the operator's reason before that of the seeds; ``failures_in_a_row`` has the
    reason of each run that failed since the last success, the latest first.
    """

    id: str
    name: str
    level: str
    adcode: str | None
    base_url: str
    family_hint: str | None
    columns: list[str]
    quirks: Mapping[str, str]
    disabled: str | None
    decision: str | None
    decided_on: date | None
    origin: str
    in_registry: bool
    reports: int
    captures: int
    last_run_id: int | None
    last_run_state: str | None
    last_run_reason: str | None
    last_run_at: datetime | None
    last_success_at: datetime | None
    failures_in_a_row: list[str]
    last_failures_by_name: Mapping[str, int]
    """What the last run missed, by the name of what kept it from us."""


@dataclass(frozen=True, slots=True)
class RejectRow:
    """A reject; ``origin`` is the address or the file's name."""

    capture_id: int
    kind: str
    verdict: str
    reason: str
    title: str | None
    ruleset: str
    rejected_at: datetime
    origin: str
    portal_id: str | None
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is of everything. ``divisions`` counts those that have a report."""

    portals: int
    runs: int
    captures: int
    pending: int
    reports: int
    versions: int
    divisions: int
    rejects: int
