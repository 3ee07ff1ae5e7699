"""How a message reaches people: a log line, a webhook, a mail. Each takes it or says in one line
why not (DeliveryError), without a secret of its address."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import structlog

from scheduler.config import Settings
from scheduler.watch.messages import Message

TIMEOUT = 20.0
"""Seconds for the whole delivery by webhook, and for each answer of a mail server."""
PORTS = {"smtp": 25, "smtps": 465}

log = structlog.get_logger(__name__)


class DeliveryError(Exception):
    """A receiver did not take a message; the text says why, in one line and without secrets."""


class Channel(Protocol):
    """A way to people."""

    async def send(self, message: Message) -> None:
        """Deliver it, or raise DeliveryError."""


def configured_channels(settings: Settings) -> dict[str, Channel]:
    """The channels that are set up, by name; the log always is."""
    channels: dict[str, Channel] = {"log": LogChannel()}
    if settings.alert_webhook:
        channels["webhook"] = WebhookChannel(settings.alert_webhook)
    if settings.alert_smtp and settings.alert_mail_to:
        sender = settings.alert_mail_from or f"fazhi@{socket.getfqdn()}"
        channels["mail"] = MailChannel(settings.alert_smtp, settings.alert_mail_to, sender)
    return channels


class LogChannel:
    """One line an alert, in the service's own log."""

    async def send(self, message: Message) -> None:
        """Never fails."""
        for change in message.opened:
            log.warning(
                "source fell silent",
                alert=change.alert,
                portal=change.portal,
                rule=change.rule,
                detail=change.summary,
                evidence=change.evidence,
            )
        for change in message.ended:
            log.info(
                "alert ended", alert=change.alert, portal=change.portal, detail=change.resolution
            )
        if message.more:
            log.warning("more alerts than fit", more=message.more)


class WebhookChannel:
    """POST of a JSON object; ``text`` is what chat programs show. A 2xx answer takes it."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def send(self, message: Message) -> None:
        """``Idempotency-Key`` is the same when a message comes again."""
        import aiohttp  # a service without a webhook need not load it

        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": f"fazhi-alert-message-{message.number}",
            "User-Agent": "fazhi",
        }
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT)) as session,
                session.post(
                    self._url,
                    data=message.as_json().encode(),
                    headers=headers,
                    allow_redirects=False,
                ) as answer,
            ):
                status = answer.status
        except TimeoutError:
            raise DeliveryError(f"no answer within {TIMEOUT:g} s") from None
        except (aiohttp.ClientError, OSError) as error:
            # The error's own text may hold the address.
            raise DeliveryError(_kind(error)) from None
        if not 200 <= status < 300:
            raise DeliveryError(f"answered {status}")


class MailChannel:
    """A plain-text mail by SMTP. A password is only sent over TLS, or to this very machine."""

    def __init__(self, server: str, to: str, sender: str) -> None:
        self._server = urlsplit(server)
        self._to = to
        self._sender = sender

    async def send(self, message: Message) -> None:
        """``Message-ID`` holds the message's number."""
        await asyncio.to_thread(self._send, self._mail(message))

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = message.headline
        mail["From"] = self._sender
        mail["To"] = self._to
        mail["Date"] = format_datetime(message.created_at)
        domain = self._sender.rpartition("@")[2]
        mail["Message-ID"] = make_msgid(f"alert-message-{message.number}", domain)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail

    def _send(self, mail: EmailMessage) -> None:
        try:
            with _connected(self._server) as server:
                refused = server.send_message(mail)
        except smtplib.SMTPResponseException as error:
            raise DeliveryError(f"the mail server answered {error.smtp_code}") from None
        except smtplib.SMTPException as error:
            raise DeliveryError(_kind(error)) from None
        except OSError as error:
            raise DeliveryError(_kind(error)) from None
        if refused:
            log.warning("mail server refused receivers", receivers=sorted(refused))


def _connected(server: SplitResult) -> smtplib.SMTP:
    host, port = str(server.hostname), server.port or PORTS[server.scheme]
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    else:
        smtp = smtplib.SMTP(host, port, timeout=TIMEOUT)
    try:
        _log_in(smtp, server, context)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP, server: SplitResult, context: ssl.SSLContext) -> None:
    near = _this_machine(str(server.hostname))
    smtp.ehlo()
    safe = server.scheme == "smtps" or near
    if not safe and smtp.has_extn("starttls"):
        smtp.starttls(context=context)
        smtp.ehlo()
        safe = True
    if server.username is not None:
        if not safe:
            raise DeliveryError("the mail server offers no STARTTLS: no password is sent in clear")
        smtp.login(unquote(server.username), unquote(server.password or ""))


def _this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _kind(error: BaseException) -> str:
    inner = getattr(error, "os_error", None) or error
    words = inner.strerror if isinstance(inner, OSError) and inner.strerror else ""
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
