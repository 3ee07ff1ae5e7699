"""The watch on real databases: an alert once, told to real receivers, and ended when it ends."""

from __future__ import annotations

import asyncio
import json
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from receivers import PASSWORD, Box, Hook, mail_server, make_certificate, webhook
from structlog.testing import capture_logs

from crawler.outcome import FetchFailure
from ingest.duties import load_duties
from ingest.store.database import Database
from ingest.store.portals import decide
from ingest.store.runs import begin_run, finish_run
from scheduler.config import load_settings
from scheduler.watch.alerts import Changes, Rulebook, look
from scheduler.watch.channels import configured_channels
from scheduler.watch.delivery import deliver_due
from scheduler.watch.service import Watch
from scheduler.watch.thresholds import load_thresholds
from scheduler.work import Work

pytestmark = pytest.mark.parametrize("server", ["embedded"], indirect=True)
"""What is sent to whom is the same on every server, and each database costs a second."""

PORTAL = "demo-qinghe"
BEGIN = datetime(2026, 1, 10, tzinfo=UTC)
RULES = Rulebook(load_thresholds(), load_duties())


@dataclass
class Ledger:
    """Runs of the portal, a day apart."""

    database: Database
    now: datetime = BEGIN

    def visit(
        self, *, entries: int = 0, failures: tuple[FetchFailure, ...] = (), **how: Any
    ) -> None:
        self.now += timedelta(days=1)
        reason = how.get("reason", "completed" if entries else "no_entries")
        with self.database.connect() as connection:
            run = begin_run(connection, PORTAL, cause="hand", slot=None, job_id=None, now=self.now)
            finish_run(
                connection,
                run,
                state=how.get("state", "succeeded"),
                reason=reason,
                now=self.now,
                entries=entries,
                failures=failures,
                families=how.get("families", ["trs_wcm"]),
            )

    def look(self, *channels: str, since: datetime | None = None) -> Changes:
        changes = look(self.database, RULES, channels, self.now, since)
        assert changes is not None
        return changes

    def fall_silent(self) -> None:
        for entries in (5, 5, 5, 0, 0):
            self.visit(entries=entries)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.database.connect() as connection:
            return connection.execute(statement.encode()).fetchall()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)


def opened(changes: Changes) -> list[str]:
    return [change.rule for change in changes.opened if change.severity == "warning"]


def test_a_source_that_falls_silent_is_noticed_once_and_ended_when_it_lists_again(
    ledger: Ledger,
) -> None:
    ledger.fall_silent()
    assert opened(ledger.look("log")) == ["sudden_zero"]
    assert opened(ledger.look("log")) == []
    ledger.visit()
    assert opened(ledger.look("log")) == []
    ledger.visit(entries=5)
    (ended,) = ledger.look("log").ended
    assert (ended.rule, ended.resolution) == ("sudden_zero", "well again")
    assert len(ledger.rows("select from alert_messages")) == 2
    ((evidence, seen, ended_at),) = ledger.rows(
        "select evidence, last_seen_at, resolved_at from alerts where rule = 'sudden_zero'"
    )
    assert list(evidence["now"].values()) == [0, 0]
    assert seen < ended_at == ledger.now


def test_every_kind_of_silence_is_found_in_what_the_ledger_holds(ledger: Ledger) -> None:
    gone = FetchFailure("http://www.qinghe.gov.test/col/", "column_moved", "404")
    met = FetchFailure("http://www.qinghe.gov.test/", "challenge", "script")
    for _ in range(2):
        ledger.visit(entries=5)
    for _ in range(2):
        ledger.visit(entries=5, reason="partial", failures=(gone, met), families=["hanweb_jcms"])
    changes = ledger.look()
    assert sorted(opened(changes)) == ["challenge", "column_gone", "family_changed"]
    (column,) = [c for c in changes.opened if c.rule == "column_gone"]
    assert column.subject == gone.url
    for _ in range(4):
        ledger.visit(state="failed", reason="timeout", families=[])
    assert opened(ledger.look()) == ["failing"]


def test_a_report_that_is_overdue_is_noted_and_superseded_by_the_next_year(ledger: Ledger) -> None:
    ledger.now = datetime(2026, 6, 1, tzinfo=UTC)
    ledger.visit(entries=5)
    (alert,) = [c for c in ledger.look("log").opened if c.portal == PORTAL]
    assert (alert.rule, alert.severity, alert.subject[-4:]) == ("overdue", "notice", "2025")
    assert ledger.rows("select from alert_messages") == []  # a notice is only listed
    ledger.now = datetime(2027, 6, 1, tzinfo=UTC)
    ledger.visit(entries=5)
    changes = ledger.look()
    assert [c.resolution for c in changes.ended] == ["a later year is looked for now"]
    assert [c.subject[-4:] for c in changes.opened] == ["2026"]


def test_our_own_faults_say_nothing_of_a_source(ledger: Ledger) -> None:
    for _ in range(6):
        ledger.visit(state="failed", reason="storage")
    assert ledger.look().opened == []


def test_only_portals_visited_since_are_looked_at_when_asked_so(ledger: Ledger) -> None:
    ledger.fall_silent()
    assert ledger.look(since=ledger.now + timedelta(hours=1)).opened == []
    assert opened(ledger.look(since=ledger.now - timedelta(hours=1))) == ["sudden_zero"]


def test_a_portal_that_is_not_crawled_any_more_has_no_alerts(ledger: Ledger) -> None:
    ledger.fall_silent()
    ledger.look()
    with ledger.database.connect() as connection:
        decide(connection, PORTAL, "disabled", "moving", date(2026, 2, 1))
    ended = ledger.look().ended
    assert {c.resolution for c in ended} == {"the portal is not crawled any more"}
    assert ledger.rows("select from alerts where resolved_at is null") == []


def test_what_is_muted_is_noticed_and_not_told(ledger: Ledger) -> None:
    with ledger.database.connect() as connection:
        connection.execute(
            "insert into alert_mutes values (%s, 'sudden_zero', 'known', now(), null)", [PORTAL]
        )
    ledger.fall_silent()
    assert opened(ledger.look("log")) == ["sudden_zero"]
    assert ledger.rows("select from alert_messages") == []


def test_two_processes_do_not_look_at_the_same_time(ledger: Ledger) -> None:
    with ledger.database.connect() as other:
        other.execute("select pg_advisory_xact_lock(%s)", [0x7761746368])
        assert look(ledger.database, RULES, ["log"], ledger.now) is None


# -- telling -----------------------------------------------------------------------------------


@pytest.fixture
def hook() -> Iterator[Hook]:
    with webhook() as running:
        yield running


@pytest.fixture
def box() -> Iterator[Box]:
    with mail_server() as running:
        yield running


def deliver(ledger: Ledger, at: datetime | None = None, **settings: str) -> int:
    channels = configured_channels(load_settings(settings))
    return asyncio.run(deliver_due(ledger.database, channels, at or ledger.now))


def mail_settings(port: int, scheme: str = "smtp", user: str = "") -> dict[str, str]:
    return {
        "FAZHI_ALERT_SMTP": f"{scheme}://{user}127.0.0.1:{port}",
        "FAZHI_ALERT_MAIL_TO": "a@example.org, b@example.org",
        "FAZHI_ALERT_MAIL_FROM": "fazhi@example.org",
    }


def test_log_webhook_and_mail_are_told_with_the_evidence_once(
    ledger: Ledger, hook: Hook, box: Box
) -> None:
    ledger.fall_silent()
    ledger.look("log", "webhook", "mail")
    settings = {"FAZHI_ALERT_WEBHOOK": hook.url, **mail_settings(box.port)}
    with capture_logs() as lines:
        assert deliver(ledger, **settings) == 3
        assert deliver(ledger, **settings) == 0
    (line,) = [line for line in lines if line["event"] == "source fell silent"]
    assert (line["portal"], line["rule"]) == (PORTAL, "sudden_zero")
    ((headers, body),) = hook.got
    told = json.loads(body)
    assert headers["Idempotency-Key"] == f"fazhi-alert-message-{told['message']}"
    assert told["opened"][0]["evidence"]["usual_entries"] == 5
    assert "清河" in told["text"]
    ((_, mail),) = box.got
    assert mail["Subject"] == "fazhi: 1 source fell silent"
    assert mail["To"] == "a@example.org, b@example.org"
    assert "清河" in mail.get_content()
    assert "usual_entries" in mail.get_content()


def test_a_receiver_that_is_away_is_tried_again_ever_more_rarely_until_it_takes_it(
    ledger: Ledger, hook: Hook
) -> None:
    ledger.fall_silent()
    ledger.look("webhook")
    hook.status = 500
    settings = {"FAZHI_ALERT_WEBHOOK": hook.url}
    times = []
    for _ in range(12):
        assert deliver(ledger, **settings) == 0
        ((due, error),) = ledger.rows("select next_attempt_at, last_error from alert_messages")
        times.append((due - ledger.now).total_seconds() / 60)
        ledger.now = due
    assert times == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    assert error == "attempt 12: answered 500"
    hook.status = 200
    assert deliver(ledger, **settings) == 1
    assert ledger.rows("select last_error from alert_messages") == [(None,)]


def test_a_message_of_a_process_that_was_killed_while_sending_is_sent_by_another(
    ledger: Ledger, hook: Hook
) -> None:
    ledger.fall_silent()
    ledger.look("webhook")
    hook.status = 500
    deliver(ledger, FAZHI_ALERT_WEBHOOK=hook.url)  # as if killed: claimed, not delivered
    hook.status = 200
    assert deliver(ledger, FAZHI_ALERT_WEBHOOK=hook.url) == 0
    later = ledger.now + timedelta(minutes=1)
    assert deliver(ledger, later, FAZHI_ALERT_WEBHOOK=hook.url) == 1


@pytest.mark.parametrize("status", [301, 403, 503])
def test_a_refusal_is_not_taken_for_a_delivery_and_no_secret_is_told(
    ledger: Ledger, hook: Hook, status: int
) -> None:
    ledger.fall_silent()
    ledger.look("webhook")
    hook.status = status
    with capture_logs() as lines:
        assert deliver(ledger, FAZHI_ALERT_WEBHOOK=hook.url) == 0
    assert [line["why"] for line in lines] == [f"answered {status}"]
    assert "hunter2" not in str(lines)


def test_nobody_at_the_other_end_is_one_line_without_a_secret(ledger: Ledger) -> None:
    ledger.fall_silent()
    ledger.look("webhook", "mail")
    settings = {
        "FAZHI_ALERT_WEBHOOK": "http://127.0.0.1:9/hunter2",
        **mail_settings(9, user="u:hunter2@"),
    }
    with capture_logs() as lines:
        assert deliver(ledger, **settings) == 0
    assert len(lines) == 2
    assert all("Connect" in line["why"] for line in lines)
    assert "hunter2" not in str(lines) + str(ledger.rows("select last_error from alert_messages"))


def test_a_mail_server_that_refuses_is_tried_again(ledger: Ledger, box: Box) -> None:
    ledger.fall_silent()
    ledger.look("mail")
    box.refuse = "451 later"
    with capture_logs() as lines:
        assert deliver(ledger, **mail_settings(box.port)) == 0
    assert [line["why"] for line in lines] == ["the mail server answered 451"]
    box.refuse = None
    assert deliver(ledger, ledger.now + timedelta(hours=1), **mail_settings(box.port)) == 1


def test_mail_goes_over_tls_with_a_password_and_not_to_a_stranger(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    ledger.fall_silent()
    ledger.look("mail")
    user = f"me%40example.org:{PASSWORD}@"
    with mail_server(certificate) as box:
        settings = mail_settings(box.port, "smtps", user)
        with capture_logs() as lines:
            assert deliver(ledger, **settings) == 0
        assert "SSLCertVerificationError" in lines[0]["why"]
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        wrong = mail_settings(box.port, "smtps", "me:hunter3@")
        with capture_logs() as lines:
            assert deliver(ledger, ledger.now + timedelta(hours=1), **wrong) == 0
        assert lines[0]["why"] == "the mail server answered 535"
        assert deliver(ledger, ledger.now + timedelta(hours=2), **settings) == 1
        ((who, _),) = box.got
    assert who == "me@example.org"


def to_the_box(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any mail server is this one, reached by a name that is not this machine's."""

    def connect(mail: smtplib.SMTP, _host: str, _port: int) -> Any:
        return original(mail, "127.0.0.1", box.port)

    original = smtplib.SMTP.connect
    monkeypatch.setattr(smtplib.SMTP, "connect", connect)


def over_a_network() -> dict[str, str]:
    settings = mail_settings(25)
    settings["FAZHI_ALERT_SMTP"] = f"smtp://me%40example.org:{PASSWORD}@mail.example.org"
    return settings


def test_a_password_is_not_sent_in_clear_over_a_network(
    ledger: Ledger, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_the_box(box, monkeypatch)
    ledger.fall_silent()
    ledger.look("mail")
    with capture_logs() as lines:
        assert deliver(ledger, **over_a_network()) == 0
    assert lines[0]["why"].startswith("the mail server offers no STARTTLS")
    assert box.got == []


def test_mail_over_a_network_is_upgraded_to_tls_before_the_password_is_sent(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    ledger.fall_silent()
    ledger.look("mail")
    with mail_server(certificate, upgrade=True) as box:
        to_the_box(box, monkeypatch)
        with capture_logs() as lines:
            assert deliver(ledger, **over_a_network()) == 0
        assert "SSLCertVerificationError" in lines[0]["why"]
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert deliver(ledger, ledger.now + timedelta(hours=1), **over_a_network()) == 1
        ((who, _),) = box.got
    assert who == "me@example.org"


def test_the_watch_looks_tells_and_looks_again_only_at_what_was_visited(
    ledger: Ledger, hook: Hook, tmp_path: Path
) -> None:
    ledger.fall_silent()
    settings = load_settings({"FAZHI_HOME": str(tmp_path), "FAZHI_ALERT_WEBHOOK": hook.url})
    watch = Watch(Work(settings, ledger.database), clock=lambda: ledger.now)

    async def turns() -> None:
        await watch.turn()
        assert len(hook.got) == 1
        await watch.turn()
        ledger.now += timedelta(hours=1)
        await watch.turn()

    asyncio.run(turns())
    assert len(hook.got) == 1
