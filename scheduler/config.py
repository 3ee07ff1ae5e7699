"""Settings: FAZHI_* environment variables over one TOML file over defaults.

The file is FAZHI_CONFIG, or fazhi.toml in the home directory if there is one. Its keys are the
variables' names without the prefix, in lower case: ``delay = 3``. Every room but this one is
handed values; nobody else reads the file.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.errors import SettingError
from crawler.seeds import SEEDS
from ingest.store.home import find_home
from scheduler.setting_addresses import (
    listening,
    mail_address,
    mail_addresses,
    mail_server,
    secret,
    web_address,
)
from scheduler.setting_values import (
    address,
    choice,
    count,
    database_url,
    hours,
    path,
    seconds,
    text,
)

PREFIX = "FAZHI_"
DEFAULT_SIMULATOR = "127.0.0.1:8017"
DEFAULT_LISTEN = "127.0.0.1:8018"

READERS = {
    "home": path,
    "database_url": database_url,
    "contact": text,
    "delay": seconds,
    "simulator": address,
    "log": choice("auto", "console", "json"),
    "log_level": choice("debug", "info", "warning", "error"),
    "crawl_concurrency": count(1, 256),
    "capture_seconds": seconds,
    "daily_pages": count(1, 1_000_000),
    "discovery_pages": count(1, 1000),
    "sweep_days": count(1, 3650),
    "back_off": hours,
    "listen": listening,
    "token": secret,
    "alert_webhook": web_address,
    "alert_smtp": mail_server,
    "alert_mail_to": mail_addresses,
    "alert_mail_from": mail_address,
    "schedule": path,
    "keep_runs_days": count(0, 36500),
}
"""What may be set, and the function that reads it from text or TOML."""

SECRET = {"database_url", "token", "alert_webhook", "alert_smtp"}
"""Settings whose values are never shown, not even when they are wrong."""

FROM_KUBERNETES = ("FAZHI_SERVICE_", "FAZHI_PORT")
ELSEWHERE = {"FAZHI_CONFIG", "FAZHI_SINK", "FAZHI_MEMORY", "FAZHI_FRONTIER"}
"""Variables with a meaning that are no settings of the service; the last are for bare Scrapy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the service keeps its data and how it behaves. None means: the default of its room."""

    home: Path
    """Data directory: the embedded database and everything else that is kept."""
    database_url: str | None = None
    """libpq URI of a real server; None for the embedded one in ``home``."""
    contact: str | None = None
    """Address in the User-Agent, so that a portal's administrator can reach the operator."""
    delay: float | None = None
    """Seconds between two requests to one host."""
    simulator: str = DEFAULT_SIMULATOR
    """HOST:PORT where the pretend portals (``*.test``) answer."""
    log: str = "auto"
    log_level: str | None = None
    """None: info for the service, warning for commands that show progress."""
    crawl_concurrency: int = 8
    """Portals crawled at a time by one crawler process."""
    capture_seconds: float = 60.0
    """How long one capture may take to be read before its ingester ends; 0 for no limit."""
    discovery_pages: int | None = None
    """Pages that a portal may cost until its columns are found. None: 60."""
    sweep_days: int | None = None
    """Days after which everything is read anew without being asked for. None: 30."""
    daily_pages: int | None = None
    """Requests a day to one portal."""
    back_off: float | None = None
    """Hours for which a domain is left alone after its first challenge."""
    listen: str = DEFAULT_LISTEN
    """HOST:PORT of the health endpoint; port 0 for any free one; ``off`` for none."""
    token: str | None = field(default=None, repr=False)
    """What the HTTP trigger asks for; without one there is no trigger."""
    alert_webhook: str | None = field(default=None, repr=False)
    """Address that alerts are posted to. Its path is a secret with most receivers."""
    alert_smtp: str | None = field(default=None, repr=False)
    """smtp://USER:PASSWORD@HOST:PORT or smtps://..., the server that alerts are mailed by."""
    alert_mail_to: str | None = None
    """Addresses, separated by commas."""
    alert_mail_from: str | None = None
    schedule: Path = SEEDS / "schedule.toml"
    """The calendar's file."""
    keep_runs_days: int = 1095
    """How long runs and slots stay in the ledger; 0 keeps them for ever."""
    file: Path | None = None
    """The file that was read, if there was one."""

    def environment(self) -> dict[str, str]:
        """These settings as FAZHI_* variables, for child processes."""
        values = {key: getattr(self, key) for key in READERS}
        return {PREFIX + key.upper(): str(v) for key, v in values.items() if v is not None}


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment given (default: this process's) and the file it leads to.

    Raises SettingError for a value that cannot be used, naming where it was set.
    """
    environment = os.environ if environment is None else environment
    given = {
        key: _read(PREFIX + key.upper(), key, environment[PREFIX + key.upper()])
        for key in READERS
        if environment.get(PREFIX + key.upper())
    }
    home = given.get("home") or find_home(environ={})
    file = _file(environment, home)
    from_file = _read_file(file) if file else {}
    settings = Settings(**{"home": home, **from_file, **given, "file": file})
    _check_mail(settings)
    return settings


def unknown_variables(environment: Mapping[str, str] | None = None) -> list[str]:
    """FAZHI_* variables that mean nothing here: most likely a slip of the pen."""
    environment = os.environ if environment is None else environment
    known = {PREFIX + key.upper() for key in READERS} | ELSEWHERE
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def refuse_unknown_variables(environment: Mapping[str, str] | None = None) -> None:
    """SettingError for FAZHI_* variables that mean nothing: a long-running service should not be
    found out to have ignored one. What Kubernetes adds for a service named fazhi is let through."""
    unknown = [
        name for name in unknown_variables(environment) if not name.startswith(FROM_KUBERNETES)
    ]
    if unknown:
        allowed = ", ".join(PREFIX + key.upper() for key in READERS)
        raise SettingError(
            f"{unknown[0]}: unknown setting; correct or unset it (allowed: {allowed})"
        )


def _check_mail(settings: Settings) -> None:
    """A server without a receiver, or the reverse, would be a mail that nobody misses."""
    if (settings.alert_smtp is None) != (settings.alert_mail_to is None):
        given, missing = "FAZHI_ALERT_SMTP", "FAZHI_ALERT_MAIL_TO"
        if settings.alert_smtp is None:
            given, missing = missing, given
        raise SettingError(f"{given} is set and {missing} is not: set both to mail alerts, or none")


def _file(environment: Mapping[str, str], home: Path) -> Path | None:
    named = environment.get(PREFIX + "CONFIG")
    if not named:
        usual = home / "fazhi.toml"
        return usual if usual.is_file() else None
    file = Path(named).expanduser()
    if not file.is_file():
        raise SettingError(f"FAZHI_CONFIG={named}: no such file; correct or unset it")
    return file


def _read_file(file: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"{file}: cannot be read as TOML: {error}") from error
    for key in table:
        if key not in READERS:
            raise SettingError(f"{file}: {key}: unknown setting; allowed: {', '.join(READERS)}")
    return {key: _read(f"{file}: {key}", key, value) for key, value in table.items()}


def _read(where: str, key: str, value: object) -> Any:
    try:
        return READERS[key](value)
    except ValueError as error:
        if key in SECRET:  # a mistyped one may show a password anywhere in it
            raise SettingError(f"{where}: {error}") from None
        shown = value if isinstance(value, str) and value.isprintable() else repr(value)
        raise SettingError(f"{where}={shown}: {error}") from error
